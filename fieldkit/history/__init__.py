"""Lets a person read histories, undo, decide, redact, erase and search."""
