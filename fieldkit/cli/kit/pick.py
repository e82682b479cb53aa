"""Which of several records a person means by what was typed on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from storage.errors import FieldkitError

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.evidence.points import PointLine

from fieldkit.cli.kit.context import Context

SHORTEST = 4
"""Characters of an id from which it may stand for the whole."""
FEW = 5
"""Choices named back to a person."""


class NotMeantError(FieldkitError):
    """What was typed names none of the records, or more than one."""


def pick(
    wanted: str,
    known: Iterable[tuple[str, str]],
    noun: str,
    plural: str = "",
    where: str = "in this inspection",
) -> str:
    """The id of the record meant, out of ids and what a person calls them.

    By id, by its beginning, by the whole label, or by a part of the label that is in no other.
    Raises :class:`NotMeantError`.
    """
    text = wanted.strip().casefold()
    several = list(known)
    ways = (
        [one for one, _ in several if one == text],
        [one for one, _ in several if len(text) >= SHORTEST and one.startswith(text)],
        [one for one, label in several if text and label.casefold() == text],
        [one for one, label in several if text and text in label.casefold()],
    )
    found = next((way for way in ways if way), [])
    if len(found) == 1:
        return found[0]
    called = dict(several)
    if found:
        raise NotMeantError(
            f"«{wanted}» could be {len(found)} of the {plural or noun + 's'}: "
            f"{_few([f'{one[:8]} ({called[one]})' for one in found])}. Nothing was changed; name "
            "one by the beginning of its id."
        )
    raise NotMeantError(
        f"There is no {noun} «{wanted}» {where}. Nothing was changed; look at the list for its id."
    )


def pick_point(session: Session, inspection_id: str, wanted: str) -> PointLine:
    """The point meant: by its number, its id or a part of its wording; raises `NotMeantError`."""
    from fieldkit.evidence.points import point_lines

    lines = point_lines(session, inspection_id)
    if wanted.strip().isdigit():
        for one in lines:
            if one.number == int(wanted):
                return one
    found = pick(wanted, [(one.id, one.wording) for one in lines], "point")
    return next(one for one in lines if one.id == found)


def _few(names: Sequence[str]) -> str:
    return "; ".join(names[:FEW]) + (" …" if len(names) > FEW else "")


def meant(s: Session, context: Context, wanted: str) -> tuple[str, str]:
    """The kind and id of the record meant, deleted ones among them; raises a refusal."""
    from fieldkit.casework.cases import find_case
    from fieldkit.methodology import load
    from fieldkit.service import NotThereError, RefusedError
    from storage.records.judgment import judgment_id
    from storage.records.lookup import beginning_with

    named = beginning_with(s, wanted)
    if len(named) > 1:
        several = ", ".join(f"{one[:8]} ({kind})" for kind, one in named)
        raise RefusedError(f"«{wanted}» is the beginning of several records: {several}.")
    if named:
        return named[0]
    inspection = context.inspection(s)
    case, slash, criterion = wanted.partition("/")
    found = find_case(s, inspection.id, case)
    if not slash:
        return found.KIND, found.id
    area = load(inspection.methodology).criterion(criterion)
    if area is None:
        raise NotThereError(
            f"«{criterion}» is no criterion of this inspection. Nothing was changed."
        )
    return "judgment", judgment_id(found.id, area.key)
