"""What a person reads of history, and how they undo, decide, redact, erase and search."""
