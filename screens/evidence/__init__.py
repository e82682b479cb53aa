"""Pages for fieldwork, notes, points and what a point rests on."""
