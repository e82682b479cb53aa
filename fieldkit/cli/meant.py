"""Which record is meant by what was typed: a case, its criterion, or the beginning of an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.context import Context


def meant(s: Session, context: Context, wanted: str) -> tuple[str, str]:
    """The kind and id of the record meant, deleted ones among them; raises a refusal."""
    from fieldkit import casework
    from fieldkit.methodology import load
    from fieldkit.writing import NotThereError, RefusedError
    from storage.naming import beginning_with
    from storage.records.judgment import judgment_id

    named = beginning_with(s, wanted)
    if len(named) > 1:
        several = ", ".join(f"{one[:8]} ({kind})" for kind, one in named)
        raise RefusedError(f"«{wanted}» is the beginning of several records: {several}.")
    if named:
        return named[0]
    inspection = context.inspection(s)
    case, slash, criterion = wanted.partition("/")
    found = casework.find_case(s, inspection.id, case)
    if not slash:
        return found.KIND, found.id
    area = load(inspection.methodology).criterion(criterion)
    if area is None:
        raise NotThereError(
            f"«{criterion}» is no criterion of this inspection. Nothing was changed."
        )
    return "judgment", judgment_id(found.id, area.key)
