"""How much central keeps of what it cannot use: nobody may fill its disk by sending."""

from __future__ import annotations

MOST_HELD = 1_000_000
"""Ops that wait behind gaps, of all laptops together."""
QUARANTINE_BYTES = 2 * 1024**3
"""Bytes of refused files kept; twice the largest bundle would be half a gigabyte."""
MOST_REFUSALS = 10_000
"""Refusals remembered; the oldest go first."""
