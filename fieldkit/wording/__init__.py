"""How values, labels, numbers and times are written for a person."""
