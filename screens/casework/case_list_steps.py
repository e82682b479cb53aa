"""The steps of a list of our own cases: how its file is read, what it would change, what it did."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.casework.import_list import ImportSummary, read_list
from fieldkit.casework.list_changes import OURS, ListChange
from fieldkit.casework.list_plan import ListPlan
from fieldkit.selfassessment.masking import shown_list_samples
from fieldkit.wording.dates import short_day
from fieldkit.workbook.case_list import CaseListReading
from fieldkit.workbook.cell_answers import OWN_GRADE, STATES
from fieldkit.workbook.problems import Code
from fieldkit.workbook.table.columns import IGNORE, Column
from screens.kit.drawing.chips import differs, late
from screens.kit.drawing.rows import cut, muted, strong, wrapped
from screens.kit.drawing.rows import lines as under_each_other
from screens.kit.drawing.signs import sign
from screens.kit.text import plain
from screens.selfassessment.steps.file_kind import FileKind
from screens.selfassessment.steps.reading_lines import problem_mark
from screens.selfassessment.steps.step import PROSE, Line, Step, indented, two_lines

TRAIL = ("File", "Sheet", "Columns", "Grades", "Problems", "Changes", "Summary")
CHANGES, SUMMARY = 5, 6
NO_FILE = Step(
    0,
    "The list of cases",
    "A list of cases comes in a workbook or a .csv file. fieldkit reads it step by step, and shows "
    "what it takes each column and each grade word for, which cases are new, and what it would "
    "change of those that are here.\n\nNothing is written before you have seen that, and nothing "
    "that stands here is overwritten without your answer.",
    keys={"next": "Choose the file"},
    none="No list of cases has been read yet.",
)


def _open_columns(reading: CaseListReading) -> list[Column]:
    return [one for one in reading.columns if one.field not in (IGNORE, OWN_GRADE, "rationale")]


def _why_hidden(column: Column) -> str:
    if not column.samples or shown_list_samples(column):
        return ""
    return "Not read, and not shown: it may hold the force's grades or reasons."


CASE_LIST = FileKind(
    table="case_list",
    place="new-list-answer",
    purpose="case_list",
    asked_for="The list of cases (.xlsx, .xlsm, .xls, .ods, .csv)",
    whose="the list's",
    fields={
        "case": "our reference",
        "force_ref": "force's reference",
        "type": "case type",
        "date_of_incident": "date of incident",
        "origin": "origin",
        OWN_GRADE: "our overall grade",
        "rationale": "our rationale",
        "auditor": "auditor",
        IGNORE: "not read",
    },
    texts={
        "case": "our reference of the case",
        "force_ref": "the force's reference",
        "date_of_incident": "the date of the incident",
        "rationale": "our rationale",
        "auditor": "the auditor",
    },
    grade=OWN_GRADE,
    states=STATES,
    read=read_list,
    samples=shown_list_samples,
    hidden=_why_hidden,
    words=lambda reading: reading.grades,
    problems=lambda reading: reading.problems,
    open_columns=_open_columns,
    columns_said="What each column is taken for.",
    after="changes",
)


def changes_step(plan: ListPlan, width: int) -> Step:
    """Draw step 5 before anything is written: what differs, rows that wait, and the new cases."""
    text = plan.words()
    asked = sum(change.asked for change in plan.changes)
    if asked:
        text += "\n? Stands here otherwise: ours stays unless you press t for the list's."
    text += "\nNothing has been written yet."
    near = [problem for problem in plan.problems if problem.code is Code.CASE_NEAR]
    lines = [
        *(
            Line(
                two_lines(
                    cut(Content.assemble(late(""), f"{one.cell}  “{one.value}”"), width),
                    indented(one.reason, width),
                ),
                f"{one.sheet}!{one.cell}",
            )
            for one in near
        ),
        *(_change(change, width) for change in plan.changes if change.ours or change.kept),
        *(_new(f"{reference}: a new case", width) for reference in plan.new),
        *(_change(change, width) for change in plan.changes if not (change.ours or change.kept)),
    ]
    if not lines:
        lines = [Line(plain("The list changes nothing here."))]
    keys = {"next": "Take it in"}
    if asked:
        keys |= {"take": "The list's", "keep": "Ours", "take_all": "List's everywhere"}
    if near:
        keys["change"] = "Which case"
    figure = f"{plan.open} to answer" if plan.open else f"{len(plan.new)} new"
    return Step(CHANGES, "What it would change", text, lines, keys, figure=figure)


def _new(words: str, width: int) -> Line:
    return Line(cut(Content.assemble(" ", sign("strength"), f" {words}"), width))


def _change(change: ListChange, width: int) -> Line:
    """Draw a field that differs with both sides, and one that is filled in as a single line."""
    place = f"{change.reference}  {change.label}"
    if not change.ours and not change.kept:
        line = _new(f"{place}: “{_said(change, change.theirs)}”", width)
        return Line(line.content, change.cell)
    stays = change.kept or change.answer == OURS
    mark = sign("same" if stays else "done" if change.taken else "query")
    ours = f"ours “{_said(change, change.ours)}”" if change.ours else "nothing here"
    theirs = Content.assemble("“", differs(_said(change, change.theirs)), "”")
    outcome = f"   {change.outcome}" if change.kept or change.answer else ""
    room = min(width, PROSE)
    sides = Content.assemble(muted(f"{ours}   the list "), theirs)
    return Line(
        under_each_other(
            cut(Content.assemble(" ", mark, " ", strong(place), muted(outcome)), width),
            wrapped(sides, room, indent=4),
        ),
        change.cell,
    )


def _said(change: ListChange, value: str) -> str:
    return short_day(value) if change.field == "date_of_incident" else value


def summary_step(done: ImportSummary, file_name: str, account: Sequence[str], width: int) -> Step:
    """Draw step 6: what was taken in, what was kept, and the account of the file."""
    text = "\n".join((f"{file_name}: {done.text}", *account[:3]))
    lines = [
        Line(
            two_lines(
                cut(Content.assemble(problem_mark(one), one.cell), width),
                indented(one.reason, width),
            )
        )
        for one in done.problems
    ]
    matched = [
        *(_new(f"{reference}: new", width) for reference in done.new),
        *(_settled("done", f"{reference}: changed", width) for reference in done.changed),
        *(_settled("same", f"{reference}: unchanged", width) for reference in done.same),
    ]
    return Step(
        SUMMARY,
        "Problems",
        text,
        lines,
        {"next": "The cases", "open_file": "Another list"},
        figure=f"{len(lines)}",
        matched=matched,
        settled="Cases",
        none="" if lines or matched else "The list had no case.",
    )


def _settled(mark: str, words: str, width: int) -> Line:
    return Line(cut(Content.assemble(" ", sign(mark), f" {words}"), width))
