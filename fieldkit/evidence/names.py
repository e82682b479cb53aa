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
        name = _checked(name)
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


def edit_name(
    s: Session, known_name_id: str, name: str | None = None, label: str | None = None
) -> KnownName:
    """Correct a name of the list, or what stands in its place; None leaves either as it is.

    Raises:
        RefusedError: it is no name, or stands on the list already.
    """
    record = existing(s, KnownName, known_name_id)
    values = {} if label is None else {"label": label.strip()}
    if name is not None:
        values["name"] = _checked(name)
        others = listed_names(s, record.inspection_id)
        if any(fold(one.name) == fold(values["name"]) and one.id != record.id for one in others):
            raise RefusedError(
                f"“{values['name']}” is on the list already. Nothing was changed; take this one "
                "away."
            )
    record.change(**values)
    s.flush()
    return record


def find_name(s: Session, inspection_id: str, wanted: str) -> KnownName:
    """Return a name of the list by the name or the beginning of its id.

    Raises:
        NotThereError: no such name is on the list.
    """
    same = _same(s, inspection_id, wanted)
    if not same:
        raise NotThereError(
            f"“{wanted}” is not on the list of names. Nothing was changed; “fieldkit names list” "
            "shows it."
        )
    return same[0]


def remove_name(s: Session, inspection_id: str, wanted: str) -> KnownName:
    """Take a name off the list, whoever put it there; it stays in the history.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        wanted: the name, or the beginning of its id.

    Raises:
        NotThereError: no such name is on the list.
    """
    first = find_name(s, inspection_id, wanted)
    for record in _same(s, inspection_id, wanted):
        s.delete(record)
    s.flush()
    return first


def listed_names(s: Session, inspection_id: str) -> list[KnownName]:
    """Return the names on the list of an inspection, in the order of the alphabet."""
    return records_in(s, KnownName, inspection_id)


def _same(s: Session, inspection_id: str, wanted: str) -> list[KnownName]:
    return [
        one
        for one in listed_names(s, inspection_id)
        if fold(one.name) == fold(wanted) or (len(wanted) > 3 and one.id.startswith(wanted))
    ]


def _checked(written: str) -> str:
    name = " ".join(filled(written, "The name").split())
    if len(name) > LONGEST or any(one.isdigit() for one in name) or len(fold(name)) < 2:
        raise RefusedError(
            f"“{name[:LONGEST]}” is not a name. Nothing was changed; write one in each line, "
            "without numbers."
        )
    return name
