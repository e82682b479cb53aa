"""Revealing: once our grade of a case is committed, the force's is shown; it is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from fieldkit.methodology import OVERALL
from fieldkit.service import RefusedError, existing, person
from storage.feed.read import leaves_of
from storage.history.reveals import first_reveals, force_grade_op, is_borne_out
from storage.ops.op import Op
from storage.records import Case, ForceRow, Judgment, Reveal
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in, records_under
from storage.records.self_assessment import LINKED, force_rows_of


def case_to_reveal(s: Session, case_id: str) -> Case:
    """Return the case, where its grade by the force may be shown; nothing is written.

    Raises:
        RefusedError: our overall grade is not committed, or no row of the force is matched to the
            case, so that nothing would be shown. A case that was revealed passes.
        NotThereError: there is no such case.
    """
    case = existing(s, Case, case_id)
    if records_under(s, Reveal, case_id):
        return case
    s.flush()
    ours = s.get(Judgment, judgment_id(case_id, OVERALL))
    if ours is None or ours.state != "graded":
        raise RefusedError(
            f"The force's grade of {case.reference} stays hidden until our own overall grade is "
            "entered. Nothing was changed; grade the case first."
        )
    if not force_rows_of(s, case_id):
        raise RefusedError(
            f"No row of the force is matched to {case.reference}, so there is no grade to show. "
            "Nothing was recorded; match its row first, if the force assessed the case."
        )
    return case


def reveal(s: Session, case_id: str) -> Reveal:
    """Record that the force's grade of a case is shown now; the same again changes nothing.

    Our overall grade as it stands is kept as the initial grade, and which grade of the force's was
    shown. Raises as :func:`case_to_reveal` does.
    """
    case = case_to_reveal(s, case_id)
    before = records_under(s, Reveal, case_id)
    if before:
        return first_reveals(s, before)[case_id]
    ours = existing(s, Judgment, judgment_id(case_id, OVERALL))
    standing = leaves_of(s.connection(), Judgment.KIND, ours.id)["grade"][0]
    new = Reveal.make(
        inspection_id=case.inspection_id,
        case_id=case_id,
        grade=ours.grade,
        judgment_op=str(standing.id),
        force_op=force_grade_op(s, force_rows_of(s, case_id)[0].id),
        by=person(s),
    )
    s.add(new)
    s.flush()
    return new


def reveal_all(s: Session, inspection_id: str) -> list[Reveal]:
    """Reveal every case that is ready, and return what was recorded, in the order of the cases.

    Ready are cases that the force assessed too, with a matched row and our overall grade
    committed, that are neither withdrawn nor revealed.
    """
    s.flush()
    rows = records_in(s, ForceRow, inspection_id)
    matched = {one.case_id for one in rows if one.decision in LINKED}
    revealed = {one.case_id for one in records_in(s, Reveal, inspection_id)}
    graded = {
        one.case_id
        for one in records_in(s, Judgment, inspection_id)
        if one.criterion == OVERALL and one.state == "graded"
    }
    return [
        reveal(s, case.id)
        for case in records_in(s, Case, inspection_id)
        if case.id in (matched & graded) - revealed
        and case.origin == "self-assessed"
        and not case.withdrawn
    ]


def initial_grades(
    s: Session,
    inspection_id: str,
    ops: Mapping[str, list[Op]] | None = None,
    known: Iterable[Reveal] | None = None,
) -> dict[str, str]:
    """Return our overall grade of each case as the write that its first reveal names left it.

    ``ops`` is what :func:`storage.history.reveals.overall_ops` returns, where that was read before,
    and ``known`` are all reveals of the inspection.
    """
    every = records_in(s, Reveal, inspection_id) if known is None else known
    earliest = first_reveals(s, every)
    return {case: one.grade for case, one in earliest.items() if is_borne_out(s, one, ops)}
