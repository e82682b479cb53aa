"""Separated text: how it is decoded, cut into records and fitted under its headings."""
