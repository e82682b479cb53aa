"""How a comparison is written: text, CSV, JSON."""
