"""Pages for the force's self-assessment."""
