"""What the force hears and gets: debriefs and the hand-over."""
