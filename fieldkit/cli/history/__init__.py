"""Commands for history, search, conflicts, redaction and erasure."""
