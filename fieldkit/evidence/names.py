"""The inspection's list of names: whom no text may name that leaves.

It lies in the key feed: the team's laptops have it, central gets it only with the key.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from fieldkit.service import NotThereError, RefusedError, existing, filled, person
from fieldkit.wording.identifiers.spelling import fold
from storage.records import Inspection, KnownName
from storage.records.lookup import records_in

LONGEST = 100
"""Characters that a name may have: longer lines of a file are sentences."""
_SIGN = "="
"""Between a name and what stands in its place, in a line."""


def add_names(
    s: Session, inspection_id: str, lines: Iterable[str], label: str = ""
) -> list[KnownName]:
    """Put names on the list; those that stand there already stay as they are.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        lines: a name each, with “= child 1” behind it where that is to stand in its place. Empty
            lines, and those that begin with #, are passed over.
        label: what stands in the place of names whose line does not say it.

    Returns:
        The names that are new.

    Raises:
        RefusedError: a line is no name; none of them is then added.
    """
    existing(s, Inspection, inspection_id)
    known = {fold(one.name) for one in listed_names(s, inspection_id)}
    added: list[KnownName] = []
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, _, instead = line.partition(_SIGN)
        name = " ".join(filled(name, "The name").split())
        if len(name) > LONGEST or any(one.isdigit() for one in name) or len(fold(name)) < 2:
            raise RefusedError(
                f"“{name[:LONGEST]}” is no name. No name was added; write one in each line, "
                "without numbers."
            )
        if fold(name) in known:
            continue
        known.add(fold(name))
        record = KnownName.make(
            inspection_id=inspection_id, name=name, label=instead.strip() or label, by=person(s)
        )
        s.add(record)
        added.append(record)
    s.flush()
    return added


def remove_name(s: Session, inspection_id: str, wanted: str) -> KnownName:
    """Take a name off the list, whoever put it there; it stays in the history.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        wanted: the name, or the beginning of its id.

    Raises:
        NotThereError: no such name is on the list.
    """
    same = [
        one
        for one in listed_names(s, inspection_id)
        if fold(one.name) == fold(wanted) or (len(wanted) > 3 and one.id.startswith(wanted))
    ]
    if not same:
        raise NotThereError(
            f"“{wanted}” is not on the list of names. Nothing was changed; “fieldkit names list” "
            "shows it."
        )
    for record in same:
        s.delete(record)
    s.flush()
    return same[0]


def listed_names(s: Session, inspection_id: str) -> list[KnownName]:
    """Return the names on the list of an inspection, in the order of the alphabet."""
    return records_in(s, KnownName, inspection_id)
