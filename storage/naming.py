"""Which record a person means by the beginning of its id."""

from __future__ import annotations

from sqlmodel import Session

from storage.driver import driver

SHORTEST = 4
"""Characters of an id from which it may stand for the whole."""
LIMIT = 10
"""Most records named back to a person who was not clear enough."""


def beginning_with(session: Session, beginning: str) -> list[tuple[str, str]]:
    """The kind and id of the records whose id begins so, deleted ones among them."""
    wanted = beginning.strip().lower()
    if len(wanted) < SHORTEST or not wanted.replace("-", "").isalnum():
        return []
    rows = driver(session.connection()).execute(
        "SELECT DISTINCT record_kind, record FROM op WHERE record >= ? AND record < ? "
        "ORDER BY record LIMIT ?",
        (wanted, wanted + "~", LIMIT),
    )
    return [(kind, record) for kind, record in rows]
