"""Fieldwork beside case files: interviews, observations, documents, notes, and points on them."""
