"""``fieldkit inspection``: begin one, list and show them, leave the site, states."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs, table
from fieldkit.cli.kit.options import between
from fieldkit.feedback.leaving import StillOpen, leave, still_open
from fieldkit.followup.dates.milestones import Late, due_lines, late
from fieldkit.followup.numbers import MOST as MOST_NUMBER
from fieldkit.followup.publication import PUBLISHED, publish
from fieldkit.inspections import inspections
from fieldkit.inspections.home import Overview, home
from fieldkit.inspections.join import doubles
from fieldkit.inspections.states import (
    FIELDWORK,
    LEFT,
    change_state,
    changed_afterwards,
    changed_text,
    steps,
)
from fieldkit.service import existing
from fieldkit.wording.dates import day_words, short_moment, span_words
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import kinds, of_kind
from storage.records import Inspection
from storage.records.inspection import PHASES, STATES

WHICH = "its id, the beginning of it, or its force's name; default: the one that is open"


def define_inspection(noun: CommandParser) -> None:
    """Say what “inspection” takes."""
    new = noun.command(
        "new",
        _new,
        "begin an inspection of your own; a team inspection appears once you have joined the team",
    )
    new.text("--force", "the force's name", required=True, metavar="NAME")
    new.add_argument(
        "--methodology", required=True, metavar="VERSION", help="2014, 2018 or 2024; pinned"
    )
    new.add_argument("--starts", default="", metavar="DATE", help="first day, as in 8 June 2026")
    new.add_argument("--ends", default="", metavar="DATE", help="last day")
    new.add_argument(
        "--phase",
        default="inspection",
        choices=PHASES,
        help="where it stands in the programme (default: inspection)",
    )
    new.add_argument(
        "--follows",
        default="",
        metavar="ID",
        help="the inspection that a visit, a review or a re-inspection follows: its id, the "
        "beginning of it, or its force (default: the latest of that force kept here)",
    )
    new.text("--marking", "what stands at the top and bottom of every output")
    new.add_argument("--language", default="en", metavar="TAG", help="language of the notes")
    new.flag("--joining", "make it even where one of the same force and dates is here")
    noun.command("list", _list, "every inspection kept here")
    show = noun.command("show", _show, "show how far the inspection has come, and what is next")
    show.add_argument("which", nargs="?", metavar="ID", help=WHICH)
    leave = noun.command(
        "leave",
        _leave,
        "record that the fieldwork is over",
        "Record that the team has left the site. What is still open is listed; with any of it open "
        "that needs --reason. From then on whatever is changed needs a reason too.",
    )
    leave.add_argument("which", nargs="?", metavar="ID", help=WHICH)
    leave.text("--reason", "why, although something is still open", default="")
    leave.flag("--list", "only list what is still open")
    state = noun.command(
        "state",
        _state,
        "show the state, since when, and what was changed after the site was left",
        "Show the state and every step to it; with --to, record the next one (published, followed "
        "up) or correct it. A correction needs --reason.",
    )
    state.add_argument("which", nargs="?", metavar="ID", help=WHICH)
    state.add_argument("--to", metavar="STATE", help=", ".join(STATES))
    state.text("--reason", "why the state is corrected", default="")
    published = noun.command(
        "publish",
        _publish,
        "record the day on which the report was published, and number its recommendations",
        "Everything that follows is counted from that day: the action plan, the visit, the "
        "deadlines. Another day corrects it, with --reason.",
    )
    published.add_argument("which", nargs="?", metavar="ID", help=WHICH)
    published.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    published.add_argument(
        "--first-number",
        type=between(1, MOST_NUMBER),
        default=0,
        metavar="NUMBER",
        help="of the first recommendation, where earlier ones of the force are not kept here "
        "(default: after the last that is)",
    )
    published.text("--reason", "why the day is corrected", default="")
    back = noun.command(
        "bring-back", _bring_back, "bring back a deleted inspection whose records are still here"
    )
    back.add_argument("which", metavar="ID", help="its id or the beginning of it, from “list”")


def _new(args: argparse.Namespace, context: Context) -> None:
    names = ("force", "methodology", "starts", "ends", "phase", "follows", "marking")
    given = context.options(*names, "language", "joining")
    inspection = context.open_vault().write_now(inspections.create, **given)
    context.show(inspection, inspection.id)
    context.terminal.say(
        f"The inspection of {inspection.force} is open, by the {inspection.version} methodology."
    )


def _list(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    lines = vault.read_now(inspections.listing)
    rows = [
        (
            *(line.short, line.force, line.phase, "deleted" if line.deleted else line.state),
            *(line.methodology, str(line.cases), line.dates, line.by, line.sent),
        )
        for line in lines
    ]
    headings = ("id", "force", "phase", "state", "method", "cases", "dates", "whose", "sent")
    none = "There is no inspection yet. Begin one with “fieldkit inspection new”."
    context.show(lines, table(headings, rows), none=none)
    for sentence in [*(line.lost for line in lines if line.deleted), *vault.read_now(doubles)]:
        context.terminal.say(sentence)


def _bring_back(args: argparse.Namespace, context: Context) -> None:
    inspection = context.open_vault().write_now(inspections.bring_back, args.which)
    context.show(inspection, inspection.id)
    context.terminal.say(
        f"The inspection of {inspection.force} is open again, here and wherever it is exchanged."
    )


def _which(args: argparse.Namespace, context: Context) -> str:
    context.wanted = args.which or context.wanted
    return context.inspection_id()


def _show(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    inspection_id = _which(args, context)
    overview = vault.read_now(home, inspection_id)
    inspection = vault.read_now(context.inspection)
    overdue = vault.read_now(late, inspection_id)
    data = {"inspection": inspection, "overview": overview, "late": overdue}
    text = _text(overview, inspection, overdue, context.terminal.width)
    context.show(data, text, marked=True)


def _text(home: Overview, inspection: Inspection, overdue: Sequence[Late], width: int) -> str:
    unsent = kinds(home.unsent_of)
    rows = [
        ("inspection", f"{home.force}, {home.phase}, {home.state}"),
        ("id", home.inspection_id),
        ("dates", span_words(home.starts, home.ends)),
        ("methodology", inspection.version),
        (
            "cases",
            f"{home.done} done ({home.part} of them with criteria open), {home.open} open, of them "
            f"{home.mine} yours",
        ),
        ("withdrawn", str(home.withdrawn or "")),
        ("changed today", f"{home.changed_today} cases"),
        ("not sent yet", of_kind(home.unsent, "record") + (f" ({unsent})" if unsent else "")),
        ("unfinished text", str(home.drafts or "")),
        ("conflicts", _conflicts(home)),
        *(("late", f"{one.words} ({one.command})") for one in overdue),
        *(("referral", f"{one.reference}: {one.clock}") for one in home.referrals),
        ("queries", _queries(home)),
        ("look again", str(home.look_again or "")),
        ("deleted", home.deleted),
        ("open copies", home.copies),
        ("backup", home.backup),
        ("next", home.next),
    ]
    return pairs(rows, width)


def _conflicts(home: Overview) -> str:
    if not home.conflicts:
        return home.conflicts_elsewhere
    return "; ".join(filter(None, (str(home.conflicts), home.conflicts_elsewhere)))


def _queries(home: Overview) -> str:
    waiting = home.queries
    if not waiting.for_me and not waiting.to_settle:
        return ""
    return f"{waiting.for_me} for you to answer, {waiting.to_settle} answered for you to settle"


def _leave(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    inspection_id = _which(args, context)
    if args.list:
        matters = vault.read_now(still_open, inspection_id)
        none = "Nothing is open. The team can leave."
        context.show(matters, open_text(matters), marked=True, none=none)
        return
    matters = vault.read_now(still_open, inspection_id)
    inspection = vault.write_now(leave, inspection_id, args.reason)
    context.show({"inspection": inspection, "open": matters})
    for matter in matters:
        context.terminal.say(f"Left open: {matter.words} ({matter.command}).")
    context.terminal.say(
        f"The team has left {inspection.force}. From now on whatever is changed needs a reason; "
        "“fieldkit inspection state” corrects the state."
    )


def _publish(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    inspection_id = _which(args, context)
    published = vault.write_now(publish, inspection_id, args.on, args.reason, args.first_number)
    due = vault.read_now(due_lines, inspection_id)
    context.show({"inspection": published.inspection, "numbered": published.numbered, "due": due})
    numbers = [str(one.number) for one in published.numbered]
    day = day_words(published.inspection.published)
    context.terminal.say(
        f"The report on {published.inspection.force} was published on {day}."
        + (f" Recommendations numbered: {', '.join(numbers)}." if numbers else "")
    )
    for line in due:
        context.terminal.say(line.words)


def open_text(matters: Sequence[StillOpen]) -> str:
    """Return what is still open, what a person calls each, and what settles it."""
    return "\n".join(
        set_in(f"▲ {one.words}" + (f": {'; '.join(one.names)}" if one.names else "."))
        + f"\n   {one.command}"
        for one in matters
    )


def _state(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    inspection_id = _which(args, context)
    if args.to is not None:
        vault.write_now(_to_state, inspection_id, args.to, args.reason)
    inspection = vault.read_now(context.inspection)
    passed = vault.read_now(steps, inspection_id)
    changed = vault.read_now(changed_afterwards, inspection_id)
    if args.to is not None and inspection.state == PUBLISHED and not inspection.published:
        context.terminal.say(
            "On which day is not recorded yet, and nothing is due before it is: “fieldkit "
            "inspection publish --on DAY” records it, and numbers the recommendations."
        )
    lines = [f"{inspection.force}: {inspection.state}"]
    lines += [
        f"  {short_moment(one.when)}  {one.before} → {one.after}, by {one.who}"
        + (f": {one.reason}" if one.reason else "")
        for one in passed
    ]
    lines += [changed_text(changed), *(f"  {one.words}" for one in changed)] if changed else []
    data = {"inspection": inspection, "steps": passed, "changed_after_leaving": changed}
    context.show(data, "\n".join(map(set_in, lines)), marked=True)


def _to_state(s: Session, inspection_id: str, state: str, reason: str) -> Inspection:
    inspection = existing(s, Inspection, inspection_id)
    if (inspection.state, " ".join(state.split()).casefold()) == (FIELDWORK, LEFT):
        return leave(s, inspection_id, reason)
    return change_state(s, inspection_id, state, reason)
