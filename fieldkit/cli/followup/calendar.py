"""``fieldkit calendar``: every day of the follow-up, what is late, and dates entered by hand."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.options import DAY, between
from fieldkit.cli.kit.pick import pick
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.followup.dates.calendar import ENTERED, Calendar, calendar, calendar_text
from fieldkit.followup.dates.diary import SORTS, edit_entry, enter, leaving_texts, remove_entry
from fieldkit.followup.dates.icalendar import to_ics
from fieldkit.followup.dates.milestones import (
    DueLine,
    Late,
    due_lines,
    late,
    mark_done,
    mark_open,
    plan_for,
)
from fieldkit.service import now
from fieldkit.wording.format import set_in
from storage.records import CalendarEntry, Milestone
from storage.records.lookup import records_in

LIMIT = "what is due: update, action-plan, revisit, visit-notice or written-feedback"
ENTRY = "its id or a part of its title"


@dataclass(frozen=True, slots=True)
class Dates:
    """Holds the limits of an inspection's follow-up, its calendar, and what is late.

    Attributes:
        due: the limits; none in a year over all inspections.
        events: the calendar.
        clashes: which of its days collide.
        late: what is overdue.
    """

    due: tuple[DueLine, ...]
    events: Calendar
    clashes: tuple[str, ...]
    late: tuple[Late, ...]


def define_calendar(noun: CommandParser) -> None:
    """Say what “calendar” takes."""
    noun.handle(
        _calendar,
        "Without a further command: the calendar of the inspection, what is due of its follow-up, "
        "and what clashes. With --year, of all inspections kept here.",
    )
    noun.add_argument("--year", type=between(1900, 2200), default=0, metavar="YEAR", help="a year")
    noun.flag("--no-holidays", "without bank holidays")
    noun.flag("--ics", "as an iCalendar file (RFC 5545), for a calendar program")
    noun.command("late", _late, "what is past its last day, in every inspection kept here")
    done = noun.command("done", _done, "record that something that was due has been done")
    done.add_argument("what", metavar="WHAT", help=LIMIT)
    done.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    done.text("--remark", "what is to be noted with it", default="")
    again = noun.command("reopen", _reopen, "take back that something was done")
    again.add_argument("what", metavar="WHAT", help=LIMIT)
    plan = noun.command("plan", _plan, "say for which day something is planned; empty for none")
    plan.add_argument("what", metavar="WHAT", help=LIMIT)
    plan.add_argument("day", metavar="DAY", help=DAY)
    add = noun.command("add", _add, "enter dates by hand: another programme, or leave")
    add.text("title", "what takes place, such as PEEL or JTAI", metavar="TITLE")
    add.add_argument("--starts", required=True, metavar="DAY", help="the first day")
    _entry(add, SORTS[0])
    edit = noun.command("edit", _edit, "change dates that were entered by hand")
    edit.add_argument("entry", metavar="ENTRY", help=ENTRY)
    edit.text("--title", "what takes place", main=True)
    edit.add_argument("--starts", metavar="DAY", help="the first day")
    _entry(edit, None)
    remove = noun.command("remove", _remove, "take dates away that were entered by hand")
    remove.add_argument("entry", metavar="ENTRY", help=ENTRY)


def _entry(parser: CommandParser, sort: str | None) -> None:
    empty = None if sort is None else ""
    parser.add_argument("--ends", default=empty, metavar="DAY", help="the last day")
    parser.add_argument(
        "--sort", default=sort, choices=SORTS, help=f"what it is (default: {SORTS[0]})"
    )
    parser.text("--who", "whose leave it is", default=empty, metavar="NAME")


def _calendar(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> Dates:
        if args.year:
            context.mark(s)
            shown = calendar(s, year=args.year, holidays=not args.no_holidays)
            return Dates((), shown, shown.clashes, tuple(late(s)))
        inspection = context.inspection(s)
        shown = calendar(s, inspection.id, holidays=not args.no_holidays)
        due = due_lines(s, inspection.id)
        return Dates(tuple(due), shown, shown.clashes, tuple(late(s, inspection.id)))

    vault = context.open_vault()
    dates = vault.read_now(read)
    if args.ics:
        _refuse_unsettled(context, dates.events)
        name = f"Inspections {args.year}" if args.year else "Inspection"
        context.terminal.put_file(to_ics(dates.events.events, name, context.marking, now()))
        return
    parts = [calendar_text(dates.events)]
    if dates.due:
        parts.append("\n".join(["Due", *(f"  {one.words}" for one in dates.due)]))
    context.show(dates, "\n\n".join(filter(None, parts)), marked=True)


def _refuse_unsettled(context: Context, shown: Calendar) -> None:
    """Refuse a file in which somebody could be known by what was entered by hand."""
    entered: dict[str, list[str]] = {}
    for one in shown.events:
        if one.sort == ENTERED:
            entered.setdefault(one.inspection_id, []).append(one.record_id)

    def look(s: Session) -> None:
        for inspection_id, entries in entered.items():
            refuse_unsettled(s, inspection_id, leaving_texts(s, entries))

    context.open_vault().read_now(look)


def _late(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> list[Late]:
        context.mark(s)
        return late(s)

    found = context.open_vault().read_now(read)
    rows = [f"{one.force}: {one.words}\n   {one.command}" for one in found]
    none = "Nothing of the follow-up is late."
    context.show(found, "\n".join(map(set_in, rows)), marked=True, none=none)


def _done(args: argparse.Namespace, context: Context) -> None:
    _show_milestone(context, context.write(mark_done, args.what, args.on, args.remark))


def _reopen(args: argparse.Namespace, context: Context) -> None:
    _show_milestone(context, context.write(mark_open, args.what))


def _plan(args: argparse.Namespace, context: Context) -> None:
    _show_milestone(context, context.write(plan_for, args.what, args.day))


def _show_milestone(context: Context, milestone: Milestone) -> None:
    context.show(milestone)
    lines = context.read(due_lines)
    context.terminal.say(next(one.words for one in lines if one.key == milestone.timing))


def _add(args: argparse.Namespace, context: Context) -> None:
    def add(s: Session, inspection_id: str) -> CalendarEntry:
        options = {"sort": args.sort, "person_away": args.who}
        return enter(s, inspection_id, args.title, args.starts, args.ends, **options)

    entry = context.write(add)
    context.show(entry, entry.id)
    _say_clashes(context)


def _edit(args: argparse.Namespace, context: Context) -> None:
    options = context.options("title", "starts", "ends", "sort", "who")
    if all(value is None for value in options.values()):
        args.refuse("edit needs something to change, such as --starts")
    options["person_away"] = options.pop("who")

    def edit(s: Session, inspection_id: str) -> CalendarEntry:
        return edit_entry(s, _entry_meant(s, inspection_id, args.entry).id, **options)

    context.show(context.write(edit))
    _say_clashes(context)


def _remove(args: argparse.Namespace, context: Context) -> None:
    def remove(s: Session, inspection_id: str) -> dict[str, str]:
        entry = _entry_meant(s, inspection_id, args.entry)
        remove_entry(s, entry.id)
        return {"id": entry.id, "title": entry.title}

    context.show(context.write(remove))
    context.terminal.say("The dates are taken away.")


def _entry_meant(s: Session, inspection_id: str, wanted: str) -> CalendarEntry:
    entries = records_in(s, CalendarEntry, inspection_id)
    return pick(wanted, entries, lambda one: one.title, "entry", plural="entries")


def _say_clashes(context: Context) -> None:
    def read(s: Session, inspection_id: str) -> tuple[str, ...]:
        return calendar(s, inspection_id, holidays=False).clashes

    for sentence in context.read(read):
        context.terminal.say(sentence)
