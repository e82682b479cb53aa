"""Inspections: made, joined, shown on the home page, with their reminders."""
