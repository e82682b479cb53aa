"""The report of an inspection: an executive summary and nine chapters, written from its records."""
