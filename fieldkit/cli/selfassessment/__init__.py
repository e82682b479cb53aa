"""Commands for the force's self-assessment."""
