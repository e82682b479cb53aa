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
    """One entry as it is kept."""
    return json.dumps(parts, ensure_ascii=False)


def key_entries(s: Session, self_assessment: SelfAssessment) -> Iterator[list[object]]:
    """The entries of an import; none where its key did not come here."""
    key = s.get(ForceRowKey, force_row_key_id(self_assessment.id))
    for one in key.cells if key else ():
        found = _parsed(one)
        if isinstance(found, list):
            yield found


def headings_of(s: Session, self_assessment: SelfAssessment) -> dict[str, str]:
    """Column letter to heading, as far as they are known here."""
    found = {
        column: str(one.get("heading", ""))
        for column, one in self_assessment.columns.items()
        if isinstance(one, dict)
    }
    for one in key_entries(s, self_assessment):
        match one:
            case ["heading", str(column), str(heading)]:
                found[column] = heading
    return found


def _parsed(text: str) -> object:
    # A colleague's laptop may send anything here; what is no entry is passed over.
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
