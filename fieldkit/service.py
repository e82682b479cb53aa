"""What every service that writes needs: who acts, what time it is, and the record that is meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from fieldkit.methodology import OVERALL, Methodology, find, load
from storage.errors import FieldkitError
from storage.feed.writer import Author
from storage.ops.clock import is_set_back, read_stamp, wall_ms, wall_text
from storage.ops.meant import choices
from storage.ops.text import clean_text
from storage.records import Inspection, Record

AnyRecord = TypeVar("AnyRecord", bound=Record)


class RefusedError(FieldkitError):
    """What was asked for cannot be done as asked; nothing was changed."""


class NotThereError(RefusedError):
    """The record that was named is not there."""


def author(s: Session) -> Author:
    """Say who writes on this laptop."""
    author: Author = s.info["author"]
    return author


def person(s: Session) -> str:
    """Return the id of the acting person."""
    return author(s).person


def now() -> str:
    """Return this moment, ISO 8601 in UTC with milliseconds."""
    return wall_text(wall_ms())


def latest_moment(s: Session, moment: str) -> str:
    """Return a moment, or the later one that this laptop's clock is known to have shown.

    Of a clock that was set back by more than the skew that is let pass; ISO 8601 in UTC.
    """
    last = author(s).clock.last
    shown = wall_text(read_stamp(last)[0])
    before = datetime.fromisoformat(moment) < datetime.fromisoformat(shown)
    return shown if before and is_set_back(moment, last) else moment


def today() -> str:
    """Return the day it is where the laptop is, ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(wall_ms() / 1000).astimezone().date().isoformat()


def existing(s: Session, kind: type[AnyRecord], record_id: str) -> AnyRecord:
    """Return the record of that id; raises :class:`NotThereError`."""
    record = s.get(kind, record_id)
    if record is None and s.new:
        s.flush()  # a record made in this same step is found only once it is written
        record = s.get(kind, record_id)
    if record is None:
        noun = kind.noun()
        raise NotThereError(
            f"There is no {noun} of that id here; it may have been deleted. Nothing was changed. "
            "Go back to the list and choose again."
        )
    return record


def inspection_of(record: Record) -> str:
    """Return the id of the inspection that a record belongs to, or is."""
    inspection_id: str = getattr(record, "inspection_id", record.id)
    return inspection_id


def methodology_of(s: Session, inspection_id: str) -> Methodology:
    """Return the methodology pinned to an inspection; raises :class:`NotThereError`."""
    return load(existing(s, Inspection, inspection_id).judged_by)


def filled(value: str, what: str, field: str = "") -> str:
    """Return a text that has something in it, as it is kept, without the spaces around it.

    A refusal bears the name of the ``field`` that is missing, for the form that asks for it.

    Ids are made of some of these texts, so nothing may stand in one that the record itself does
    not keep. Raises `RefusedError`.
    """
    try:
        tidy = clean_text(value).strip()
    except ValueError as error:
        raise RefusedError(f"{what}: {error}. Nothing was changed; shorten it.") from None
    if not tidy:
        refusal = RefusedError(f"{what} is missing. Nothing was changed; write it and try again.")
        refusal.field = field
        raise refusal
    return tidy


def criterion_key(methodology: Methodology, written: str, *, overall: bool = True) -> str:
    """Return the key of a criterion by key, label or number, empty for none; raises `RefusedError`.

    The number is its place in the methodology's list, from 1, as pages show it.
    """
    if not written.strip():
        return ""
    area = methodology.criterion(written) or methodology.numbered(written)
    if area is None or (area.key == OVERALL and not overall):
        known = choices(written, (one.key for one in methodology.areas))
        raise RefusedError(
            f"“{written}” is not a criterion of {methodology.title}. Nothing was changed; "
            f"the criteria are {known}"
        )
    return area.key


def outcome_keys(methodology: Methodology, written: Iterable[str]) -> list[str]:
    """Return the keys of outcomes by their keys or labels, each once; raises `RefusedError`."""
    keys: list[str] = []
    for word in filter(str.strip, written):
        term = find(methodology.outcomes, word)
        if term is None:
            known = choices(word, (one.key for one in methodology.outcomes))
            raise RefusedError(
                f"“{word}” is not an outcome of the programme. Nothing was changed; the outcomes "
                f"are {known}"
            )
        keys.append(term.key)
    return list(dict.fromkeys(keys))


def criterion_label(methodology: Methodology, key: str) -> str:
    """Return what a criterion is called; the key itself where the methodology does not know it."""
    area = methodology.criterion(key) if key else None
    return area.label if area else key
