"""Steps 5 to 7: the exact group, the queue row by row, and the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from fieldkit.selfassessment import LINKED, NONE, OPEN, CandidateLine, QueueLine, RowLine
from fieldkit.wordings import many
from screens.plain import line, plain
from screens.self_assessment_steps.shown import Line, Shown, cells, indented, two_lines


@dataclass(frozen=True)
class Standing:
    """How far the matching of an inspection has come.

    Attributes:
        rows: every row of the force, with what was decided.
        queue: the rows that wait for a person, the exact group apart.
        ours: references of our self-assessed cases without a row.
        problems: how many were found in the workbooks.
        files: the workbooks taken in, and when.
        skipped: rows left open in this session.
    """

    rows: Sequence[RowLine]
    queue: Sequence[QueueLine]
    ours: Sequence[str]
    problems: int
    files: Sequence[str]
    skipped: frozenset[str] = frozenset()

    @property
    def exact(self) -> list[RowLine]:
        """The open rows of the exact group."""
        return [one for one in self.rows if one.decision == OPEN and one.expected]

    @property
    def linked(self) -> list[RowLine]:
        """The rows that are a case of ours."""
        return [one for one in self.rows if one.decision in LINKED]


def exact_step(exact: Sequence[RowLine], waiting: int, width: int, taken_in: bool) -> Shown:
    """Step 5: the pre-ticked group, confirmed in one key.

    Args:
        exact: its rows.
        waiting: how many rows a person decides one by one.
        width: columns there are.
        taken_in: the workbook is in the vault already; only the group waits.
    """
    said = (
        f"{many(len(exact), 'row')} with the same reference as one case of ours and of no other, "
        f"and nothing that speaks against it. {many(waiting, 'other row')} you decide one by one."
    )
    if not taken_in:
        said += " Nothing has been written yet."
    sizes = (5, max((width - 34) // 2, 20), 10, max((width - 34) // 2, 20))
    lines = [
        Line(plain(cells((f"✓ {one.number}", one.reference, one.expected, _about(one)), sizes)))
        for one in exact
    ]
    if not exact:
        lines = [Line(plain("No row has exactly the reference of one case of ours."))]
    if taken_in:
        hint = "a or enter  link all of them     s  decide later"
    elif exact:
        hint = "a or enter  take the workbook in and link all of these     s  take it in, link none"
    else:
        hint = "enter  take the workbook in"
    return Shown(5, said, lines, hint)


def _about(one: RowLine | QueueLine) -> str:
    return ", ".join(filter(None, (one.dated, one.case_type)))


def queue_step(item: QueueLine, left: int, width: int) -> Shown:
    """Step 6: one row, and at most three cases that it may be."""
    said = "\n".join(
        (
            f"{many(left, 'row')} to decide. Row {item.number} of “{item.sheet}”:",
            f"  {item.reference or 'no reference'}   {_about(item)}",
            *([item.note] if item.note else []),
        )
    )
    lines = [
        Line(_candidate(number, one, width), one.case_id)
        for number, one in enumerate(item.candidates, 1)
    ]
    digits = "1 " if len(lines) == 1 else f"1–{len(lines)} "
    if not lines:
        lines = [Line(plain("  No case of ours is near it."))]
        hint = "0  no case of ours     s  leave it open     b  take the last answer back"
    else:
        hint = f"{digits} it is that case     0  none of ours     s  leave it open     b  take back"
    return Shown(6, said, lines, hint)


def _candidate(number: int, one: CandidateLine, width: int) -> Content:
    tied = "  (fits as well as its neighbour)" if one.tied else ""
    about = ", ".join(filter(None, (one.incident_on, *one.types)))
    first = line(f"{number}  {one.reference}   {one.force_ref}   {about}{tied}", width)
    return two_lines(first, indented("; ".join(one.reasons), width), "bold")


def summary_step(standing: Standing, width: int) -> Shown:
    """Step 7: the counts, and what is left over."""
    theirs = [one for one in standing.rows if one.decision == NONE]
    still = [one for one in standing.rows if one.decision == OPEN]
    skipped = sum(one.row_id in standing.skipped for one in still)
    said = "\n".join(
        (
            "; ".join(standing.files),
            f"{many(len(standing.rows), 'row')}: {len(standing.linked)} matched, "
            f"{len(theirs)} no case of ours, {len(still)} open"
            + (f" ({skipped} skipped just now)" if skipped else "")
            + f".  {many(len(standing.ours), 'case')} of ours without a row."
            f"  {many(standing.problems, 'problem')} listed.",
        )
    )
    lines = [
        Line(plain(line(f"? row {one.number}  {one.reference}  {_about(one)}: open", width)),
             one.row_id)
        for one in still
    ]  # fmt: skip
    lines += [
        Line(plain(line(f"0 row {one.number}  {one.reference}  {_about(one)}: no case of ours",
                        width)), one.row_id)
        for one in theirs
    ]  # fmt: skip
    lines += [Line(plain(f"– {name}: our case, without a row of the force"))
              for name in standing.ours]  # fmt: skip
    lines += [
        Line(plain(line(f"✓ row {one.number}  {one.reference}  is {one.case_reference}", width)),
             one.row_id)
        for one in standing.linked
    ]  # fmt: skip
    hint = "enter  compare     e  decide the line again     o  read another workbook"
    if still:
        hint = "enter  go on with the open rows     m  compare     e  decide the line again"
    return Shown(7, said, lines, hint)
