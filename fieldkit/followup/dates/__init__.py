"""Dates of the follow-up: limits and what is late, the calendar, dates by hand, working days."""
