"""Answering problems by cell while a workbook is read: what it means, or why it is skipped.

An answer is part of the reading and is written with the import. Its words are kept as drafts until
then; what the force wrote in the cell stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fieldkit.methodology import Methodology
from fieldkit.workbook.cautions import ANSWERS
from fieldkit.workbook.cell_answers import AS_IT_STANDS as STANDS
from fieldkit.workbook.cell_answers import NO_GRADE
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.table.columns import IGNORE
from fieldkit.workbook.values.date_order import ORDERS
from screens.kit.ask import ask
from screens.kit.dialogs import Choice, Pick
from screens.kit.shell import Shell
from screens.selfassessment.steps.journey import Journey

AS_IT_STANDS = "as it stands"
NOT_ANSWERED = "not, before somebody says so"
NO_MEANING = "This is about no single cell of a case. s passes it over, with a reason."
NO_CELL = "This is about no single cell. esc goes back to the words, the columns and the sheet."


def place_of(journey: Journey, inspection_id: str) -> str:
    """Say where the drafts of answers are kept."""
    return f"{journey.kind.place}/{inspection_id}"


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
    if int(row) not in {one.row for one in (*journey.reading.rows, *journey.reading.skipped)}:
        return ""
    field: str = journey.reading.field_of(column, int(row))
    return "" if field == IGNORE else field


async def fix(
    app: Shell, journey: Journey, methodology: Methodology, inspection_id: str, place: str
) -> Overrides | None:
    """Ask what the cell means; ``None`` where nothing is to change. Runs in a worker."""
    field = field_of(journey, place)
    cell = place.rpartition("!")[2]
    present = journey.overrides.fixes.get(cell, "")
    sayings = sayings_of(journey, place)
    if not field and not sayings:
        app.say(NO_MEANING if place[-1:].isdigit() else NO_CELL)
        return None
    if not field:
        choices = [Choice("", NOT_ANSWERED), *(Choice(one, one) for one in sayings)]
        meaning = await app.push_screen_wait(Pick(f"{cell} counts …", choices, present))
    elif field not in journey.kind.texts:
        meaning = await _picked(app, journey, field, cell, methodology, present, sayings)
    elif present:
        meaning = ""  # what was said is taken back by the same key
    else:
        title = f"{cell}: what is {journey.kind.texts[field]}?"
        hint = "What stands in the file is kept beside it."
        if sayings:
            hint += f" “{sayings[0]}” lets it count."
        drafts = place_of(journey, inspection_id)
        meaning = await ask(app, title, drafts, f"fix {cell}", hint=hint)
    if meaning is None or meaning == present:
        return None
    fixes = {name: one for name, one in journey.overrides.fixes.items() if name != cell}
    if meaning:
        fixes[cell] = meaning
    return replace(journey.overrides, fixes=fixes)


def _is_case(journey: Journey, place: str, row: int) -> bool:
    """Say whether a row is read as a case, or would be if somebody said so."""
    return row in {one.row for one in journey.reading.rows} or bool(sayings_of(journey, place))


def sayings_of(journey: Journey, place: str) -> tuple[str, ...]:
    """Return what may be said of a cell, row or column that counts only when it is answered."""
    sheet, _, cell = place.rpartition("!")
    if sheet != journey.reading.sheet:
        return ()
    for problem in journey.reading.problems:
        if (problem.sheet, problem.cell) == (sheet, cell) and problem.code in ANSWERS:
            return ANSWERS[problem.code]
    present = journey.overrides.fixes.get(cell, "")
    if cell.isalpha():
        return tuple(ORDERS) if present else ()
    return (present,) if present == STANDS else ()


async def _picked(
    app: Shell,
    journey: Journey,
    field: str,
    cell: str,
    methodology: Methodology,
    present: str,
    sayings: Sequence[str],
) -> str | None:
    if field == journey.kind.grade:
        grades = (*methodology.scale_for("case").labels, *journey.kind.states)
        words = [(one, one) for one in grades]
        words.append((NO_GRADE, "no grade"))
    elif field == "origin":
        words = [(one.key, one.label) for one in methodology.origins]
    else:
        words = [(one.label, one.label) for one in methodology.case_types]
    words += [(saying, saying) for saying in sayings]
    choices = [
        Choice("", NOT_ANSWERED if sayings else AS_IT_STANDS),
        *(Choice(value, label) for value, label in words),
    ]
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
    if not row and not sayings_of(journey, place):
        app.say(NO_CELL)
        return None
    skips = dict(journey.overrides.skips)
    if row and here and int(row) in {one.row for one in journey.reading.skipped}:
        skips_left = {
            n: why for n, why in skips.items() if n.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != row
        }
        return replace(journey.overrides, skips=skips_left)
    name = cell if here else place
    if skips.pop(name, None) is not None:
        return replace(journey.overrides, skips=skips)
    whole = bool(row) and here and _is_case(journey, place, int(row))
    title = f"Leave row {row} out: why?" if whole else f"{cell}: why may it be passed over?"
    reason = await ask(app, title, place_of(journey, inspection_id), f"skip {name}")
    return None if reason is None else replace(journey.overrides, skips={**skips, name: reason})
