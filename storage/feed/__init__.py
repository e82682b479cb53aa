"""How ops are written to a feed, read from it, and made into tables."""
