"""Backups: encrypted copies of a vault, verified before they count, and how one is restored."""
