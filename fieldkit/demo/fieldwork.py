"""The practice day up to the afternoon: cases, judgments, fieldwork, points, the referral.

Each function does one step through the services that screens and commands call, and says in a
sentence what is now in the vault, counted there and not in the practice data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sqlmodel import Session

from fieldkit.casework import judging, referrals
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import allocate_case, edit_case, set_audit
from fieldkit.casework.import_list import import_cases, read_list
from fieldkit.demo.cases import Table
from fieldkit.demo.practice_vault import PracticeVault, counted, insist
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation, entry_lines
from fieldkit.evidence.notes import add_note
from fieldkit.history.search import search
from fieldkit.inspections import inspections
from fieldkit.methodology import OVERALL, load
from fieldkit.service import existing, now
from fieldkit.wording.dates import span_words
from storage.ops.text import many
from storage.records import Inspection
from storage.records.model.base import Record


def begin(demo: PracticeVault) -> str:
    """Begin the inspection."""
    inspection = demo.vault.write_now(
        inspections.create,
        force=demo.practice.force,
        methodology=demo.practice.methodology,
        starts=demo.practice.starts,
        ends=demo.practice.ends,
    )
    demo.inspection = inspection.id
    days = span_words(inspection.starts, inspection.ends)
    return f"{inspection.force}, {days}, criteria of {inspection.methodology}"


def take_cases(demo: PracticeVault) -> str:
    """Take the list of cases in and allocate every case."""
    reading = read_list(demo.case_list(), load(demo.practice.methodology))
    imported = demo.vault.write_now(import_cases, demo.inspection, reading)
    insist(
        len(imported.new) == len(demo.practice.cases), f"{len(imported.new)} cases came of the list"
    )
    lines = demo.vault.read_now(case_lines, demo.inspection)
    demo.ids.update({one.reference: one.id for one in lines})
    demo.vault.write_now(_describe, demo)
    lines = demo.vault.read_now(case_lines, demo.inspection)
    self_assessed = sum(one.origin == "self-assessed" for one in lines)
    people = {one.allocated_to for one in lines if one.allocated_to}
    return (
        f"{len(lines)} cases taken in, {self_assessed} of them also graded by the force; allocated "
        f"to {many(len(people), 'inspector')}"
    )


def _describe(s: Session, demo: PracticeVault) -> None:
    for case in demo.practice.cases:
        case_id = demo.ids[case["reference"]]
        known = {name: case[name] for name in ("child_label", "child_age", "unit")}
        edit_case(s, case_id, **known)
        allocate_case(s, case_id, demo.person_of(case["auditor"]))


def judge(demo: PracticeVault, *, leave: int = 0) -> str:
    """Judge the cases: every criterion, the file audit, and last the overall.

    ``leave`` is how many of the inspector's own cases are left for later.
    """
    cases = demo.practice.cases
    mine = [one for one in cases if demo.person_of(one["auditor"]) != one["auditor"]]
    spared = mine[len(mine) - leave :]
    for case in cases:
        if case not in spared:
            demo.vault.write_now(_judge, demo, case)
    lines = demo.vault.read_now(case_lines, demo.inspection)
    grades = Counter(one.overall_grade for one in lines if one.overall_grade)
    scale = load(demo.practice.methodology).scale_for("case").labels
    return (
        f"{sum(one.done for one in lines)} cases judged on {sum(one.graded for one in lines)} "
        f"criteria and overall ({counted({grade: grades[grade] for grade in scale})})"
    )


def _judge(s: Session, demo: PracticeVault, case: Table) -> None:
    # Held, so that the session reads the case and its inspection once and not for each grade.
    held = open_case(s, demo.ids[case["reference"]]), existing(s, Inspection, demo.inspection)
    case_id = held[0].case.id
    set_audit(s, case_id, **case["audit"])
    for criterion, judgment in case["judgments"].items():
        how = judging.set_state if "state" in judgment else judging.grade
        how(s, case_id, criterion, **judgment)
    judging.grade(s, case_id, OVERALL, case["overall"], rationale=case["rationale"])


def visit(demo: PracticeVault) -> str:
    """Enter interviews, the focus group, observations and documents with their notes."""
    demo.vault.write_now(_visit, demo)
    lines = demo.vault.read_now(entry_lines, demo.inspection)
    sorts = Counter(one.sort for one in lines)
    kinds = ", ".join(many(count, sort) for sort, count in sorts.items())
    return f"{kinds}; {many(sum(one.notes for one in lines), 'note')}"


def _visit(s: Session, demo: PracticeVault) -> None:
    tables: tuple[tuple[Callable[..., Record], Sequence[Table]], ...] = (
        (add_interview, demo.practice.interviews),
        (add_observation, demo.practice.observations),
        (add_document, demo.practice.documents),
    )
    for add, places in tables:
        for place in places:
            fields = {name: place[name] for name in place if name not in ("key", "notes")}
            record = add(s, demo.inspection, **fields)
            for number, note in enumerate(place["notes"], 1):
                key = f"{place['key']} {number}"
                demo.ids[key] = add_note(s, record.KIND, record.id, **note).id


def conclude(demo: PracticeVault) -> str:
    """Make the points and rest each on its evidence."""
    demo.vault.write_now(_conclude, demo)
    lines = demo.vault.read_now(points.point_lines, demo.inspection)
    linked = sum(one.supports + one.contradicts + one.context for one in lines)
    against = sum(one.contradicts for one in lines)
    strengths = Counter(one.strength for one in lines)
    return (
        f"{many(len(lines), 'point')} resting on {linked} pieces of evidence, {against} of them "
        f"contradicting; support {counted(strengths)}"
    )


def _conclude(s: Session, demo: PracticeVault) -> None:
    for table in demo.practice.points:
        point = points.add_point(
            s, demo.inspection, table["wording"], table["sort"], table["criterion"]
        )
        demo.ids[table["key"]] = point.id
        for piece in table["support"]:
            kind, evidence = "note", demo.ids[demo.practice.evidence(piece)]
            if "note" not in piece:
                kind, evidence = "judgment", open_case(s, evidence).judgments[OVERALL].id
            why = {name: piece[name] for name in ("relation", "why") if name in piece}
            points.support(s, point.id, kind, evidence, **why)


def refer(demo: PracticeVault, *, acknowledged: bool = True) -> str:
    """Refer the high-risk case back to the force, step by step."""
    table = demo.practice.referral
    case = demo.ids[demo.practice.evidence(table["case"])]
    write = demo.vault.write_now
    raised = write(referrals.refer, case, table["reasons"], table["known"], table["asked_for"])
    write(referrals.step, raised.id, "told", whom=table["told_whom"], how=table["told_how"])
    if acknowledged:
        write(referrals.step, raised.id, "acknowledged", whom=table["acknowledged_by"])
    (line,) = demo.vault.read_now(referrals.lines, demo.inspection, now())
    return f"{line.reference} given back to the force: {line.clock}"


def find(demo: PracticeVault) -> str:
    """Search for what was typed today."""
    hits = {
        words: len(demo.vault.read_now(search, demo.inspection, words))
        for words in demo.practice.search_words
    }
    insist(all(hits.values()), f"a word that was typed is not found ({hits})")
    return "; ".join(f"“{words}” found {many(count, 'time')}" for words, count in hits.items())
