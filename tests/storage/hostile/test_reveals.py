"""A reveal says nothing of our grade but what the write that it names wrote."""

from __future__ import annotations

from typing import Any

from fieldkit.casework import reveals
from storage.history.history import history
from storage.ops.op import OpId
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import INSPECTION

CASE = case_id(INSPECTION, "WST-001")
JUDGMENT = ("judgment", judgment_id(CASE, "overall"))


def initial(stand: Stand) -> dict[str, dict[str, str]]:
    """The initial grades that each reader has."""

    def job(session: Any) -> dict[str, str]:
        return reveals.initial_grades(session, INSPECTION)

    grades = {"laptop": stand.ben.read_now(job)}
    for name, central in stand.centrals.items():
        with central.reading((INSPECTION,)) as reading:
            grades[name] = reading.read_now(job)
    return grades


def forged(grade: str, op: OpId | str) -> dict[str, str]:
    of = {"inspection_id": INSPECTION, "case_id": CASE, "by": "ben"}
    return of | {"grade": grade, "judgment_op": str(op), "force_op": ""}


def test_a_forged_reveal_accuses_nobody(stands: Stand) -> None:
    """Another grade than the named op wrote, an op of another record, and one of nobody's."""
    stands.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stands.meet()
    stands.ben.write_now(reveals.reveal, CASE)
    written = stands.ben.read_now(history, *JUDGMENT)[0].op
    other = stands.ben.read_now(history, "case", CASE)[0].op
    stands.meet()
    kept = stands.alike("reveal", "grade", "judgment_op")
    assert kept == [("good", str(written))]
    stands.ada.write(("reveal", "r1"), forged("inadequate", written), verb="reveal")
    (alarm,) = stands.spread()
    assert "did not write" in alarm
    stands.ada.write(("reveal", "r2"), forged("inadequate", other), verb="reveal")
    nobodys = OpId(written.device, written.epoch, written.kind, 9999)
    stands.ada.write(("reveal", "r3"), forged("inadequate", nobodys), verb="reveal")
    stands.ada.write(("reveal", "r4"), forged("inadequate", ""), verb="reveal")
    stands.spread()
    assert all(one == {CASE: "good"} for one in initial(stands).values())
    assert ("inadequate", str(written)) not in stands.alike("reveal", "grade", "judgment_op")


def test_a_forged_reveal_before_any_other_gives_no_initial_grade(stand: Stand) -> None:
    stand.meet()
    written = stand.ben.read_now(history, *JUDGMENT)[0].op
    own = stand.ada.write(("note", "n"), {"text": "of no case"}, verb="set").id
    stand.ada.write(("reveal", "r1"), forged("inadequate", own), verb="reveal")
    stand.spread()
    assert all(one == {} for one in initial(stand).values())
    stand.ada.write(("reveal", "r2"), forged("good", written), verb="reveal")
    stand.spread()
    assert all(one == {CASE: "good"} for one in initial(stand).values())


def test_a_reveal_is_never_written_again(stands: Stand) -> None:
    stands.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stands.ben.write_now(reveals.reveal, CASE)
    stands.meet()
    (reveal,) = stands.alike("reveal", "id", "grade")
    record = ("reveal", reveal[0])
    for fields in ({"grade": "inadequate"}, {"case_id": "c"}, {"judgment_op": ""}, {"by": "x"}):
        stands.ada.write(record, fields, verb="set")
    (alarm,) = stands.spread()
    assert "4 entries" in alarm
    assert stands.alike("reveal", "id", "grade") == [reveal]


def test_it_may_come_before_the_write_that_it_names(stands: Stand) -> None:
    """What is forged is seen as soon as the named write is here, whichever came first."""
    written = stands.ben.read_now(history, *JUDGMENT)[0].op
    stands.ada.write(("reveal", "r1"), forged("inadequate", written), verb="reveal")
    stands.ada.write(("reveal", "r2"), forged("good", written), verb="reveal")
    for central in stands.centrals.values():
        stands.ada.hand_in(central, stands.stick)
    stands.meet()
    stands.spread()
    assert stands.alike("reveal", "id", "grade") == [("r2", "good")]
    assert all(one == {CASE: "good"} for one in initial(stands).values())
