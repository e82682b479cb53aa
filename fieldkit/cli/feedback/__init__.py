"""Commands for debriefs and the hand-over."""
