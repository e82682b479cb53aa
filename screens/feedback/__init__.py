"""Pages for the debrief and the hand-over."""
