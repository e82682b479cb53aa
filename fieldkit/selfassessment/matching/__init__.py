"""Matching the force's rows with our cases: comparable references, an exact group, a queue."""
