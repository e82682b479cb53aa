"""Asking for dates: a limit is done, planned or open again; entries by hand."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.followup.dates.diary import SORTS, edit_entry, enter, remove_entry
from fieldkit.followup.dates.milestones import DueLine, due_lines, mark_done, mark_open, plan_for
from fieldkit.wording.dates import day_words
from screens.followup.register_rows import NAMES
from screens.kit.ask import commit, fill
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.form import Field
from screens.kit.shell import Shell
from storage.records import CalendarEntry

DONE, PLAN, OPEN = "done", "plan", "open"
SORT_WORDS = {"programme": "another programme", "leave": "leave", "other": "something else"}
QUESTIONS = {DONE: "What is done?", PLAN: "What is planned?", OPEN: "What is open again?"}


async def limit(app: Shell, inspection_id: str, what: str, key: str = "") -> bool:
    """Record that something is done, planned or open again; say whether anything was recorded.

    Runs in a worker.

    Args:
        app: asks.
        inspection_id: of which inspection.
        what: :data:`DONE`, :data:`PLAN` or :data:`OPEN`.
        key: which limit; it is asked for where it is empty.
    """
    due = await app.vault.read(due_lines, inspection_id)
    fitting = [one for one in due if bool(one.done_on) is (what == OPEN)]
    if not fitting:
        app.say("Nothing is done yet." if what == OPEN else "All of it is done.")
        return False
    chosen = next((one for one in fitting if one.key == key), None)
    if chosen is None:
        chosen = await _pick(app, QUESTIONS[what], fitting)
    if chosen is None:
        return False
    name, which = NAMES.get(chosen.key, chosen.label), chosen.key
    place = f"milestone/{inspection_id}/{which}"
    if what == OPEN:
        asked = Confirm(f"{name}: is it not done after all?", yes="open again")
        if not await app.push_screen_wait(asked):
            return False
        done = await commit(app, "", [], lambda s: mark_open(s, inspection_id, which))
    elif what == DONE:
        fields = [
            Field("on", "Day", hint="empty for today; e.g. 20/12"),
            Field("remark", "Remark", chosen.remark, hint="what is to be noted with it"),
        ]
        done = await fill(
            app,
            f"{name}: done",
            place,
            fields,
            lambda s, answer: mark_done(s, inspection_id, which, answer["on"], answer["remark"]),
            about=chosen.words,
        )
    else:
        planned = day_words(chosen.planned_on) if chosen.planned_on else ""
        fields = [Field("planned", "Day", planned, hint="e.g. 9 March 2027; empty for none")]
        done = await fill(
            app,
            f"{name}: planned",
            place,
            fields,
            lambda s, answer: plan_for(s, inspection_id, which, answer["planned"]),
            about=chosen.words,
        )
    return done is not None


async def _pick(app: Shell, question: str, due: Sequence[DueLine]) -> DueLine | None:
    choices = [Choice(one.key, NAMES.get(one.key, one.label), one.words) for one in due]
    key = await app.push_screen_wait(Pick(question, choices))
    return next((one for one in due if one.key == key), None)


async def entry(app: Shell, inspection_id: str, known: CalendarEntry | None = None) -> bool:
    """Enter dates by hand, or change those that are known; say whether it was done."""
    sorts = tuple(Choice(one, SORT_WORDS[one]) for one in SORTS)
    before = known
    fields = [
        Field("title", "What takes place", before.title if before else "", hint="e.g. JTAI"),
        Field("sort", "It is", before.sort if before else SORTS[0], choices=sorts),
        Field("starts", "First day", _day(before.starts) if before else "", hint="e.g. 9/3"),
        Field("ends", "Last day", _day(before.ends) if before else "", hint="empty for one day"),
        Field("who", "Of leave, whose", before.person if before else "", hint="a name"),
    ]
    if before is None:
        done = await fill(
            app,
            "Dates by hand",
            f"new-dates/{inspection_id}",
            fields,
            lambda s, answer: enter(
                s,
                inspection_id,
                answer["title"],
                answer["starts"],
                answer["ends"],
                sort=answer["sort"],
                person_away=answer["who"],
            ),
        )
    else:
        which = before.id
        done = await fill(
            app,
            "Dates by hand",
            f"dates/{which}",
            fields,
            lambda s, answer: edit_entry(
                s,
                which,
                title=answer["title"],
                starts=answer["starts"],
                ends=answer["ends"],
                sort=answer["sort"],
                person_away=answer["who"],
            ),
        )
    return done is not None


def _day(day: str) -> str:
    return day_words(day) if day else ""


async def take_away(app: Shell, known: CalendarEntry) -> bool:
    """Take dates away that were entered by hand, after a question; say whether it was done."""
    asked = Confirm(f"Take “{known.title}” out of the calendar?", yes="take it out")
    if not await app.push_screen_wait(asked):
        return False
    await commit(app, "", [], lambda s: remove_entry(s, known.id))
    return True
