"""What of an import belongs to the key feed: an entry a line, kept with the import's own key.

References and free text of the force go to central only with the key, and so do the headings of
its columns and what a person said of single cells, which may name anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlmodel import Session

from storage.records import ForceRowKey, SelfAssessment
from storage.records.self_assessment import force_row_key_id

HEADING, CHANGE = "heading", "change"
"""Entries of columns and of what changed; those of problems and words begin with their place."""


def key_entry(*parts: str | int) -> str:
    """Return one entry as it is kept."""
    return json.dumps(parts, ensure_ascii=False)


def key_entries(s: Session, self_assessment: SelfAssessment) -> Iterator[list[object]]:
    """Yield the entries of an import; none where its key did not come here."""
    key = s.get(ForceRowKey, force_row_key_id(self_assessment.id))
    for text in key.cells if key else ():
        parts = _parsed(text)
        if isinstance(parts, list):
            yield parts


def headings_of(s: Session, self_assessment: SelfAssessment) -> dict[str, str]:
    """Return column letter to heading, as far as they are known here."""
    headings = {
        column: str(parts.get("heading", ""))
        for column, parts in self_assessment.columns.items()
        if isinstance(parts, dict)
    }
    for parts in key_entries(s, self_assessment):
        match parts:
            case ["heading", str(column), str(heading)]:
                headings[column] = heading
    return headings


def _parsed(text: str) -> object:
    # A colleague's laptop may send anything here; what is no entry is passed over.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
