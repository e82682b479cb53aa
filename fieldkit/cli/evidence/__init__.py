"""Commands for fieldwork, notes and points."""
