"""Tells of cases at a glance: their order in a list, one in short, and its timeline."""
