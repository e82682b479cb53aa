"""Links that go round in a circle, or to what is no evidence, keep nobody from anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.evidence.choices import evidence_choices
from fieldkit.evidence.points import add_point, point_lines, support
from fieldkit.evidence.trace import trace_point, trace_text
from fieldkit.history.audit import trail
from fieldkit.history.record_history import record_history
from fieldkit.history.search import place_of, search
from fieldkit.wording.labels import LookedUp, case_of, label
from storage.records import Note, Support
from storage.records.case import case_id
from storage.records.lookup import records_in
from storage.records.point import support_id
from tests.effort import effort
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import CANARY, INSPECTION

CASE = case_id(INSPECTION, "WST-001")
FIRST, SECOND = (f"{n}0000000-0000-4000-8000-000000000000" for n in "ab")
Written = tuple[str, str, dict[str, Any]]


def _note(id: str, kind: str, parent: str) -> Written:
    where = {"inspection_id": INSPECTION, "parent_kind": kind, "parent_id": parent}
    return "note", id, where | {"text": f"{CANARY} once more"}


def _link(point: str, kind: str, evidence: str, **more: str) -> Written:
    ties = {"point_id": point, "evidence_kind": kind, "evidence_id": evidence}
    return "support", support_id(evidence, point), {"inspection_id": INSPECTION} | ties | more


CIRCLES: dict[str, Callable[[str], list[Written]]] = {
    "a note in itself": lambda point: [
        _note(FIRST, "note", FIRST),
        _link(point, "note", FIRST),
    ],
    "two notes in each other": lambda point: [
        _note(FIRST, "note", SECOND),
        _note(SECOND, "note", FIRST),
        _link(point, "note", FIRST),
        _link(point, "note", SECOND),
    ],
    "a note in the link that rests on it": lambda point: [
        _note(FIRST, "support", support_id(FIRST, point)),
        _link(point, "note", FIRST),
    ],
    "a link to itself": lambda point: [
        _link(point, "support", support_id(FIRST, point)),
        _link(point, "support", FIRST),
    ],
    "a point that rests on itself": lambda point: [_link(point, "point", point)],
    "a link to a case": lambda point: [_link(point, "case", CASE)],
    "a link to a case's key": lambda point: [_link(point, "case_key", CASE, revision="0")],
    "a link to an inspection": lambda point: [_link(point, "inspection", INSPECTION)],
    "a link to a kind that is none": lambda point: [_link(point, "invented", FIRST)],
    "a note in what holds none": lambda point: [
        _note(FIRST, "inspection", FIRST),
        _note(SECOND, "consultation", CASE),
        _link(point, "note", SECOND),
    ],
}


@pytest.mark.parametrize("form", list(CIRCLES))
def test_a_point_that_rests_on_it_is_still_read(stand: Stand, form: str) -> None:
    point = stand.ben.write_now(_rest)
    stand.meet()
    for kind, record, fields in CIRCLES[form](point):
        stand.ada.write((kind, record), fields, verb="link" if kind == "support" else "create")
    stand.spread()
    stand.alike("point", "wording")
    # An honest day's look at all of it is some 30,000 lines of Python; a circle has no end.
    assert effort(lambda: stand.ben.read_now(_look, point)) < 2_000_000


def _rest(s: Session) -> str:
    point = add_point(s, INSPECTION, "no return interviews", "concern")
    (note,) = records_in(s, Note, INSPECTION)
    support(s, point.id, "note", note.id)
    return point.id


def _look(s: Session, point: str) -> None:
    """All that is said of the point, of what it rests on and of what is written in it."""
    (line,) = point_lines(s, INSPECTION)
    assert line.id == point
    traced = trace_point(s, point)
    assert CANARY in trace_text(traced)
    evidence_choices(s, INSPECTION)
    assert search(s, INSPECTION, CANARY.split()[0])
    assert trail(s).lines
    records = [*records_in(s, Note, INSPECTION), *records_in(s, Support, INSPECTION)]
    looked = LookedUp(s, ((one.KIND, one.id) for one in records))
    for one in records:
        place_of(s, one.KIND, one.id)
        assert label(s, one.KIND, one.id) == label(looked, one.KIND, one.id)
        assert case_of(s, one.KIND, one.id) == case_of(looked, one.KIND, one.id)
        assert record_history(s, one.KIND, one.id)
