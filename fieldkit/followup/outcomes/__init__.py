"""The programme's outcomes: what bears on each, then and now, and the pulse."""
