"""Files of the register and of the calendar: as a table (.csv) or for a calendar program (.ics).

Each is an open copy, on record as a disclosure, until somebody says where it went.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sqlmodel import Session

from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.followup.collected.register_csv import leaving, to_csv
from fieldkit.followup.dates.calendar import ENTERED, Event, calendar
from fieldkit.followup.dates.diary import leaving_texts
from fieldkit.followup.dates.icalendar import to_ics
from fieldkit.followup.register import RegisterLine
from fieldkit.history.open_copies import OURSELVES, write_copy
from fieldkit.service import now
from screens.feedback.settle_identifiers import settle
from screens.kit.ask import waiting
from screens.kit.dialogs import Choice, Pick
from screens.kit.folder_picker import downloads, remember, remembered, typed
from screens.kit.form import Field, Form
from screens.kit.shell import Shell
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.records import Disclosure

PURPOSE, PLACE = "register", "write-register"
CSV, ICS = "csv", "ics"
OPEN = "It is not encrypted. It is recorded that it left, and home names it until you say where to."


async def register_file(app: Shell, read: Callable[[Session], Sequence[RegisterLine]]) -> None:
    """Ask as what the register is written, and where; runs in a worker.

    Args:
        app: asks.
        read: reads the lines that are shown; anew, where something is taken out of their words.
    """
    choices = [
        Choice(CSV, "a table (.csv)", "for a spreadsheet; it has all words"),
        Choice(ICS, "the days they are due (.ics)", "for a calendar program; without their words"),
    ]
    chosen = await app.push_screen_wait(Pick("Write the register as", choices))
    if chosen is None:
        return
    if chosen == CSV:
        if await _settled(app, lambda s: leaving(read(s))):
            listed = await app.vault.read(read)
            table = to_csv(listed, app.facts.marking).encode()
            of = (one.inspection_id for one in listed)
            await _write(app, "register", "recommendations.csv", table, of)
        return
    events = await app.vault.read(lambda s: _of_register(s, read(s)))
    file = to_ics(events, "Recommendations", app.facts.marking, now()).encode()
    of = (one.inspection_id for one in events)
    await _write(app, "register", "recommendations.ics", file, of)


def _of_register(s: Session, listed: Sequence[RegisterLine]) -> list[Event]:
    ids = {one.id for one in listed}
    events = calendar(s, holidays=False).events
    return [one for one in events if one.record_id in ids and one.sort == "recommendation"]


async def calendar_file(app: Shell, read: Callable[[Session], Sequence[Event]], name: str) -> None:
    """Ask where a calendar of that name is written; ``read`` as for the register."""

    def texts(s: Session) -> Mapping[str, Sequence[LeavingText]]:
        entered: dict[str, list[str]] = {}
        for one in read(s):
            if one.sort == ENTERED:
                entered.setdefault(one.inspection_id, []).append(one.record_id)
        return {of: leaving_texts(s, entries) for of, entries in entered.items()}

    if await _settled(app, texts):
        events = await app.vault.read(read)
        file = to_ics(events, name, app.facts.marking, now()).encode()
        await _write(app, "calendar", "calendar.ics", file, (one.inspection_id for one in events))


async def _settled(
    app: Shell, texts: Callable[[Session], Mapping[str, Sequence[LeavingText]]]
) -> bool:
    """Ask about each identifier in what is to leave, by inspection; say whether none is left."""
    for inspection_id in await app.vault.read(texts):

        def read(s: Session, which: str = inspection_id) -> Sequence[LeavingText]:
            return texts(s).get(which, ())

        if not await settle(app, inspection_id, read):
            return False
    return True


async def _write(app: Shell, what: str, name: str, data: bytes, of: Iterable[str]) -> None:
    """Ask where a file goes, write it, and record that words of these inspections left."""
    drafts_kept = await waiting(app, PLACE)
    folder = await remembered(app.vault, PURPOSE) or downloads()
    fields = [Field("file", "File", str(folder / name), hint="path of the file")]
    form = Form("Where does the file go?", PLACE, fields, drafts_kept, about=OPEN)
    answer = await app.push_screen_wait(form)
    if answer is None:
        return
    path = typed(answer["file"]).absolute()
    if path.suffix.lower() != Path(name).suffix:
        app.say(f"The file ends in {Path(name).suffix}. Nothing was written.", error=True)
        return
    first, *others = [
        Disclosure.make(
            inspection_id=one, what=f"{what} {path.name}", recipient=OURSELVES, at=now()
        )
        for one in dict.fromkeys(filter(None, of)) or (app.inspection_id,)
    ]
    try:
        await asyncio.to_thread(write_copy, app.vault, path, data, first, others)
    except FieldkitError as refusal:
        app.say(str(refusal), error=True)
        return
    await app.vault.write(drafts.committed, PLACE, "file")
    await remember(app.vault, PURPOSE, path.parent)
    await app.refresh_frame()
    app.say(f"Written: {path.name}, in {path.parent.name}. It is on record.")
