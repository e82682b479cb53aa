"""What others need to learn from a practice, written beside its point; and who asked for it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from fieldkit.followup.days import past_day
from fieldkit.followup.practice.consent import notable
from fieldkit.service import RefusedError, existing, filled, methodology_of, now, person
from storage.ops.meant import choices
from storage.records import Practice, PracticeRequest
from storage.records.point import practice_id

TEXTS = ("problem", "how", "works", "ask_whom")
"""The fields of a sheet that are written down in words."""


def write_sheet(
    s: Session, /, point_id: str, types: Iterable[str] | None = None, **texts: str | None
) -> Practice:
    """Write down what others need to learn from a practice; what is None stays as it is.

    Args:
        s: a writing session.
        point_id: which practice.
        types: the types of case that it is for, by key or label.
        **texts: ``problem``, ``how``, ``works`` and ``ask_whom``, a role and never a name.

    Raises `RefusedError`: the point is no notable practice, or there is no such type of case.
    """
    point = notable(s, point_id)
    values: dict[str, object] = {
        name: text.strip() for name, text in texts.items() if text is not None
    }
    if types is not None:
        values["types"] = _types(s, point.inspection_id, types)
    known = s.get(Practice, practice_id(point.id))
    if known is None:
        known = Practice.make(
            inspection_id=point.inspection_id, point_id=point.id, by=person(s), **values
        )
        s.add(known)
    else:
        known.change(**values)
    s.flush()
    return known


def record_request(
    s: Session, point_id: str, asked_by: str, on: str = "", remark: str = ""
) -> PracticeRequest:
    """Record that somebody asked for a practice.

    Args:
        s: a writing session.
        point_id: which practice.
        asked_by: which force, or who, by role.
        on: the day; today where it is empty.
        remark: in words; may be empty.

    Raises `RefusedError`: the point is no notable practice, nobody is named, the day is to come.
    """
    point = notable(s, point_id)
    made = PracticeRequest.make(
        inspection_id=point.inspection_id,
        point_id=point.id,
        asked_by=filled(asked_by, "Who asked for it"),
        asked_on=past_day(s, on, "A request"),
        remark=remark.strip(),
        made_at=now(),
        by=person(s),
    )
    s.add(made)
    s.flush()
    return made


def take_back_request(s: Session, request_id: str) -> None:
    """Take away a request that was recorded by mistake; raises `NotThereError`."""
    s.delete(existing(s, PracticeRequest, request_id))
    s.flush()


def _types(s: Session, inspection_id: str, written: Iterable[str]) -> list[str]:
    methodology = methodology_of(s, inspection_id)
    keys = []
    for one in written:
        term = methodology.case_type(one)
        if term is None:
            known = choices(one, (each.key for each in methodology.case_types))
            raise RefusedError(
                f"“{one}” is not a type of case. Nothing was changed; the types are {known}"
            )
        keys.append(term.key)
    return list(dict.fromkeys(keys))
