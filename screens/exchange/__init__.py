"""Pages for export and exchange."""
