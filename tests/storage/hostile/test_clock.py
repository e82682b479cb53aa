"""Within one feed the clock grows; what is dated back counts for nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.history.history import history
from storage.ops.clock import Clock, read_stamp, stamp, wall_ms, wall_text
from storage.ops.redactions import REDACT, REDACTED_TEXT, entry_of
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import CANARY, INSPECTION

NOTE = {"inspection_id": INSPECTION, "parent_kind": "inspection", "parent_id": INSPECTION}


def texts(*texts: str) -> list[tuple[str, ...]]:
    return sorted((one,) for one in texts)


@pytest.mark.parametrize("last", ["same", "one less", "1970"])
def test_what_is_dated_back_counts_for_nothing(stand: Stand, last: str) -> None:
    stand.meet()
    first = stand.ada.write(("note", "n1"), NOTE | {"text": "first"})
    ms, count = read_stamp(first.hlc)
    forms = {"same": first.hlc, "one less": stamp(ms - 1, count), "1970": stamp(0, 0)}
    stand.ada.write(("note", "n2"), NOTE | {"text": "dated back"}, hlc=forms[last])
    stand.ada.write(("note", "n1"), {"text": "changed"}, verb="set", hlc=forms[last])
    stand.ada.write(("note", "n3"), NOTE | {"text": "honest again"})
    (alarm,) = stand.spread()
    assert "2 entries" in alarm
    assert "dated before an earlier entry" in alarm
    assert stand.alike("note", "text") == texts(CANARY, "first", "honest again")


def test_both_centrals_see_it_whichever_way_it_came(stands: Stand) -> None:
    """In one bundle, in two, and in what waited behind a gap."""
    stands.meet()
    stands.ada.write(("note", "n1"), NOTE | {"text": "first"}, hlc=stamp(wall_ms(), 0))
    stands.spread()
    stands.ada.write(("note", "n2"), NOTE | {"text": "dated back"}, hlc=stamp(5, 0))
    stands.ada.write(("note", "n3"), NOTE | {"text": "dated back"}, hlc=stamp(6, 0))
    assert len(stands.spread()) == 1
    stands.ada.write(("note", "n4"), NOTE | {"text": "dated back"}, hlc=stamp(7, 0))
    assert len(stands.spread()) == 1
    assert stands.alike("note", "text") == texts(CANARY, "first")
    assert stands.ben.read_now(history, "note", "n3") == []


@pytest.mark.parametrize("wall", [-1, -(10**12), 0, 5])
def test_a_clock_before_1970_gives_stamps_that_everybody_takes(wall: int) -> None:
    clock = Clock("", wall=lambda: wall)
    first, told = clock.tick()
    second, _ = clock.tick()
    assert read_stamp(first) < read_stamp(second)
    assert datetime.fromisoformat(wall_text(told)) >= datetime(1970, 1, 1, tzinfo=UTC)


def test_a_redaction_brings_nothing_back_that_is_dated_back(stand: Stand) -> None:
    """Nor does it keep a colleague's bundle out, whatever else is wrong with the op."""
    stand.meet()
    stand.ada.write(("note", "n1"), NOTE | {"text": "first"})
    moved = {"inspection_id": "elsewhere", "text": "dated back"}
    false = stand.ada.write(("note", "n1"), moved, verb="set", hlc=stamp(5, 0))
    entry = entry_of(false, {"text": REDACTED_TEXT}, reason_gone=False)
    stand.ada.write(("note", "n1"), {"field": "text", "entries": [entry]}, verb=REDACT)
    stand.spread()
    assert stand.alike("note", "text") == texts(CANARY, "first")
