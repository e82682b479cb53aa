"""Commands for export, exchange and enrolment."""
