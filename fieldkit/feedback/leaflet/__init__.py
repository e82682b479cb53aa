"""A page for those who are inspected: aims and methods, told beforehand."""
