"""Pages for home and the list of inspections."""
