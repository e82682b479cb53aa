"""Redactions that say what is not so: nothing happens, or it stands as the word of who said it."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.history.record_history import record_history
from fieldkit.inspections.home import home
from storage.exchange.export import export
from storage.ops.op import Op, decode
from storage.ops.redactions import REDACTED_TEXT, entry_of
from storage.records import Judgment
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.redaction.redact import redact
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION, sound, written

JUDGMENT = ("judgment", judgment_id(case_id(INSPECTION, "WST-001"), "overall"))


def of_ben(stand: Stand) -> Op:
    ops = (decode(data) for data in written(stand.ben) if data)
    return next(op for op in ops if op.record == JUDGMENT)


def say(stand: Stand, of: Op, fields: dict[str, Any], *gone: str, **over: Any) -> None:
    """Ada redacts an op of Ben's, with other values in some fields and parts than it has."""
    entry = entry_of(of, dict.fromkeys(gone, REDACTED_TEXT), reason_gone=False)
    entry["fields"] |= fields
    said = {"field": "rationale", "entries": [entry | over]}
    stand.ada.write(JUDGMENT, said, verb="redact", reason="a name")


@pytest.mark.parametrize(
    ("fields", "over"),
    [
        ({"grade": "inadequate"}, {}),
        ({"state": "not judged", "grade": ""}, {}),
        ({}, {"wall": "2020-01-01T00:00:00.000Z"}),
        ({}, {"reason": "what Ben never said"}),
        ({}, {"op": "set"}),
        ({"concern": "what Ben never wrote"}, {}),
    ],
)
def test_of_an_entry_that_is_here_nothing_else_can_be_said(
    stand: Stand, fields: dict[str, Any], over: dict[str, Any]
) -> None:
    stand.meet()
    before = stand.alike("judgment", "grade", "rationale", "state", "concern")
    say(stand, of_ben(stand), fields, "rationale", **over)
    stand.spread()
    assert stand.alike("judgment", "grade", "rationale", "state", "concern") == before
    assert of_ben(stand).fields["grade"] == "good"
    # Whoever redacts in earnest is heard.
    stand.ben.write_now(redact, *JUDGMENT, "rationale", "a child was named")
    stand.meet()
    assert stand.alike("judgment", "grade", "rationale") == [("good", REDACTED_TEXT)]
    assert sound(stand.ben)


def test_of_what_is_gone_it_is_shown_whose_word_it_is(stands: Stand) -> None:
    """On a laptop and on both kinds of central; and the author goes on working."""
    stands.meet()
    op = of_ben(stands)
    say(stands, op, {"grade": "inadequate"}, "rationale", hlc=op.hlc)
    say(stands, op, {}, "rationale")
    stands.spread()
    assert stands.alike("judgment", "grade", "rationale") == [("inadequate", REDACTED_TEXT)]
    steps = stands.ben.read_now(record_history, *JUDGMENT)
    assert {one.who for one in steps} == {"Ada"}
    assert "of an entry of this laptop" in steps[0].did
    assert stands.ben.read_now(home, INSPECTION).deleted.startswith("Ada redacted words in 1")
    stands.ben.write_now(
        lambda s: s.get_one(Judgment, JUDGMENT[1]).change(grade="good", rationale="as I said")
    )
    stands.ben.write_now(redact, *JUDGMENT, "rationale", "once more")
    stands.meet()
    assert stands.alike("judgment", "grade", "rationale") == [("good", REDACTED_TEXT)]
    assert export(stands.ben, stands.stick, full=True).path.exists()
    assert sound(stands.ben)
