"""Shows a case audit: its lines and sections, its scale, its timeline, and what rests on it."""
