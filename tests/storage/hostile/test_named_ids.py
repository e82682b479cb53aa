"""The ids of records that the world has once are computed again by whoever reads."""

from __future__ import annotations

from typing import Any

import pytest

from storage.conflicts.find import conflicted_fields
from storage.records import Judgment, SelfAssessment
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.registry import KINDS
from storage.records.self_assessment import force_row_id, self_assessment_id
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION

CASE = case_id(INSPECTION, "WST-001")
OTHER = "ffffffff-2222-4333-8444-555555555555"
WRONG = "77777777-8888-4999-8aaa-bbbbbbbbbbbb"
BOOK = self_assessment_id(INSPECTION, "aa", "Cases")
IN, OF = {"inspection_id": INSPECTION}, {"inspection_id": INSPECTION, "case_id": CASE}

FORMS: dict[str, dict[str, Any]] = {
    "judgment": OF | {"criterion": "overall", "state": "graded", "grade": "outstanding"},
    "case": IN | {"reference": "WST-001", "unit": "another"},
    "case_key": OF | {"force_ref": "another"},
    "case_audit": OF | {"context": "another"},
    "assessment": IN | {"criterion": "leadership", "state": "graded", "grade": "good"},
    "support": IN | {"point_id": "p", "evidence_kind": "case", "evidence_id": CASE},
    "practice": IN | {"point_id": "p", "problem": "another"},
    "practice_consent": IN | {"point_id": "p", "consent": "name shown"},
    "debrief": IN | {"sort": "hot", "held_on": "2026-07-08"},
    "debrief_point": IN | {"debrief_id": "d", "point_id": "p"},
    "basis": IN | {"recommendation_id": "r", "point_id": "p"},
    "weighing": IN | {"recommendation_id": "r", "question": "resources"},
    "recommendation_link": IN
    | {"recommendation_id": "r", "role": "progress", "evidence_kind": "note", "evidence_id": "n"},
    "intention": IN | {"action_plan_id": "a", "recommendation_id": "r"},
    "pulse": IN | {"interview_id": "i", "unit": "custody", "question": "confident", "agree": 3},
    "milestone": IN | {"timing": "action plan", "done_on": "2026-07-08"},
    "self_assessment": IN | {"file_name": "f", "file_hash": "aa", "sheet": "S", "header_row": 1},
    "force_row_key": IN | {"force_row_id": "r", "sheet": "S", "row": 3},
}
"""For each kind what makes a record of it; under an id that it has not."""


def test_a_second_record_for_one_case_and_criterion(stands: Stand) -> None:
    """Ada's grade under an id of her own takes the place of nobody's."""
    stands.meet()
    fields = FORMS["judgment"] | {"rationale": "mine"}
    stands.ada.write(("judgment", WRONG), fields)
    alarms = stands.spread()
    assert stands.alike("judgment", "grade") == [("good",)]
    (alarm,) = alarms
    assert "another id than its own" in alarm
    assert WRONG in alarm
    assert "Ada" in alarm
    # Ben grades on, and his grade counts.
    own = judgment_id(CASE, "overall")
    stands.ben.write_now(lambda s: s.get_one(Judgment, own).change(grade="requires improvement"))
    stands.meet()
    assert stands.alike("judgment", "grade") == [("requires improvement",)]


def test_the_record_it_makes_is_not_there_with_what_follows_on_it(stands: Stand) -> None:
    stands.meet()
    made = stands.ada.write(("judgment", WRONG), FORMS["judgment"])
    stands.ada.write(("judgment", WRONG), {"grade": "inadequate"}, verb="set", base=[made.id])
    stands.spread()
    assert stands.alike("judgment", "id", "grade") == [(judgment_id(CASE, "overall"), "good")]


def test_it_is_not_there_either_where_it_is_set_and_not_made(stands: Stand) -> None:
    stands.meet()
    stands.ada.write(("judgment", WRONG), FORMS["judgment"], verb="set")
    stands.ada.write(("judgment", WRONG + "2"), {"case_id": CASE, "grade": "good"}, verb="set")
    stands.ada.write(("judgment", WRONG), FORMS["judgment"] | {".deleted": False})
    stands.spread()
    assert stands.alike("judgment", "grade") == [("good",)]


def test_every_kind_that_is_named(stand: Stand) -> None:
    """Each is refused under another id than its own."""
    stand.meet()
    before = {kind: stand.alike(kind, "id") for kind in FORMS}
    for kind, fields in FORMS.items():
        made = stand.ada.write((kind, WRONG), fields, verb=KINDS[kind].MADE, feed=KINDS[kind].FEED)
        assert made.record == (kind, WRONG)
    (alarm,) = stand.spread()
    assert f"{len(FORMS)} entries" in alarm
    assert {kind: stand.alike(kind, "id") for kind in FORMS} == before
    named = {kind for kind, known in KINDS.items() if known.NAMED}
    assert named == {*FORMS, "force_row"}


def test_a_row_of_the_force_is_named_by_its_workbook(stands: Stand) -> None:
    """A second row of one number in one workbook would give a case another grade of the force's."""

    def imported(session: Any) -> None:
        values = {"file_name": "book.xlsx", "file_hash": "aa", "sheet": "Cases", "header_row": 1}
        session.add(SelfAssessment.make(inspection_id=INSPECTION, **values))

    stands.ben.write_now(imported)
    stands.meet()
    row = IN | {"self_assessment_id": BOOK, "row": 3, "grade": "good", "decision": "chosen"}
    stands.ada.write(("force_row", force_row_id("aa", "Cases", 3)), row)
    stands.ada.write(("force_row", WRONG), row | {"grade": "inadequate", "case_id": CASE})
    stands.ada.write(("force_row", WRONG + "2"), row | {"row": 4}, verb="set")
    (alarm,) = stands.spread()
    assert "2 entries" in alarm
    assert stands.alike("force_row", "grade") == [("good",)]


def test_a_row_is_judged_as_soon_as_its_workbook_is_here(stands: Stand) -> None:
    row = IN | {"self_assessment_id": BOOK, "row": 3, "grade": "good"}
    stands.ada.write(("force_row", force_row_id("aa", "Cases", 3)), row)
    stands.ada.write(("force_row", WRONG), row | {"grade": "inadequate"})
    assert stands.spread() == []
    assert len(stands.alike("force_row", "grade")) == 2
    book = IN | {"file_name": "b", "file_hash": "aa", "sheet": "Cases", "header_row": 1}
    stands.ada.write(("self_assessment", BOOK), book)
    assert len(stands.spread()) == 1
    assert stands.alike("force_row", "grade") == [("good",)]


@pytest.mark.parametrize("place", [OTHER, ""])
def test_a_named_record_made_elsewhere_before_anybody_makes_it(stands: Stand, place: str) -> None:
    """Ada knows which id Ben’s next judgment will have, and makes it in another inspection."""
    stands.meet()
    record = ("judgment", judgment_id(CASE, "leadership"))
    elsewhere = FORMS["judgment"] | {"criterion": "leadership", "inspection_id": place}
    stands.ada.write(record, elsewhere)
    (alarm,) = stands.spread()
    assert "belongs elsewhere" in alarm
    own = OF | {"criterion": "leadership", "state": "graded", "grade": "good", "id": record[1]}
    stands.ben.write_now(lambda s: s.add(Judgment.make(**own)))
    stands.meet()
    assert stands.alike("judgment", "criterion", "grade") == [
        ("leadership", "good"),
        ("overall", "good"),
    ]


def test_it_comes_before_what_it_lies_under(stands: Stand) -> None:
    record = ("judgment", judgment_id(CASE, "overall"))
    stands.ada.write(record, FORMS["judgment"] | {"inspection_id": OTHER})
    for central in stands.centrals.values():
        stands.ada.hand_in(central, stands.stick)
    stands.meet()
    stands.spread()
    assert stands.alike("judgment", "grade") == [("good",)]


SPLIT: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "judgment": [
        ("set", OF),
        ("set", {"criterion": "overall", "state": "graded", "grade": "inadequate"}),
        ("set", {"grade": "outstanding"}),
    ],
    "assessment": [("resolve", IN), ("set", {"criterion": "leadership", "grade": "good"})],
    "case": [("link", IN), ("set", {"reference": "WST-001"})],
    "case_audit": [
        ("create", IN | {".deleted": False}),
        ("create", {"case_id": CASE, "context": "another", ".deleted": False}),
    ],
    "debrief": [("set", IN), ("set", {"held_on": "2026-07-08"})],
}
"""Ops that give the parts of an id between them, so that none of them shows what it should be."""


def test_several_ops_between_them_make_no_record(stands: Stand) -> None:
    stands.meet()
    before = {kind: stands.alike(kind, "id") for kind in SPLIT}
    for kind, several in SPLIT.items():
        for verb, fields in several:
            stands.ada.write((kind, WRONG), fields, verb=verb)
    stands.spread()
    assert {kind: stands.alike(kind, "id") for kind in SPLIT} == before
    assert stands.ben.read_now(lambda s: conflicted_fields(s.connection())) == {}
