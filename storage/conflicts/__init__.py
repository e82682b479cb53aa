"""Conflicts are found, answered, resolved and reopened here."""
