"""Answering problems by cell while a workbook is read: what it means, or why it is skipped.

An answer is part of the reading and is written with the import. Its words are kept as drafts until
then; what the force wrote in the cell stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fieldkit.methodology import Methodology
from fieldkit.workbook.cell_answers import NO_GRADE
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.table.columns import IGNORE
from screens.kit.ask import ask
from screens.kit.dialogs import Choice, Pick
from screens.kit.shell import Shell
from screens.selfassessment.steps.journey import Journey

AS_IT_STANDS = "as it stands"
NO_MEANING = "This is about no single cell of a case. s passes it over, with a reason."
NO_CELL = "This is about no single cell. esc goes back to the words, the columns and the sheet."
ASKED = {
    "ref": "the force's reference",
    "date": "the date of the incident",
    "rationale": "the force's reasons",
}


def place_of(inspection_id: str) -> str:
    """Say where the drafts of answers are kept."""
    return f"new-answer/{inspection_id}"


def fields_of(overrides: Overrides) -> Iterable[str]:
    """Return the drafts that an import makes needless."""
    return (
        *(f"fix {cell}" for cell in overrides.fixes),
        *(f"skip {cell}" for cell in overrides.skips),
    )


def field_of(journey: Journey, place: str) -> str:
    """Return what the cell of a problem is taken for; empty where it can be given no meaning."""
    sheet, _, cell = place.rpartition("!")
    column = cell.rstrip("0123456789")
    row = cell[len(column) :]
    if sheet != journey.reading.sheet or not row:
        return ""
    rows = {one.row: one for one in (*journey.reading.rows, *journey.reading.skipped)}
    if int(row) not in rows:
        return ""
    fields = {one.column: one.field for one in journey.reading.columns}
    # Tables under one another may have their columns in another order.
    fields |= {one.cell.rstrip("0123456789"): one.field for one in rows[int(row)].cells}
    field = fields.get(column, IGNORE)
    return "" if field == IGNORE else field


async def fix(
    app: Shell, journey: Journey, methodology: Methodology, inspection_id: str, place: str
) -> Overrides | None:
    """Ask what the cell means; ``None`` where nothing is to change. Runs in a worker."""
    field = field_of(journey, place)
    if not field:
        app.say(NO_MEANING if place[-1:].isdigit() else NO_CELL)
        return None
    cell = place.rpartition("!")[2]
    present = journey.overrides.fixes.get(cell, "")
    if field in ("grade", "type"):
        meaning = await _picked(app, field, cell, methodology, present)
    elif present:
        meaning = ""  # what was said is taken back by the same key
    else:
        title = f"{cell}: what is {ASKED[field]}?"
        hint = "What the force wrote is kept beside it."
        meaning = await ask(app, title, place_of(inspection_id), f"fix {cell}", hint=hint)
    if meaning is None or meaning == present:
        return None
    fixes = {name: one for name, one in journey.overrides.fixes.items() if name != cell}
    if meaning:
        fixes[cell] = meaning
    return replace(journey.overrides, fixes=fixes)


async def _picked(
    app: Shell, field: str, cell: str, methodology: Methodology, present: str
) -> str | None:
    if field == "grade":
        words = [(one, one) for one in methodology.scale_for("case").labels]
        words.append((NO_GRADE, "no grade"))
    else:
        words = [(one.label, one.label) for one in methodology.case_types]
    choices = [Choice("", AS_IT_STANDS), *(Choice(value, label) for value, label in words)]
    chosen: str | None = await app.push_screen_wait(Pick(f"{cell} means …", choices, present))
    return chosen


async def skip(app: Shell, journey: Journey, inspection_id: str, place: str) -> Overrides | None:
    """Ask why a row is left out, or a problem passed over; a second time it is taken back."""
    sheet, _, cell = place.rpartition("!")
    if not cell:
        app.say(NO_CELL)
        return None
    here = sheet == journey.reading.sheet
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not row:
        app.say(NO_CELL)
        return None
    skips = dict(journey.overrides.skips)
    if here and int(row) in {one.row for one in journey.reading.skipped}:
        skips_left = {
            n: why for n, why in skips.items() if n.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != row
        }
        return replace(journey.overrides, skips=skips_left)
    name = cell if here else place
    if skips.pop(name, None) is not None:
        return replace(journey.overrides, skips=skips)
    whole = here and int(row) in {one.row for one in journey.reading.rows}
    title = f"Leave row {row} out: why?" if whole else f"{cell}: why may it be passed over?"
    reason = await ask(app, title, place_of(inspection_id), f"skip {name}")
    return None if reason is None else replace(journey.overrides, skips={**skips, name: reason})
