"""What a malicious laptop does to a comparison is named in it."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.casework import reveals
from fieldkit.comparison.assemble import comparison
from storage.history.history import history
from storage.ops.clock import stamp
from storage.ops.op import OpId
from storage.ops.redactions import REDACTED_TEXT, entry_of
from storage.records import ForceRow, Judgment, SelfAssessment
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.records.self_assessment import force_row_id, self_assessment_id
from storage.redaction.redact import redact
from storage.trust.current import people
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.storage.hostile.readers import Stand
from tests.storage.hostile.test_redactions import of_ben
from tests.storage.travelling import INSPECTION

CASE = case_id(INSPECTION, "WST-001")
JUDGMENT = ("judgment", judgment_id(CASE, "overall"))
BOOK = self_assessment_id(INSPECTION, "aa", "Cases")
ROW = {"inspection_id": INSPECTION, "self_assessment_id": BOOK, "row": 3, "case_id": CASE}


def checks(stand: Stand) -> str:
    """What every reader's comparison says beside its tables."""
    names = stand.ben.read_now(lambda s: people(s.connection()))
    said = {"laptop": stand.ben.read_now(comparison, INSPECTION).checks}
    for name, central in stand.centrals.items():
        with central.reading((INSPECTION,)) as reading:
            said[name] = reading.read_now(comparison, INSPECTION, called=names).checks
    assert len(set(said.values())) == 1, said
    return "\n".join(said["laptop"])


def written(stand: Stand) -> list[OpId]:
    return [one.op for one in stand.ben.read_now(history, *JUDGMENT)]


def test_a_reveal_of_an_earlier_grade_is_named(stands: Stand) -> None:
    """Ada may have seen the force's grade then, or say so now; Ben is accused of nothing."""
    stands.ben.write_now(lambda s: s.get_one(Judgment, JUDGMENT[1]).change(grade="inadequate"))
    stands.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stands.ben.write_now(reveals.reveal, CASE)
    stands.meet()
    assert "different grades" not in checks(stands)
    values = {"inspection_id": INSPECTION, "case_id": CASE, "by": stands.ada.vault.person.id}
    earlier = values | {"grade": "good", "judgment_op": str(written(stands)[0])}
    stands.ada.write(("reveal", "r1"), earlier, verb="reveal")
    stands.spread()
    said = checks(stands)
    assert "WST-001" in said
    assert "different grades of ours: good (Ada), and later inadequate (Ben)" in said


@pytest.mark.parametrize("grade", ["good", "inadequate"])
def test_a_grade_that_rests_on_a_redaction_is_named(stands: Stand, grade: str) -> None:
    """Ada takes the bytes by a fitting entry, and then tells whatever she likes."""
    stands.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stands.ben.write_now(reveals.reveal, CASE)
    stands.meet()
    op = of_ben(stands)
    fitting = entry_of(op, {"rationale": REDACTED_TEXT}, reason_gone=False)
    entry = fitting | {"fields": fitting["fields"] | {"grade": grade}}
    for one in (entry, fitting):
        said = {"field": "rationale", "entries": [one]}
        stands.ada.write(JUDGMENT, said, verb="redact", reason="a name")
    # The reveal that the entry contradicts is refused; Ada makes one that fits.
    values = {"inspection_id": INSPECTION, "case_id": CASE, "by": stands.ada.vault.person.id}
    again = values | {"grade": grade, "judgment_op": str(op.id)}
    stands.ada.write(("reveal", "r1"), again, verb="reveal")
    stands.spread()
    said_of = checks(stands)
    assert f"with our initial grade, {grade}, were redacted by Ada" in said_of
    assert stands.ben.read_now(reveals.initial_grades, INSPECTION) == {CASE: grade}


def test_what_its_author_redacted_needs_no_word(stands: Stand) -> None:
    stands.ben.write_now(add_row, INSPECTION, 1, case=CASE)
    stands.ben.write_now(reveals.reveal, CASE)
    stands.ben.write_now(redact, *JUDGMENT, "rationale", "a child was named")
    stands.meet()
    assert "redacted" not in checks(stands)
    assert stands.ben.read_now(reveals.initial_grades, INSPECTION) == {CASE: "good"}


@pytest.mark.parametrize("earlier", ["", "inadequate", "outstanding"])
def test_an_import_that_seems_to_be_earlier_hides_no_change(stands: Stand, earlier: str) -> None:
    """Ada begins anew with a making of the same row that is dated before Ben's import."""

    def imported(s: Any) -> None:
        book = {"file_name": "book.xlsx", "file_hash": "aa", "sheet": "Cases", "header_row": 1}
        s.add(SelfAssessment.make(inspection_id=INSPECTION, **book))
        row = ROW | {"grade": "good", "decision": "exact"}
        s.add(ForceRow.make(id=force_row_id("aa", "Cases", 3), **row))

    stands.ben.write_now(imported)
    stands.meet()
    row = ("force_row", force_row_id("aa", "Cases", 3))
    base = [one.op for one in stands.ben.read_now(history, *row)]
    stands.ada.vault.author.epoch += 1
    whole = ROW | {"grade": earlier, "decision": "exact"}
    stands.ada.write(row, whole, hlc=stamp(5, 0))
    stands.ada.write(row, {"grade": "inadequate"}, verb="set", base=base, hlc=stamp(6, 0))
    stands.spread()
    stands.ben.write_now(reveals.reveal, CASE)
    stands.meet()
    said = checks(stands)
    assert "before the reveal the force's grade was changed here from" in said
