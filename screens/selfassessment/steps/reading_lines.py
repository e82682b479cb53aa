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
from screens.kit.drawing.chips import Grades, late
from screens.kit.drawing.rows import cut, muted, row, strong
from screens.kit.drawing.signs import glyph, sign
from screens.kit.text import plain
from screens.selfassessment.steps.file_kind import FileKind
from screens.selfassessment.steps.journey import Journey
from screens.selfassessment.steps.step import Line, Step, fit, indented, middle, two_lines
from storage.ops.text import many

SHEET, HEADINGS = "sheet", "headings"
SURE, LIKELY = 0.85, 0.65
"""Confidence from which a proposal is called sure or likely."""
RIGHT = "These are right"


def sheet_step(journey: Journey, width: int, grades: Grades) -> Step:
    """Draw step 1: which sheet, which row holds the headings, and why; the first rows."""
    reading = journey.reading
    chosen = next((sheet for sheet in reading.sheets if sheet.chosen), None)
    said = chosen.reason if chosen else ""
    others = [f"{sheet.name} ({sheet.state})" if sheet.state != "visible" else sheet.name
              for sheet in reading.sheets if not sheet.chosen]  # fmt: skip
    if others:
        said += f"\nOther sheets: {', '.join(others)}."
    if journey.last is not None:
        said += f"\n{_last_time(journey)}"
    first, last = reading.header_rows
    rows = f"rows {first} and {last}" if first != last else f"row {last}"
    lines = [
        Line(row((("Sheet", 9), (strong(reading.sheet), width - 10))), SHEET),
        Line(row((("Headings", 9), (strong(rows if last else "none"), width - 10))), HEADINGS),
    ]
    for number, text in _preview(journey):
        heads = first <= number <= last
        shown = fit(f"{glyph('now') if heads else ' '}{number:>4}  {text}", width)
        look = strong if heads else muted if number < first else plain
        lines.append(Line(look(shown), HEADINGS))
    keys = {"next": RIGHT, "change": "Other sheet, headings"}
    return Step(
        1,
        "Sheet and headings",
        said,
        lines,
        keys | _last_key(journey),
        figure=middle(reading.file_name, max(width - 30, 20)),
    )


def _last_key(journey: Journey) -> dict[str, str]:
    """Offer to read as the last file like it, or afresh, where that would change anything."""
    if journey.last is None or not journey.last.changes:
        return {}
    return {"as_last_time": "Afresh" if journey.as_last_time else "As last time"}


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


def column_step(journey: Journey, width: int, grades: Grades) -> Step:
    """Draw step 2: what each column is taken for."""
    reading = journey.reading
    kind = journey.kind
    text = kind.columns_said
    missing = [kind.fields[column] for column in reading.missing]
    if missing:
        text += f"\nStill needed: {' and '.join(missing)}. Press e on its column."
    if "grade" in reading.missing:
        text += f" {likely_grades(reading.columns)}".rstrip()
    left, right = min(max(width - 45, 22), 60), 20
    lines = []
    for column in reading.columns:
        heading = line(column.heading, 200) or "(no heading)"
        if column.hidden:
            heading += " (hidden)"
        sure = "as last time" if journey.is_as_last_time(column.column) else _sure(column)
        taken = column.field != IGNORE
        look = strong if taken else muted
        first = row(
            (
                (muted(column.column), 3),
                (look(heading), left),
                (muted(glyph("arrow")), 1),
                (look(kind.fields[column.field]), right),
                (muted(sure), max(width - left - right - 8, 1)),
            )
        )
        shown = kind.hidden(column) or f" {glyph('dot')} ".join(kind.samples(column))
        lines.append(Line(two_lines(first, fit(f"    {shown}", width)), column.column))
    read = sum(column.field != IGNORE for column in reading.columns)
    return Step(
        2,
        "What each column is",
        text,
        lines,
        {"next": RIGHT, "change": "Something else"} | _last_key(journey),
        figure=f"{read} of {len(reading.columns)} read",
    )


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


def grade_step(journey: Journey, width: int, grades: Grades) -> Step:
    """Draw step 3: what the words of the grade column mean."""
    words = journey.kind.words(journey.reading)
    unknown = [word for word in words if word.means is None]
    said = f"What {journey.kind.whose} words mean on this inspection's scale."
    if unknown:
        rows = sum(word.count for word in unknown)
        said += (
            f" {len(unknown)} of {len(words)} are no grade as they stand ({many(rows, 'row')}); "
            "they stay without one unless you say what they mean."
        )
    lines = [Line(_grade_word(journey, word, width, grades), word.written) for word in words]
    if journey.reading.cases_above:
        lines.append(Line(two_lines("Nothing is listed yet.", indented(NO_WORDS, width))))
    elif not words:
        lines.append(Line(plain("No column is taken for the grade; press esc to choose it.")))
    keys = {"next": RIGHT} | ({"change": "Means something else"} if words else {})
    return Step(
        3,
        f"What {journey.kind.whose} words mean",
        said,
        lines,
        keys | _last_key(journey),
        figure=f"{len(unknown)} of {len(words)} no grade" if unknown else many(len(words), "word"),
    )


def _grade_word(journey: Journey, word: GradeWord, width: int, grades: Grades) -> Content:
    left = min(max(width - 52, 24), 44)
    written = _written(word)
    if word.means is None:
        means = strong(f"no grade: {word.why}")
    else:
        means = grades.chip_and_word(word.means)
    if word.chosen:
        last = journey.is_as_last_time(word=word.written)
        means = Content.assemble(means, muted(" (as last time)" if last else " (said by you)"))
    first = row(
        (
            (strong(written) if word.means is None else plain(written), left),
            (muted(f"× {word.count}"), 6),
            (muted(glyph("arrow")), 1),
            (means, max(width - left - 10, 10)),
        )
    )
    if word.means is None and len(written) > left:
        return two_lines(first, indented(line(word.written, 2 * width - 10), width))
    return first


def _written(word: GradeWord) -> str:
    return f"“{word.written}”" if word.written.strip() else "(blank)"


def meaning_choices(scale: Sequence[str], kind: FileKind) -> list[Choice]:
    """Return what a word may mean."""
    return [*(Choice(one, one) for one in (*scale, *kind.states)), Choice("", "no grade")]


def problem_step(journey: Journey, width: int, grades: Grades) -> Step:
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
        text = "Nothing in the workbook needs an answer."
    else:
        counts = (
            (errors, "left without a grade or reference"),
            (checks, "to look at"),
            (len(notes), "to know"),
            (answered, "answered by you"),
        )
        said = ", ".join(f"{count} {words}" for count, words in counts if count)
        text = f"{said}. They stay listed with the import."
    text += f"\n{journey.reading.account.row_words()}"
    if journey.as_corrected:
        text += f"\n{journey.as_corrected} e or s on the line takes one back."
    lines = [
        Line(
            _problem(problem, width),
            f"{problem.sheet}!{problem.cell}" if problem.cell else "",
        )
        for problem in problems
    ]
    keys = {"next": f"To the {journey.kind.after}"}
    if problems:
        keys |= {"change": "What it means", "skip": "Skip"}
    figure = Content("  ").join(
        part
        for part in (
            late(f"{errors}") if errors else Content(""),
            sign("query", f"{checks}") if checks else Content(""),
        )
        if part.plain
    )
    return Step(
        4, "Problems", text, lines, keys, figure=figure, none="" if problems else "No problem."
    )


def problem_mark(problem: Problem) -> Content:
    """Return three columns: answered, to be mended, to be looked at, or only to be known."""
    if is_answer(problem):
        return sign("done").pad(1, 1)
    marks = {"error": late(""), "check": sign("query").pad(1, 1)}
    return marks.get(problem.severity, Content("   "))


def _problem(problem: Problem, width: int) -> Content:
    place = " ".join(filter(None, (problem.sheet, problem.cell)))
    value = f"  “{problem.value}”" if problem.value.strip() else ""
    first = cut(Content.assemble(problem_mark(problem), fit(f"{place}{value}", width - 3)), width)
    return two_lines(first, indented(problem.reason, width))
