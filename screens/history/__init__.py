"""Pages for history, search, drafts, conflicts, redaction and erasure."""
