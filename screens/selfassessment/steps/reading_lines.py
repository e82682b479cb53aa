"""Steps 1 to 4: the sheet and its headings, the columns, the grade words, the problems."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.selfassessment.masking import NO_WORDS
from fieldkit.wording.format import line
from fieldkit.workbook.problems import Problem, is_answer
from fieldkit.workbook.readings import Reading
from fieldkit.workbook.table.columns import IGNORE, Column, likely_grades
from fieldkit.workbook.values.grades import GradeWord
from screens.kit.dialogs import Choice
from screens.kit.text import plain
from screens.selfassessment.steps.file_kind import FileKind
from screens.selfassessment.steps.journey import Journey
from screens.selfassessment.steps.step import Line, Step, cells, fit, indented, two_lines

SHEET, HEADINGS = "sheet", "headings"
SURE, LIKELY = 0.85, 0.65
"""Confidence from which a proposal is called sure or likely."""
SEVERITIES = {"error": "! ", "check": "? ", "note": "  "}


def sheet_step(journey: Journey, width: int) -> Step:
    """Draw step 1: which sheet, which row holds the headings, and why; the first rows."""
    reading = journey.reading
    chosen = next((sheet for sheet in reading.sheets if sheet.chosen), None)
    said = f"{reading.file_name}. {chosen.reason if chosen else ''}"
    others = [f"{sheet.name} ({sheet.state})" if sheet.state != "visible" else sheet.name
              for sheet in reading.sheets if not sheet.chosen]  # fmt: skip
    if others:
        said += f"\nOther sheets: {', '.join(others)}."
    if journey.last is not None:
        said += f"\n{_last_time(journey)}"
    first, last = reading.header_rows
    rows = f"rows {first} and {last}" if first != last else f"row {last}"
    lines = [
        Line(plain(fit(f"Sheet     {reading.sheet}", width)), SHEET),
        Line(plain(f"Headings  {rows if last else 'none'}"), HEADINGS),
    ]
    for number, text in _preview(journey):
        mark = "▸" if first <= number <= last else " "
        style = "bold" if mark == "▸" else "dim" if number < first else ""
        lines.append(Line(plain(fit(f"{mark}{number:>4}  {text}", width), style), HEADINGS))
    hint = "enter  these are right     e  another sheet or other headings"
    return Step(1, said, lines, hint)


def _last_time(journey: Journey) -> str:
    assert journey.last is not None
    if not journey.last.changes:
        return f"{journey.last.words()}"
    if journey.as_last_time:
        return f"{journey.last.words()} Press l to read it afresh."
    return f"Last time, {journey.last.mapping.day}, it was read otherwise. Press l for that."


def _preview(journey: Journey) -> list[tuple[int, str]]:
    """Return the first rows of the sheet, with the values that are shown by row."""
    reading = journey.reading
    columns = journey.kind.open_columns(reading)
    return journey.preview.rows(reading.sheet, reading.header_rows, columns)


def sheet_choices(reading: Reading) -> list[Choice]:
    """Return the sheets to choose from, with what was thought of each."""
    return [Choice(one.name, one.name, one.reason) for one in reading.sheets]


def heading_choices(journey: Journey) -> list[Choice]:
    """Return the rows that may hold the headings."""
    rows = _preview(journey)
    return [Choice("0", "There are no headings")] + [
        Choice(str(number), f"{number:>3}  {text}") for number, text in rows
    ]


def column_step(journey: Journey, width: int) -> Step:
    """Draw step 2: what each column is taken for."""
    reading = journey.reading
    kind = journey.kind
    text = kind.columns_said
    missing = [kind.fields[column] for column in reading.missing]
    if missing:
        text += f"\nStill needed: {' and '.join(missing)}. Press e on its column."
    if "grade" in reading.missing:
        text += f" {likely_grades(reading.columns)}".rstrip()
    sizes = (3, min(max(width - 40, 22), 60), 20, 14)
    lines = []
    for column in reading.columns:
        heading = column.heading or "(no heading)"
        if column.hidden:
            heading += " (hidden)"
        sure = "as last time" if journey.is_as_last_time(column.column) else _sure(column)
        first = cells((column.column, heading, kind.fields[column.field], sure), sizes)
        shown = kind.hidden(column) or " · ".join(kind.samples(column))
        second = fit(f"    {shown}", width)
        lines.append(Line(two_lines(first, second, "bold" if column.field != IGNORE else ""),
                          column.column))  # fmt: skip
    hint = "enter  these are right     e  take the column for something else"
    return Step(2, text, lines, hint)


def _sure(column: Column) -> str:
    if column.chosen:
        return "chosen by you"
    if column.field == IGNORE:
        return ""
    share = f"{column.confidence:.0%}"
    if column.rival:
        return f"or {column.rival}? {share}"
    if column.confidence >= SURE:
        return f"sure {share}"
    return f"likely {share}" if column.confidence >= LIKELY else f"unsure {share}"


def field_choices(kind: FileKind) -> list[Choice]:
    """Return what a column may be taken for."""
    return [Choice(name, word) for name, word in kind.fields.items()]


def grade_step(journey: Journey, width: int) -> Step:
    """Draw step 3: what the words of the grade column mean."""
    words = journey.kind.words(journey.reading)
    unknown = [word for word in words if word.means is None]
    said = f"What {journey.kind.whose} words mean on this inspection's scale."
    if unknown:
        rows = sum(word.count for word in unknown)
        said += (
            f" {len(unknown)} of {len(words)} are no grade as they stand ({rows} rows); "
            "they stay without one unless you say what they mean."
        )
    sizes = (min(max(width - 52, 24), 44), 5, 44)
    lines = []
    for word in words:
        means = word.means or f"no grade: {word.why}"
        if word.chosen:
            last = journey.is_as_last_time(word=word.written)
            means += " (as last time)" if last else " (said by you)"
        text = cells((_written(word), f"× {word.count}", f"→ {means}"), sizes)
        style = "bold" if word.means is None else ""
        shown = plain(text, style)
        if word.means is None and len(_written(word)) > sizes[0]:
            shown = two_lines(text, indented(line(word.written, 2 * width - 10), width), style)
        lines.append(Line(shown, word.written))
    if journey.reading.cases_above:
        lines.append(Line(two_lines("Nothing is listed yet.", indented(NO_WORDS, width))))
    elif not words:
        lines.append(Line(plain("No column is taken for the grade; press esc to choose it.")))
    hint = "enter  these are right     e  the word means something else"
    return Step(3, said, lines, hint)


def _written(word: GradeWord) -> str:
    return f"“{word.written}”" if word.written.strip() else "(blank)"


def meaning_choices(scale: Sequence[str], kind: FileKind) -> list[Choice]:
    """Return what a word may mean."""
    return [*(Choice(one, one) for one in (*scale, *kind.states)), Choice("", "no grade")]


def problem_step(journey: Journey, width: int) -> Step:
    """Draw step 4: what is wrong or worth knowing, by cell."""
    problems = journey.kind.problems(journey.reading)
    answered = sum(is_answer(problem) for problem in problems)
    # Cells that are hidden together are one line, but each leaves a case without a grade.
    every = problems if journey.reading.cases_above else journey.reading.problems
    errors = sum(problem.severity == "error" for problem in every)
    checks = sum(problem.severity == "check" for problem in problems)
    notes = [
        problem for problem in problems if problem.severity == "note" and not is_answer(problem)
    ]
    if not problems:
        text = "Nothing in the workbook stood in the way."
    else:
        text = (
            f"! {errors} left without a grade or reference   ? {checks} to look at\n"
            f"  {len(notes)} to know   {answered} answered by you. "
            "They stay listed with the import."
        )
    text += f"\n{journey.reading.account.row_words()}"
    if journey.as_corrected:
        text += f"\n{journey.as_corrected} e or s on the line takes one back."
    lines = [
        Line(
            _problem(problem, width, is_answer(problem)),
            f"{problem.sheet}!{problem.cell}" if problem.cell else "",
        )
        for problem in problems
    ]
    after = journey.kind.after
    hint = f"enter  on to the {after}     e  what the cell means     s  skip, with a reason"
    return Step(4, text, lines, hint)


def _problem(problem: Problem, width: int, answered: bool) -> Content:
    place = " ".join(filter(None, (problem.sheet, problem.cell)))
    value = f"  “{problem.value}”" if problem.value.strip() else ""
    mark = "✓ " if answered else SEVERITIES[problem.severity]
    first = fit(f"{mark}{place}{value}", width)
    return two_lines(first, indented(problem.reason, width))
