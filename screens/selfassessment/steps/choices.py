"""What may stand in a line of steps 1 to 3, and what the choice makes of the reading."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.wording.format import line
from fieldkit.workbook.overrides import Overrides
from screens.kit.dialogs import Pick
from screens.selfassessment.steps import reading_lines
from screens.selfassessment.steps.journey import (
    Journey,
    choose_field,
    choose_headings,
    choose_meaning,
    choose_sheet,
)
from screens.selfassessment.steps.step import COLUMNS, GRADES, SHEET


def line_pick(step: int, journey: Journey, key: str, scale: Sequence[str]) -> Pick | None:
    """Return the dialog for a line, the present choice marked; None where there is none."""
    reading = journey.reading
    if step == SHEET and key == reading_lines.SHEET:
        return Pick("Which sheet?", reading_lines.sheet_choices(reading), reading.sheet)
    if step == SHEET:
        choices = reading_lines.heading_choices(journey)
        return Pick("Which row holds the headings?", choices, str(reading.header_row))
    if step == COLUMNS and key:
        column = journey.column(key)
        heading = f" “{line(column.heading, 40)}”" if column.heading else ""
        return Pick(
            f"Column {key}{heading} is …", reading_lines.field_choices(journey.kind), column.field
        )
    if step == GRADES and key:
        quoted = f"“{line(key, 40)}”" if key.strip() else "A blank cell"
        choices, means = reading_lines.meaning_choices(scale, journey.kind), journey.word(key).means
        return Pick(f"{quoted} means …", choices, means or "")
    return None


def with_choice(step: int, journey: Journey, key: str, chosen: str) -> Overrides:
    """Return what a person decided, with the choice made in a line."""
    overrides = journey.overrides
    if step == SHEET and key == reading_lines.SHEET:
        return choose_sheet(overrides, chosen)
    if step == SHEET:
        return choose_headings(overrides, journey.reading.sheet, int(chosen))
    if step == COLUMNS:
        return choose_field(overrides, key, chosen)
    return choose_meaning(overrides, key, chosen or None)
