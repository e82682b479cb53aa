"""Proposals for a roster, their checks, and the keys that sign it."""
