"""A text that a person typed and that is about to leave, with the record it stands in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeavingText:
    """Holds a text that leaves: in which field of which record it stands, and its words."""

    kind: str
    record_id: str
    field: str
    text: str
