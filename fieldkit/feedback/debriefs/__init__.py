"""Debriefs: what the force was told, in words agreed and frozen, and what it answered and did."""
