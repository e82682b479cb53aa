"""Where a record belongs is written once, at its making; what a laptop writes later counts not."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.feedback.debriefs.debrief import open_debrief
from storage.conflicts.find import conflicted_fields
from storage.feed.writer import UnfitError
from storage.history.history import history
from storage.ops.op import DELETED, MAIN, OpId
from storage.records import Inspection, Note, Referral
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in
from storage.records.registry import KINDS
from storage.records.self_assessment import force_row_id, self_assessment_id
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import CANARY, INSPECTION

CASE = case_id(INSPECTION, "WST-001")
OTHER = "ffffffff-2222-4333-8444-555555555555"
JUDGMENT = ("judgment", judgment_id(CASE, "overall"))


def note_of(stand: Stand) -> tuple[str, str]:
    (note,) = stand.ben.read_now(lambda s: records_in(s, Note, INSPECTION))
    return ("note", note.id)


def making(stand: Stand, record: tuple[str, str]) -> OpId:
    return stand.ben.read_now(history, *record)[0].op


def test_a_note_is_not_taken_out_of_sight(stands: Stand) -> None:
    """Three ways to move it, with a base and without, by itself and beside an ordinary edit."""
    stands.meet()
    note = note_of(stands)
    base = [making(stands, note)]
    stands.ada.write(note, {"inspection_id": OTHER}, verb="set", base=base)
    stands.ada.write(note, {"parent_id": "elsewhere"}, verb="set")
    stands.ada.write(note, {"parent_kind": "point", "polarity": "concern"}, verb="set", base=base)
    whole = {"inspection_id": OTHER, "parent_kind": "case", "parent_id": CASE, "text": "mine"}
    stands.ada.write(note, whole, base=base)
    stands.ada.write(note, whole)
    stands.ada.write(note, whole | {DELETED: False}, base=base)
    stands.ada.write(note, {"inspection_id": OTHER}, verb="resolve", base=base)
    (alarm,) = stands.spread()
    assert "7 entries" in alarm
    assert "belongs elsewhere" in alarm
    assert note[1] in alarm
    here = ("case", CASE, CANARY, "")
    assert stands.alike("note", "parent_kind", "parent_id", "text", "polarity") == [here]
    assert len(stands.ben.read_now(history, *note)) == 1


def test_a_judgment_and_a_referral_stay(stands: Stand) -> None:
    def refer(session: Any) -> str:
        values = {"inspection_id": INSPECTION, "case_id": CASE, "raised_at": "2026-07-06"}
        made = Referral.make(known="at risk", **values)
        session.add(made)
        return str(made.id)

    referral = ("referral", stands.ben.write_now(refer))
    stands.meet()
    stands.ada.write(JUDGMENT, {"inspection_id": OTHER}, verb="set")
    stands.ada.write(JUDGMENT, {"case_id": "c"}, verb="set", base=[making(stands, JUDGMENT)])
    stands.ada.write(JUDGMENT, {"criterion": "leadership"}, verb="resolve")
    stands.ada.write(referral, {"case_id": "c", "state": "closed"}, verb="set")
    (alarm,) = stands.spread()
    assert "4 entries" in alarm
    assert stands.alike("judgment", "case_id", "criterion") == [(CASE, "overall")]
    assert stands.alike("referral", "case_id", "state") == [(CASE, "raised")]


def test_the_same_value_again_is_no_harm(stand: Stand) -> None:
    """An earlier client may have written where a record belongs along with a change."""
    stand.meet()
    note = note_of(stand)
    fields = {"inspection_id": INSPECTION, "parent_id": CASE, "text": "mended"}
    stand.ada.write(note, fields, verb="set", base=[making(stand, note)])
    assert stand.spread() == []
    assert stand.alike("note", "text") == [("mended",)]


def test_a_reference_may_be_edited(stand: Stand) -> None:
    """The id of a case stays what its first reference gave."""
    stand.meet()
    case = ("case", CASE)
    first = making(stand, case)
    stand.ada.write(case, {"reference": "WST-1"}, verb="set", base=[first])
    assert stand.spread() == []
    assert stand.alike("case", "id", "reference") == [(CASE, "WST-1")]


def test_a_making_dated_back_gives_way_to_one_that_others_built_on(stands: Stand) -> None:
    """Ada begins anew, so that her clock seems to be earlier than Ben’s."""
    stands.meet()
    note = note_of(stands)
    stands.ada.write(note, {"polarity": "concern"}, verb="set", base=[making(stands, note)])
    stands.spread()
    whole = {"inspection_id": OTHER, "parent_kind": "case", "parent_id": CASE, "text": "mine"}
    stands.ada.vault.author.epoch += 1
    stands.ada.write(note, whole, hlc="000000000001-0000")
    (alarm,) = stands.spread()
    assert "belongs elsewhere" in alarm
    assert stands.alike("note", "text", "polarity") == [(CANARY, "concern")]


def test_what_is_not_written_twice_here_is_refused_here(stand: Stand) -> None:
    stand.meet()
    note = note_of(stand)[1]
    with pytest.raises(UnfitError, match="Nothing was changed"):
        stand.ben.write_now(lambda s: s.get_one(Note, note).change(parent_id="elsewhere"))
    assert stand.alike("note", "parent_id") == [(CASE,)]


def test_a_workbook_taken_out_may_be_taken_in_elsewhere(stand: Stand) -> None:
    """The row of a file is one in the world: in the wrong inspection first, then in the right."""
    row = ("force_row", force_row_id("aa", "Cases", 3))

    def book(place: str) -> dict[str, Any]:
        values = {"inspection_id": place, "file_name": "f", "file_hash": "aa", "sheet": "Cases"}
        record = ("self_assessment", self_assessment_id(place, "aa", "Cases"))
        stand.ada.write(record, values | {"header_row": 1})
        return {"inspection_id": place, "self_assessment_id": record[1], "row": 3, "grade": "good"}

    made = stand.ada.write(row, book(OTHER))
    gone = stand.ada.write(row, {DELETED: True}, verb="delete", base=[made.id])
    stand.ada.write(row, book(INSPECTION) | {DELETED: False}, base=[made.id, gone.id])
    assert stand.spread() == []
    assert stand.alike("force_row", "grade") == [("good",)]


def test_every_kind_says_where_its_records_belong() -> None:
    for kind, known in KINDS.items():
        links = {name for name in known.required() if name.endswith("_id")}
        assert links <= set(known.ONCE), kind
        assert known.FEED == MAIN or not known.UNDER or known.UNDER in known.ONCE


def test_what_a_making_left_out_is_its_default_for_good(stand: Stand) -> None:
    """A daily debrief's sort is written by nobody, and its id is made of it."""

    def begin(s: Any) -> tuple[str, str]:
        return "debrief", open_debrief(s, INSPECTION, "daily", "2026-07-08").id

    debrief = stand.ben.write_now(begin)
    stand.meet()
    base = [making(stand, debrief)]
    stand.ada.write(debrief, {"sort": "hot"}, verb="set", base=base)
    stand.ada.write(debrief, {"sort": "hot"}, verb="resolve")
    stand.ada.write(debrief, {"sort": "hot", "inspection_id": OTHER}, verb="set", base=base)
    (alarm,) = stand.spread()
    assert "3 entries" in alarm
    assert stand.alike("debrief", "sort", "held_on") == [("daily", "2026-07-08")]


@pytest.mark.parametrize("methodology", ["2024", "nowhere", ""])
def test_the_methodology_stays_the_one_that_was_pinned(stand: Stand, methodology: str) -> None:
    stand.meet()
    inspection = ("inspection", INSPECTION)
    base = [making(stand, inspection)]
    stand.ada.write(inspection, {"methodology": methodology}, verb="set", base=base)
    whole = {"force": "Westshire", "methodology": methodology}
    stand.ada.write(inspection, whole, base=base)
    assert len(stand.spread()) == 1
    assert stand.ben.read_now(lambda s: s.get_one(Inspection, INSPECTION).methodology) == "2018"


@pytest.mark.parametrize("form", ["two", "itself", "after an edit of Ben's"])
def test_ops_that_replace_each_other_take_nothing_out_of_sight(stands: Stand, form: str) -> None:
    """Nothing would be left of a field whose writes name each other in their bases."""
    stands.meet()
    note = note_of(stands)
    first = making(stands, note)
    own = stands.ada.write(("note", "n0"), {"text": "of no case"}, verb="set").id
    one, other = (OpId(own.device, own.epoch, MAIN, own.seq + n) for n in (1, 2))
    if form == "itself":
        stands.ada.write(note, {"text": "mine"}, verb="set", base=[first, one])
    else:
        stands.ada.write(note, {"text": "mine"}, verb="set", base=[first, other])
        stands.ada.write(note, {"text": "mine too"}, verb="set", base=[one])
    stands.spread()
    if form == "after an edit of Ben's":
        stands.ben.write_now(lambda s: s.get_one(Note, note[1]).change(text="as I said"))
        stands.meet()
        assert stands.alike("note", "text") == [("as I said",)]
    else:
        assert stands.alike("note", "text") in ([("mine",)], [("mine too",)])
        assert len(stands.ben.read_now(history, *note)) == (2 if form == "itself" else 3)
    in_conflict = stands.ben.read_now(lambda s: conflicted_fields(s.connection()))
    assert (note in in_conflict) == (form != "itself")
