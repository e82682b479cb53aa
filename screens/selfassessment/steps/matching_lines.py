"""Steps 5 to 7: the exact group, the queue row by row, and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from textual.content import Content

from fieldkit.selfassessment.corrections import ADDED, CHANGED, REMOVED, Change
from fieldkit.selfassessment.import_workbook import ImportPreview
from fieldkit.selfassessment.matching.differences import difference
from fieldkit.selfassessment.rows import NONE, OPEN, SKIPPED, QueueLine, RowLine
from fieldkit.wording.dates import short_day
from screens.kit.drawing.bars import bar
from screens.kit.drawing.panel_list import Late
from screens.kit.drawing.rows import cut, fit, muted, row, strong
from screens.kit.drawing.signs import glyph, sign
from screens.kit.text import plain
from screens.selfassessment.steps.pair_table import in_words, lit
from screens.selfassessment.steps.status import Cursor, Status
from screens.selfassessment.steps.step import UNMATCHED, Line, Step
from storage.ops.text import many

SAME = "The same reference as one case of ours and no other, and nothing against it."
FIRST_OF_QUEUE = 3
"""Lines of the queue that are shown before the row that is asked about."""


def preview_step(preview: ImportPreview, refs: Mapping[str, str], beside: bool, width: int) -> Step:
    """Draw step 5 before anything is written: what changed, and the pre-ticked group.

    Args:
        preview: what the workbook would come to.
        refs: the force's references of our cases, by ours.
        beside: it seems to correct one before, but is to stand beside it.
        width: columns there are.
    """
    text = preview.words()
    correction = preview.correction
    if correction is not None:
        text += f"\n{correction.words()}"
    text += f"\n{SAME}" if preview.exact else ""
    text += "\nNothing has been written yet."
    lines = [
        *(_change(one, width) for one in preview.changes),
        *_exact_lines(preview.exact, refs, width),
    ]
    if not lines:
        lines = [Line(plain("No row has exactly the reference of one case of ours."))]
    if preview.exact:
        keys = {"accept_exact": "Take it in, link these", "skip": "Link none yet"}
    else:
        keys = {"next": "Take the workbook in"}
    if correction is not None:
        keys["keep_both"] = "Keep both"
    elif beside:
        keys["keep_both"] = "It is a correction"
    return Step(
        5, "The same reference", text, lines, keys, figure=f"{len(preview.exact)} pre-ticked"
    )


def exact_step(exact: Sequence[RowLine], refs: Mapping[str, str], waiting: int, width: int) -> Step:
    """Draw step 5 of a workbook imported: the pre-ticked group, confirmed in one key."""
    text = f"{many(len(exact), 'row')}. {SAME} {many(waiting, 'other row')} you decide one by one."
    keys = {"accept_exact": "Link all of them", "skip": "Decide later"}
    lines = _exact_lines(exact, refs, width)
    return Step(5, "The same reference", text, lines, keys, figure=f"{len(exact)} pre-ticked")


def _exact_lines(exact: Sequence[RowLine], refs: Mapping[str, str], width: int) -> list[Line]:
    """Draw theirs at the left and ours at the right, with what is written otherwise lit."""
    theirs = min(max((len(one.reference) for one in exact), default=0), 40, max(width // 4, 14))
    case = min(max((len(one.expected) for one in exact), default=0), 20)
    ours = min(max((len(refs.get(one.expected, "")) for one in exact), default=0), theirs)
    about = min(max(width - theirs - case - ours - 14, 8), 48)
    return [
        Line(
            row(
                (
                    (sign("done"), 1),
                    (muted(one.number), 5),
                    (_theirs(one.reference, refs.get(one.expected, ""), theirs), theirs),
                    (_about(one), about),
                    (glyph("same"), 1),
                    (strong(one.expected), case),
                    (_written(one.reference, refs.get(one.expected, ""), ours), ours),
                )
            )
        )
        for one in exact
    ]


def _written(theirs: str, ours: str, width: int) -> Content:
    if not ours:
        return muted("")
    return cut(ours, width) if difference(theirs, ours).words else muted("same")


def _theirs(theirs: str, ours: str, width: int) -> Content:
    """Draw the force's reference; what it has that ours has not, such as words, is lit."""
    return strong(lit(difference(ours, theirs), width)) if ours else cut(strong(theirs), width)


def _change(change: Change, width: int) -> Line:
    mark = {CHANGED: "~", ADDED: "+", REMOVED: "-"}[change.what]
    return Line(cut(plain(f"{mark} {change.words()}"), width))


def _about(one: RowLine | QueueLine) -> str:
    return ", ".join(filter(None, (short_day(one.dated), one.case_type)))


def queue_step(item: QueueLine, now: Status, cursor: Cursor, width: int) -> Step:
    """Draw step 6: one row, and at most three cases that it may be, which the page draws."""
    waiting, total = len(cursor.waiting(now)), now.one_by_one
    at = total - waiting + 1
    figure = Content.assemble((f"{at:,}", "bold $foreground"), f" of {total:,}  ")
    if width >= 70:
        figure = Content.assemble(figure, bar(at - 1, total, 10))
    numbers = range(1, len(item.candidates) + 1)
    keys = {f"choose({number})": "It is that case" for number in numbers}
    keys |= {"none": "None of ours", "skip": "Later"}
    if cursor.can_go_back(now):
        keys["take_back"] = "Take back"
    keys["change"] = "Search our list"
    return Step(6, f"Which case is row {item.number}?", in_words(item), (), keys, figure=figure)


def queue_rows(item: QueueLine, now: Status, width: int, height: int) -> list[Content]:
    """Draw the rows that a person decides one by one around the one that is asked about."""
    listed = now.by_hand
    at = next((n for n, one in enumerate(listed) if one.row_id == item.row_id), 0)
    first = max(min(at - FIRST_OF_QUEUE + 1, len(listed) - height), 0)
    refs = min(max((len(one.reference) for one in listed), default=0) + 2, 30)
    rows = []
    for number, one in enumerate(listed[first : first + height], first):
        here = number == at
        outcome = strong("now") if here else _outcome(one)
        head = glyph("cursor") if here else " "
        cells = (
            (Content.styled(head, "$focus"), 1),
            (muted(f"row {one.number}"), 8),
            (strong(one.reference) if here else one.reference, refs),
            (one.case_type, max(min(width - refs - 40, 40), 10)),
            (outcome, 24),
        )
        rows.append(cut(row(cells), width))
    return rows


def _outcome(one: RowLine) -> Content:
    if one.case_reference:
        return Content.assemble((glyph("same"), "bold $success"), f" {one.case_reference}")
    return muted("none of ours" if one.decision == NONE else "open")


def queue_figure(now: Status) -> str:
    """Return how many rows are matched by their reference, decided and open."""
    done = sum(one.decision != OPEN for one in now.by_hand)
    exact = len(now.linked) - sum(bool(one.case_reference) for one in now.by_hand)
    return f"{exact:,} by reference, {done:,} decided, {len(now.queue):,} open"


def summary_step(status: Status, cursor: Cursor, width: int) -> Step:
    """Draw step 7: the counts, and what is left over."""
    theirs, still, out = status.of(NONE), status.of(OPEN), status.of(SKIPPED)
    later = sum(one.row_id in cursor.skipped for one in still)
    counts = [
        f"{len(status.linked)} matched",
        f"{len(theirs)} not ours",
        f"{len(still)} open" + (f" ({later} left for later)" if later else ""),
        f"{len(out)} skipped",
    ]
    text = "\n".join(
        (
            *([status.corrected] if status.corrected else []),
            f"{'; '.join(status.files)}. {many(len(status.rows), 'row')} of the force: "
            f"{', '.join(counts)}.",
            f"{many(len(status.ours), 'self-assessed case')} of ours without a row. "
            f"{many(status.problems, 'problem')} listed.",
        )
    )
    lines = [
        *(_late("query", one, "open", width) for one in still),
        *(_late("", one, "no case of ours", width) for one in theirs),
        *(
            Line(cut(Content.assemble(muted(glyph("not applicable")), f"  {name}: ",
                                      muted("our case, no row of the force")), width))
            for name in status.ours
        ),
        *(_late("no", one, "skipped", width) for one in out),
    ]  # fmt: skip
    if status.problems:
        lines.append(Line(_problems(status.problems, width)))
    matched = [_late("done", one, f"is {one.case_reference}", width) for one in status.linked]
    keys = {"next": "Compare", "open_file": "Another workbook", "change": "Decide again"}
    if cursor.can_go_back(status):
        keys["take_back"] = "Take back"
    return Step(
        7, UNMATCHED, text, lines, keys, figure=f"{len(lines)}", matched=matched,
        none="" if lines or matched else "Nothing is left over.",
    )  # fmt: skip


def _problems(count: int, width: int) -> Content:
    words = f"  {many(count, 'problem')} of the workbook: the comparison lists "
    return cut(Content.assemble(sign("query"), words, "it." if count == 1 else "them."), width)


def _late(mark: str, one: RowLine, status: str, width: int) -> Line:
    """Return a line of the summary, of which there may be thousands: drawn when it is in view."""
    return Line(Late(partial(_row, mark, one, status, width)), one.row_id)


def _row(mark: str, one: RowLine, status: str, width: int) -> Content:
    shown = row(
        (
            (sign(mark) if mark else muted("0"), 2),
            (muted(f"row {one.number}"), 8),
            (status, 18),
            (strong(one.reference or "no reference"), min(max(width - 62, 20), 40)),
            (muted(_about(one)), max(width - 32 - min(max(width - 62, 20), 40), 1)),
        )
    )
    return fit(shown, width)
