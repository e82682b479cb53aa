"""Settling what stops at a door: it is taken out of its record, or let pass with a reason."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence import identifiers
from fieldkit.feedback.guard.stops import Stop, written_by
from fieldkit.service import RefusedError, existing, filled, inspection_of, now, person
from storage.records import LetPass, Record
from storage.records.registry import KINDS

HISTORY = (
    "What stood there is still in the history and in earlier bundles and backups; “fieldkit "
    "redact” takes it out of the history."
)
"""Said whenever something was taken out."""


def take_out(s: Session, stop: Stop, instead: str | None = None) -> Record:
    """Write the record anew in which an identifier stands, with other words in its place.

    Args:
        s: a writing session.
        stop: what stopped.
        instead: what is written there; what was offered where it is None.

    Raises:
        RefusedError: the text was changed meanwhile, or is not ours to change.
    """
    record = _record(s, stop)
    words = stop.instead if instead is None else filled(instead, "What is to stand there")
    identifiers.take_out(s, record, stop.field, [(stop.identifier, words)])
    return record


def let_pass(s: Session, stop: Stop, reason: str) -> LetPass:
    """Let an identifier stand in its record as it is now; a later edit is asked about again.

    Raises:
        RefusedError: there is no reason, the text was changed meanwhile, or it is in no record.
    """
    why = filled(reason, "The reason")
    record = _record(s, stop)
    wrote = written_by(s, stop.kind, stop.record_id, stop.field, stop.text)
    if not wrote or wrote != stop.text_op:
        raise RefusedError("The text was changed meanwhile. Nothing was done; look at it again.")
    passed = LetPass.make(
        inspection_id=inspection_of(record),
        of_kind=stop.kind,
        of_id=stop.record_id,
        field=stop.field,
        text_op=stop.text_op,
        place=stop.identifier.start,
        length=len(stop.identifier.text),
        looks_like=stop.identifier.kind,
        reason=why,
        at=now(),
        by=person(s),
    )
    s.add(passed)
    s.flush()
    return passed


def ask_again(s: Session, let_pass_id: str) -> None:
    """Take back that something was let pass, so that it stops again."""
    s.delete(existing(s, LetPass, let_pass_id))
    s.flush()


def _record(s: Session, stop: Stop) -> Record:
    if not stop.kind:
        raise RefusedError(
            "This was typed for the document alone and stands in no record. Nothing was changed; "
            "type it anew without it."
        )
    return existing(s, KINDS[stop.kind], stop.record_id)
