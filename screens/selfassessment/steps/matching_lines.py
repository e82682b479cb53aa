"""Steps 5 to 7: the exact group, the queue row by row, and the summary."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.selfassessment.corrections import ADDED, CHANGED, REMOVED, Change
from fieldkit.selfassessment.import_workbook import ImportPreview
from fieldkit.selfassessment.rows import NONE, OPEN, SKIPPED, CandidateLine, QueueLine, RowLine
from screens.kit.text import plain
from screens.selfassessment.steps.status import Status
from screens.selfassessment.steps.step import Line, Step, cells, fit, indented, two_lines
from storage.ops.text import many

SAME = "The same reference as one case of ours and no other, and nothing against it."


def preview_step(preview: ImportPreview, beside: bool, width: int) -> Step:
    """Draw step 5 before anything is written: what changed, and the pre-ticked group.

    Args:
        preview: what the workbook would come to.
        beside: it seems to correct one before, but is to stand beside it.
        width: columns there are.
    """
    text = preview.words()
    correction = preview.correction
    if correction is not None:
        text += f"\n{correction.words()}"
    text += f"\n✓ {SAME}" if preview.exact else ""
    text += "\nNothing has been written yet."
    lines = [
        *(_change(one, width) for one in preview.changes),
        *_exact_lines(preview.exact, width),
    ]
    if not lines:
        lines = [Line(plain("No row has exactly the reference of one case of ours."))]
    if preview.exact:
        hint = "a or enter  take it in and link these     s  take it in, link none yet"
    else:
        hint = "enter  take the workbook in"
    if correction is not None:
        hint = f"{hint}     k  keep both"
    elif beside:
        hint = f"{hint}     k  it is a correction"
    return Step(5, text, lines, hint)


def exact_step(exact: Sequence[RowLine], waiting: int, width: int) -> Step:
    """Draw step 5 of a workbook imported: the pre-ticked group, confirmed in one key."""
    text = f"{many(len(exact), 'row')}. {SAME} {many(waiting, 'other row')} you decide one by one."
    hint = "a or enter  link all of them     s  decide later"
    return Step(5, text, _exact_lines(exact, width), hint)


def _exact_lines(exact: Sequence[RowLine], width: int) -> list[Line]:
    refs = min(max((len(row.reference) for row in exact), default=0), 40, max(width // 3, 23))
    ours = min(max((len(row.expected) for row in exact), default=0), 20)
    sizes = (5, refs, ours, max(width - refs - ours - 8, 10))
    return [
        Line(plain(cells((f"✓ {row.number}", row.reference, row.expected, _about(row)), sizes)))
        for row in exact
    ]


def _change(change: Change, width: int) -> Line:
    mark = {CHANGED: "~", ADDED: "+", REMOVED: "-"}[change.what]
    return Line(plain(fit(f"{mark} {change.words()}", width)))


def _about(row: RowLine | QueueLine) -> str:
    return ", ".join(filter(None, (row.dated, row.case_type)))


def queue_step(item: QueueLine, waiting: int, width: int) -> Step:
    """Draw step 6: one row, and at most three cases that it may be."""
    text = "\n".join(
        (
            f"{many(waiting, 'row')} to decide. Row {item.number} of “{item.sheet}”:",
            fit(f"  {item.reference or 'no reference'}   {_about(item)}", width),
            *([item.note] if item.note else []),
        )
    )
    lines = [
        Line(_candidate(number, candidate, width), candidate.case_id)
        for number, candidate in enumerate(item.candidates, 1)
    ]
    digits = "1 " if len(lines) == 1 else f"1–{len(lines)} "
    if not lines:
        lines = [Line(plain("  No case of ours is near it."))]
        hint = "0  no case of ours     s  leave it open     b  take the last answer back"
    else:
        hint = f"{digits} it is that case     0  none of ours     s  leave it open     b  take back"
    return Step(6, text, lines, hint)


def _candidate(number: int, case: CandidateLine, width: int) -> Content:
    tied = "  (fits as well as its neighbour)" if case.tied else ""
    about = ", ".join(filter(None, (case.incident_on, *case.types)))
    first = fit(f"{number}  {case.reference}   {case.force_ref}   {about}{tied}", width)
    return two_lines(first, indented("; ".join(case.reasons), width), "bold")


def summary_step(status: Status, skipped: frozenset[str], width: int) -> Step:
    """Draw step 7: the counts, and what is left over."""
    theirs, still, out = status.of(NONE), status.of(OPEN), status.of(SKIPPED)
    later = sum(row.row_id in skipped for row in still)
    counts = [
        f"{len(status.linked)} matched",
        f"{len(theirs)} not ours",
        f"{len(still)} open" + (f" ({later} left for later)" if later else ""),
        f"{len(out)} skipped",
    ]
    text = "\n".join(
        (
            f"{'; '.join(status.files)}.",
            *([status.corrected] if status.corrected else []),
            f"{many(len(status.rows), 'row')} of the force: {', '.join(counts)}.",
            f"{many(len(status.ours), 'self-assessed case')} of ours without a row. "
            f"{many(status.problems, 'problem')} listed.",
        )
    )
    lines = [
        *(_row("?", row, "open", width) for row in still),
        *(_row("0", row, "no case of ours", width) for row in theirs),
        *(Line(plain(f"–  {name}: our case, no row of the force")) for name in status.ours),
        *(_row("x", row, "skipped", width) for row in out),
        *(_row("✓", row, f"is {row.case_reference}", width) for row in status.linked),
    ]
    hint = "enter  compare     e  decide the line again     o  read another workbook"
    return Step(7, text, lines, hint)


def _row(mark: str, row: RowLine, status: str, width: int) -> Line:
    sizes = (2, 8, 18, max(width - 40, 20))
    return Line(plain(cells((mark, f"row {row.number}", status, row.reference), sizes)), row.row_id)
