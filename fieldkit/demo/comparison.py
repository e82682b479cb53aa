"""The practice day's comparison: the force's workbook read, matched by a person, and compared."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlmodel import Session

from fieldkit.casework.find_case import find_case
from fieldkit.casework.reveals import reveal_all
from fieldkit.comparison.assemble import comparison
from fieldkit.comparison.compare import Comparison
from fieldkit.demo.practice_vault import PracticeVault, insist
from fieldkit.selfassessment.decide import link_row, queue_lines, row_lines, set_no_case
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from fieldkit.selfassessment.rows import CHOSEN, NONE
from storage.ops.text import many
from storage.records.self_assessment import LINKED


def read_workbook(demo: PracticeVault) -> str:
    """Read the force's workbook; nothing is written."""
    truth = demo.truth
    reading = read_force_workbook(demo.workbook, demo.practice.methodology)
    named = {one.cell for one in reading.problems}
    insist(set(truth.problems) <= named, f"the cells {truth.problems} were not all named")
    insist(len(reading.rows) == len(truth.rows), f"{len(reading.rows)} rows were read")
    spellings = sum(one.means is not None for one in reading.grades)
    return (
        f"sheet “{reading.sheet}”, headings in row {reading.header_row}, {len(reading.rows)} rows, "
        f"{many(spellings, 'spelling')} of grades read; {many(len(reading.problems), 'problem')}, "
        f"among them {' and '.join(sorted(truth.problems))}"
    )


def accept_exact(demo: PracticeVault) -> str:
    """Take the workbook in and confirm the rows whose reference is equal and unique."""
    truth = demo.truth
    reading = read_force_workbook(demo.workbook, demo.practice.methodology)
    demo.vault.write_now(import_reading, demo.inspection, reading, accept_exact=True)
    case_of = {one.row: one.case for one in truth.rows}
    rows = demo.vault.read_now(row_lines, demo.inspection)
    linked = [one for one in rows if one.decision in LINKED]
    wrong = [one.number for one in linked if one.case_reference != case_of[one.row]]
    insist(not wrong, f"rows {wrong} were linked to another case than theirs")
    return (
        f"{len(linked)} of {len(rows)} rows confirmed as the exact group, none of them wrong; "
        f"{len(rows) - len(linked)} wait for a person"
    )


def answer_queue(demo: PracticeVault) -> str:
    """Answer the queue, row by row, as a person who knows the files would."""
    case_of = {one.row: one.case for one in demo.truth.rows}
    waiting = demo.vault.read_now(queue_lines, demo.inspection)
    offered = 0
    for line in waiting:
        case = case_of[line.row]
        offered += any(one.reference == case for one in line.candidates)
        demo.vault.write_now(_decide, demo.inspection, line.row_id, case)
    rows = demo.vault.read_now(row_lines, demo.inspection)
    decided = Counter(one.decision for one in rows)
    wrong = [one.number for one in rows if one.case_reference != case_of[one.row]]
    insist(not wrong, f"rows {wrong} are linked to another case than theirs")
    return (
        f"{len(waiting)} rows decided: {decided[CHOSEN]} linked (the right case was "
        f"among the candidates of {offered}), {decided[NONE]} no case of ours"
    )


def _decide(s: Session, inspection_id: str, row: str, reference: str) -> Any:
    if not reference:
        return set_no_case(s, row)
    return link_row(s, row, find_case(s, inspection_id, reference).id)


def compare(demo: PracticeVault) -> str:
    """Reveal and compare; the cross-tab must be what the practice data says."""
    demo.vault.write_now(reveal_all, demo.inspection)
    result = demo.vault.read_now(comparison, demo.inspection)
    _as_it_is(demo, result)
    table = result.self_assessed
    paired = sum(map(sum, table.crosstab))
    same = sum(table.crosstab[at][at] for at in range(len(result.scale)))
    worst = result.disparities[0]
    direction = result.agreement.direction.rstrip(".")
    return (
        f"{paired} of {table.cases} self-assessed cases graded by both, {same} alike; "
        f"{many(len(result.disparities), 'disparity', 'disparities')}, the widest "
        f"{worst.reference} (ours {worst.ours}, the force's {worst.theirs}). {direction}"
    )


def _as_it_is(demo: PracticeVault, result: Comparison) -> None:
    force = {one.case: one.grade for one in demo.truth.rows if one.case}
    cases = demo.practice.cases
    true = Counter((one["overall"], force.get(one["reference"], "")) for one in cases)
    for at, ours in enumerate(result.scale):
        for beside, theirs in enumerate(result.scale):
            insist(
                result.self_assessed.crosstab[at][beside] == true[ours, theirs],
                f"the cross-tab of {ours} by {theirs} is wrong",
            )
    insist(not result.checks, f"the comparison's own checks say: {' '.join(result.checks)}")
