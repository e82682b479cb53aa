"""``fieldkit debrief``: what the force is told, in words agreed and frozen, and what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser, Handler
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick_point
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    exclude_point,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words, since_last
from fieldkit.feedback.debriefs.sheet import DebriefSheet, sheet_of, sheet_text
from fieldkit.service import today
from fieldkit.wording.format import local, set_in
from storage.records import Debrief, DebriefPoint
from storage.records.debrief import debrief_id, debrief_point_id, debriefs

SORTS = ("daily", "hot")


def define_debrief(noun: CommandParser) -> None:
    """Say what “debrief” takes."""
    noun.handle(
        _show,
        "Without a further command: the sheet of that day's debrief, or, where there "
        "is none yet, what is new since the last one.",
    )
    _which(noun, top=True)

    _below(noun, "since", _since, "what is new since the last debrief")
    include = _below(noun, "include", _include, "put a point on the list")
    include.add_argument("point", metavar="POINT", help="its number, id or a part of its wording")
    exclude = _below(noun, "exclude", _exclude, "take a point off the list again")
    exclude.add_argument("point", metavar="POINT")
    freeze = _below(noun, "freeze", _freeze, "keep the wording agreed; it cannot be changed after")
    freeze.add_argument("point", metavar="POINT")
    freeze.add_argument("wording", nargs="?", metavar="WORDING", help="default: the point's own")
    respond = _below(
        noun,
        "respond",
        _respond,
        "the force's answer and what it does at once, also once the debrief is closed",
    )
    respond.add_argument("point", metavar="POINT")
    respond.add_argument("--response")
    respond.add_argument("--outcome", help="agreed, disputed, carried or acted on")
    respond.add_argument("--action")
    respond.add_argument("--action-owner", metavar="ROLE")
    respond.add_argument("--action-due", metavar="DATE")
    respond.add_argument("--action-done", metavar="DATE")
    close = _below(noun, "close", _close, "end it: from then on it is a record of what was said")
    close.add_argument("--present", required=True, help="who was there, by role")


def _below(noun: CommandParser, name: str, run: Handler, help: str) -> CommandParser:
    parser = noun.command(name, run, help)
    _which(parser, top=False)
    return parser


def _which(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Add the day and sort; below ``debrief`` they do not hide what stood before the command."""
    unset = argparse.SUPPRESS
    parser.add_argument("--date", default="" if top else unset, help="default: today")
    parser.add_argument("--sort", choices=SORTS, default=SORTS[0] if top else unset)


def _show(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> DebriefSheet | SinceLast:
        debrief = s.get(Debrief, debrief_id(inspection_id, args.sort, args.date or today()))
        return since_last(s, inspection_id) if debrief is None else sheet_of(s, debrief.id)

    shown = context.read(read)
    if isinstance(shown, DebriefSheet):
        # The sheet prints its marking itself.
        context.show(shown, sheet_text(shown))
        return
    if args.date:
        context.terminal.say(f"There was no {args.sort} debrief on {args.date}.")
    _show_since(shown, context)


def _since(args: argparse.Namespace, context: Context) -> None:
    _show_since(context.read(since_last), context)


def _show_since(news: SinceLast, context: Context) -> None:
    since = f"Since {local(news.since)}" if news.since else "Since the beginning"
    lines = [
        f"{since}: {counts_in_words(news.new) or 'nothing'} new, "
        f"{counts_in_words(news.changed) or 'nothing'} changed; {news.grades} grades, of them "
        f"{news.overall} overall.",
        *(f"New point {point.number}: {point.wording}" for point in news.new_points),
        *(f"Changed point {point.number}: {point.wording}" for point in news.changed_points),
        *(f"Referral {referral.reference}: {referral.clock}" for referral in news.referrals),
        *(f"Awaited: {title}" for title in news.awaited),
        *(f"Promised: {one.words}" for one in news.actions),
    ]
    context.show({"since_last": news}, "\n".join(map(set_in, lines)), marked=True)


def _change(
    args: argparse.Namespace,
    context: Context,
    service: Callable[[Session, DebriefPoint, str], object] = lambda s, entry, wording: None,
) -> None:
    """Put the point meant on the list of the debrief meant, and do something with it there."""

    def change(s: Session, inspection_id: str) -> DebriefSheet:
        debrief = open_debrief(s, inspection_id, args.sort, args.date)
        point = pick_point(s, inspection_id, args.point)
        service(s, include_point(s, debrief.id, point.id), point.wording)
        return sheet_of(s, debrief.id)

    context.show(context.write(change))


def _where_told(s: Session, inspection_id: str, point: str, sort: str, day: str) -> DebriefPoint:
    """Return a point where it stands on the list of a debrief, held and closed ones among them.

    Without a day it is where the point was told last, of that sort if it was told in one. A point
    that stands on no list yet is put on that of the day.
    """
    if day:
        debrief = open_debrief(s, inspection_id, sort, day)
        listed = s.get(DebriefPoint, debrief_point_id(debrief.id, point))
        return listed or include_point(s, debrief.id, point)
    places = [
        (debrief.sort == sort, listed)
        for debrief in debriefs(s, inspection_id)
        if (listed := s.get(DebriefPoint, debrief_point_id(debrief.id, point)))
    ]
    if places:
        # The latest debrief stands first among those of its sort.
        return max(places, key=lambda place: place[0])[1]
    return include_point(s, open_debrief(s, inspection_id, sort).id, point)


def _include(args: argparse.Namespace, context: Context) -> None:
    _change(args, context)
    context.terminal.say("The point is on the list.")


def _exclude(args: argparse.Namespace, context: Context) -> None:
    _change(args, context, lambda s, entry, wording: exclude_point(s, entry.id))
    context.terminal.say("The point is off the list.")


def _freeze(args: argparse.Namespace, context: Context) -> None:
    _change(
        args,
        context,
        lambda s, entry, wording: freeze_wording(s, entry.id, args.wording or wording),
    )
    context.terminal.say("The agreed wording is kept.")


def _respond(args: argparse.Namespace, context: Context) -> None:
    names = ("response", "outcome", "action", "action_owner", "action_due", "action_done")
    answer = context.options(*names)

    def respond(s: Session, inspection_id: str) -> DebriefSheet:
        point = pick_point(s, inspection_id, args.point)
        place = _where_told(s, inspection_id, point.id, args.sort, args.date)
        return sheet_of(s, record_response(s, place.id, **answer).debrief_id)

    context.show(context.write(respond))
    context.terminal.say("The answer is kept.")


def _close(args: argparse.Namespace, context: Context) -> None:
    def close(s: Session, inspection_id: str) -> DebriefSheet:
        debrief = open_debrief(s, inspection_id, args.sort, args.date)
        close_debrief(s, debrief.id, args.present)
        return sheet_of(s, debrief.id)

    closed = context.write(close)
    context.show(closed, sheet_text(closed))
