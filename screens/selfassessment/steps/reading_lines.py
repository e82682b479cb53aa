"""Steps 1 to 4: the sheet and its headings, the columns, the grade words, the problems."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.selfassessment.masking import (
    NO_WORDS,
    mask_reading,
    shown_samples,
    shown_words,
    unfit_fields,
    why_hidden,
)
from fieldkit.wording.format import line
from fieldkit.workbook.problems import Problem, is_answer
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.table.columns import IGNORE, Column, likely_grades
from fieldkit.workbook.values.grades import GradeWord
from screens.kit.dialogs import Choice
from screens.kit.text import plain
from screens.selfassessment.steps.journey import Journey
from screens.selfassessment.steps.step import Line, Step, cells, fit, indented, two_lines

SHEET, HEADINGS = "sheet", "headings"
FIELD_WORDS = {
    "ref": "force's reference",
    "type": "case type",
    "date": "date of incident",
    "grade": "grade",
    "rationale": "rationale",
    IGNORE: "not read",
}
SURE, LIKELY = 0.85, 0.65
"""Confidence from which a proposal is called sure or likely."""
SEVERITIES = {"error": "! ", "check": "? ", "note": "  "}


def sheet_step(journey: Journey, width: int) -> Step:
    """Step 1: which sheet, which row holds the headings, and why; the first rows."""
    reading = journey.reading
    chosen = next((one for one in reading.sheets if one.chosen), None)
    said = f"{reading.file_name}. {chosen.reason if chosen else ''}"
    others = [f"{one.name} ({one.state})" if one.state != "visible" else one.name
              for one in reading.sheets if not one.chosen]  # fmt: skip
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
    for number, text in journey.preview.rows(reading.sheet, reading.header_rows, _suiting(reading)):
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
    return f"Last time, {journey.last.memory.day}, it was read otherwise. Press l for that."


def _suiting(reading: WorkbookReading) -> list[Column]:
    """The columns that suit what they are taken for."""
    return [one for one in reading.columns if one.field not in unfit_fields(reading)]


def sheet_choices(reading: WorkbookReading) -> list[Choice]:
    """The sheets to choose from, with what was thought of each."""
    return [Choice(one.name, one.name, one.reason) for one in reading.sheets]


def heading_choices(journey: Journey) -> list[Choice]:
    """The rows that may hold the headings."""
    reading = journey.reading
    rows = journey.preview.rows(reading.sheet, reading.header_rows, _suiting(reading))
    return [Choice("0", "There are no headings")] + [
        Choice(str(number), f"{number:>3}  {text}") for number, text in rows
    ]


def column_step(journey: Journey, width: int) -> Step:
    """Step 2: what each column is taken for."""
    reading = journey.reading
    said = "What each column is taken for. Values of the force's grades are not shown by case."
    missing = [FIELD_WORDS[one] for one in reading.missing]
    if missing:
        said += f"\nStill needed: {' and '.join(missing)}. Press e on its column."
    if "grade" in reading.missing:
        said += f" {likely_grades(reading.columns)}".rstrip()
    sizes = (3, min(max(width - 40, 22), 60), 20, 14)
    lines = []
    for one in reading.columns:
        heading = one.heading or "(no heading)"
        if one.hidden:
            heading += " (hidden)"
        sure = "as last time" if journey.remembered(one.column) else _sure(one)
        first = cells((one.column, heading, FIELD_WORDS[one.field], sure), sizes)
        told = why_hidden(one) or " · ".join(shown_samples(one))
        second = fit(f"    {told}", width)
        lines.append(Line(two_lines(first, second, "bold" if one.field != IGNORE else ""),
                          one.column))  # fmt: skip
    hint = "enter  these are right     e  take the column for something else"
    return Step(2, said, lines, hint)


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


def field_choices() -> list[Choice]:
    """What a column may be taken for."""
    return [Choice(name, word) for name, word in FIELD_WORDS.items()]


def grade_step(journey: Journey, width: int) -> Step:
    """Step 3: what the words of the grade column mean."""
    words = shown_words(journey.reading)
    unknown = [one for one in words if one.means is None]
    said = "What the force's words mean on this inspection's scale."
    if unknown:
        rows = sum(one.count for one in unknown)
        said += (
            f" {len(unknown)} of {len(words)} are no grade as they stand ({rows} rows); "
            "they stay without one unless you say what they mean."
        )
    sizes = (min(max(width - 52, 24), 44), 5, 44)
    lines = []
    for one in words:
        means = one.means or f"no grade: {one.why}"
        if one.chosen:
            last = journey.remembered(word=one.written)
            means += " (as last time)" if last else " (said by you)"
        text = cells((_written(one), f"× {one.count}", f"→ {means}"), sizes)
        style = "bold" if one.means is None else ""
        shown = plain(text, style)
        if one.means is None and len(_written(one)) > sizes[0]:
            shown = two_lines(text, indented(line(one.written, 2 * width - 10), width), style)
        lines.append(Line(shown, one.written))
    if journey.reading.cases_above:
        lines.append(Line(two_lines("Nothing is listed yet.", indented(NO_WORDS, width))))
    elif not words:
        lines.append(Line(plain("No column is taken for the grade; press esc to choose it.")))
    hint = "enter  these are right     e  the word means something else"
    return Step(3, said, lines, hint)


def _written(word: GradeWord) -> str:
    return f"“{word.written}”" if word.written.strip() else "(blank)"


def meaning_choices(scale: Sequence[str]) -> list[Choice]:
    """What a word may mean."""
    return [*(Choice(one, one) for one in scale), Choice("", "no grade")]


def problem_step(journey: Journey, width: int) -> Step:
    """Step 4: what is wrong or worth knowing, by cell."""
    problems = mask_reading(journey.reading)
    answered = sum(is_answer(one) for one in problems)
    # Cells that are hidden together are one line, but each leaves a case without a grade.
    every = problems if journey.reading.cases_above else journey.reading.problems
    errors = sum(one.severity == "error" for one in every)
    checks = sum(one.severity == "check" for one in problems)
    notes = [one for one in problems if one.severity == "note" and not is_answer(one)]
    if not problems:
        said = "Nothing in the workbook stood in the way."
    else:
        said = (
            f"! {errors} left without a grade or reference   ? {checks} to look at\n"
            f"  {len(notes)} to know   {answered} answered by you. "
            "They stay listed with the import."
        )
    if journey.as_corrected:
        said += f"\n{journey.as_corrected} e or s on the line takes one back."
    lines = [
        Line(_problem(one, width, is_answer(one)), f"{one.sheet}!{one.cell}" if one.cell else "")
        for one in problems
    ]
    hint = "enter  on to the matches     e  what the cell means     s  skip, with a reason"
    return Step(4, said, lines, hint)


def _problem(one: Problem, width: int, answered: bool) -> Content:
    place = " ".join(filter(None, (one.sheet, one.cell)))
    value = f"  “{one.value}”" if one.value.strip() else ""
    mark = "✓ " if answered else SEVERITIES[one.severity]
    first = fit(f"{mark}{place}{value}", width)
    return two_lines(first, indented(one.reason, width))
