"""``fieldkit debrief``: what the force is told, in words agreed and frozen, and what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from sqlmodel import Session

from fieldkit.cli.feedback.leave import add_options, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser, Handler
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.json_text import plain
from fieldkit.cli.kit.pick import pick_evidence, pick_point
from fieldkit.feedback.debriefs import printed_sheet
from fieldkit.feedback.debriefs.actions import refuse_open_action
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.debriefs.debrief import (
    OUTCOMES,
    LongWordingError,
    close_debrief,
    exclude_point,
    freeze_wording,
    gather_points,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.news import SinceLast, news_text, since_last
from fieldkit.feedback.debriefs.order import find_debrief
from fieldkit.feedback.debriefs.prepare import (
    Preparation,
    chain_text,
    preparation_of,
    preparation_text,
)
from fieldkit.feedback.debriefs.sheet import DebriefSheet, points_in, sheet_of
from fieldkit.feedback.debriefs.where_told import where_listed, where_told
from fieldkit.feedback.guard.printed import with_printed
from fieldkit.feedback.guard.stops import StoppedError, refuse_unsettled
from fieldkit.feedback.handover.debrief_sheet import debrief_sheet
from fieldkit.feedback.handover.handover import Handover
from fieldkit.service import RefusedError, today
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import set_in
from storage.ops.dates import read_day
from storage.ops.text import many
from storage.records import DebriefPoint

SORTS = ("daily", "hot")


def define_debrief(noun: CommandParser) -> None:
    """Say what “debrief” takes."""
    noun.handle(
        _show,
        "Without a further command: the sheet of that day's debrief, or, where there "
        "is none yet, what is new since the last one.",
    )
    _which(noun, top=True)
    add_options(noun, needed=False)

    _below(noun, "since", _since, "what is new since the last debrief")
    _below(
        noun,
        "prepare",
        _prepare,
        "what we know of it: what each point rests on, its earlier tellings, what is left out and "
        "why; never for the force",
    )
    gather = "put what was agreed and what was carried over on the list, strengths first"
    _below(noun, "gather", _gather, gather)
    include = _below(noun, "include", _include, "put a point on the list")
    _point(include)
    _point(_below(noun, "exclude", _exclude, "take a point off the list again"))
    freeze = _below(noun, "freeze", _freeze, "keep the wording agreed; it cannot be changed after")
    _point(freeze)
    freeze.text(
        "wording",
        "the words agreed; default: those agreed last, or the point's own where none were",
        nargs="?",
        metavar="WORDING",
    )
    freeze.flag("--long", "also with more than two sentences")
    freeze.text(
        "--let-pass",
        "why what looks like an identifier in it is kept all the same",
        default="",
        metavar="REASON",
    )
    respond = _below(
        noun,
        "respond",
        _respond,
        "the force's answer and what it does at once, also once the debrief is closed",
    )
    _point(respond)
    respond.text("--response", "what the force answered", main=True)
    respond.add_argument(
        "--outcome",
        choices=("", *OUTCOMES),
        metavar="OUTCOME",
        type=str.lower,
        help=f"what came of it: {', '.join(OUTCOMES)}",
    )
    respond.text("--correction", "which misunderstanding was put right, and what is right")
    respond.add_argument(
        "--evidence",
        metavar="EVIDENCE",
        help="what shows it: the id of a piece of evidence, or words that only it has",
    )
    respond.text("--action", "what the force does at once")
    respond.flag("--correct-action", "the words of the action noted there are put right by these")
    respond.text("--action-owner", "the role that does it", metavar="ROLE")
    respond.add_argument("--action-due", metavar="DATE", help="by when")
    respond.add_argument("--action-done", metavar="DATE", help="when it was done")
    done = _below(noun, "done", _done, "say that what the force promised is done")
    _point(done)
    done.add_argument("--on", default="", metavar="DATE", help="when it was done; default: today")
    _point(_below(noun, "chain", _chain, "every telling of a point, and what has become of it"))
    close = _below(noun, "close", _close, "end it: from then on it is a record of what was said")
    close.text("--present", "who was there, by role", required=True)


def _point(parser: CommandParser) -> None:
    parser.add_argument("point", metavar="POINT", help="its number, id or a part of its wording")


def _below(noun: CommandParser, name: str, run: Handler, help: str) -> CommandParser:
    parser = noun.command(name, run, help)
    _which(parser, top=False)
    return parser


def _which(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """Add the day and sort; below ``debrief`` they do not hide what stood before the command."""
    unset = argparse.SUPPRESS
    parser.add_argument(
        "--date", default="" if top else unset, help="the day of the debrief; default: today"
    )
    parser.add_argument(
        "--sort",
        choices=SORTS,
        default="" if top else unset,
        help="which debrief of that day; default: daily",
    )


def _sort(args: argparse.Namespace) -> str:
    return args.sort or SORTS[0]


def _day(args: argparse.Namespace) -> str:
    """Return the day of the debrief that is meant, in words."""
    day, _ = read_day(args.date) if args.date else (today(), "")
    return day_words(day or args.date)


def _show(args: argparse.Namespace, context: Context) -> None:
    if args.to is not None:
        give_or_show(args, context, context.read(lambda s, one: _document(s, one, args)))
        return

    def read(s: Session, inspection_id: str) -> DebriefSheet | SinceLast:
        debrief = find_debrief(s, inspection_id, _sort(args), args.date)
        if debrief is None:
            return since_last(s, inspection_id)
        return sheet_of(s, debrief.id, then=True)

    shown = context.read(read)
    if isinstance(shown, DebriefSheet):
        _show_sheet(shown, context)
        return
    if args.date:
        context.terminal.say(f"There was no {_sort(args)} debrief on {_day(args)}.")
    elif args.sort == "hot":
        context.terminal.say(
            "The hot debrief is not begun. “fieldkit debrief --sort hot gather” begins it with "
            "what was agreed and carried over."
        )
    _show_since(shown, context)


def _document(s: Session, inspection_id: str, args: argparse.Namespace) -> Handover:
    debrief = find_debrief(s, inspection_id, _sort(args), args.date)
    if debrief is None:
        raise RefusedError(
            f"There was no {_sort(args)} debrief on {_day(args)}. Nothing was written; "
            "name its day with --date."
        )
    return debrief_sheet(s, debrief.id, args.recipient, sender=args.sender)


def _since(args: argparse.Namespace, context: Context) -> None:
    _show_since(context.read(since_last), context)


def _show_sheet(sheet: DebriefSheet, context: Context) -> None:
    """Print the sheet; raises :class:`StoppedError` where something on it is an identifier."""
    _refuse_unsettled(sheet, context)
    _print_sheet(sheet, context)


def _refuse_unsettled(sheet: DebriefSheet, context: Context) -> None:
    texts_of = printed_sheet.data_texts if context.json else printed_sheet.sheet_texts
    texts, printed = texts_of(sheet), printed_sheet.sheet_lines(sheet)
    context.read(lambda s, of: refuse_unsettled(s, of, with_printed(s, of, texts, printed)))


def _print_sheet(sheet: DebriefSheet, context: Context) -> None:
    """Print what goes out, and say apart, to us, what is not in it."""
    # The sheet prints its marking itself.
    context.show(_data(sheet), printed_sheet.sheet_text(sheet))
    for sentence in sheet.left_out:
        context.terminal.say(sentence)


def _data(sheet: DebriefSheet) -> dict[str, object]:
    return {**plain(sheet), "left_out": sheet.left_out}


def _show_since(news: SinceLast, context: Context) -> None:
    context.show({"since_last": news}, "\n".join(map(set_in, news_text(news))), marked=True)


def _prepare(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> Preparation | SinceLast:
        debrief = find_debrief(s, inspection_id, _sort(args), args.date)
        return since_last(s, inspection_id) if debrief is None else preparation_of(s, debrief.id)

    shown = context.read(read)
    if isinstance(shown, Preparation):
        context.show(shown, preparation_text(shown))
    else:
        _show_since(shown, context)


def _chain(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> Chain:
        return chains(s, inspection_id)[pick_point(s, inspection_id, args.point).id]

    chain = context.read(read)
    context.show({"chain": chain}, "\n".join(map(set_in, chain_text(chain))), marked=True)


def _gather(args: argparse.Namespace, context: Context) -> None:
    def gather(s: Session, inspection_id: str) -> tuple[int, DebriefSheet]:
        begun = find_debrief(s, inspection_id, _sort(args), args.date)
        before = len(points_in(s, begun)) if begun is not None else 0
        # A hot debrief gathers by itself when it begins.
        debrief = begun or open_debrief(s, inspection_id, _sort(args), args.date)
        gather_points(s, debrief.id)
        sheet = sheet_of(s, debrief.id)
        return len(sheet.points) - before, sheet

    gathered, sheet = context.write(gather)
    context.show(_data(sheet))
    listed = len(sheet.points)
    context.terminal.say(f"{many(gathered, 'point')} gathered; {listed} on the list.")


def _change(
    args: argparse.Namespace,
    context: Context,
    service: Callable[[Session, DebriefPoint], object] = lambda s, entry: None,
) -> None:
    """Put the point meant on the list of the debrief meant, and do something with it there."""

    def change(s: Session, inspection_id: str) -> DebriefSheet:
        debrief = open_debrief(s, inspection_id, _sort(args), args.date)
        point = pick_point(s, inspection_id, args.point)
        service(s, include_point(s, debrief.id, point.id))
        return sheet_of(s, debrief.id)

    context.show(_data(context.write(change)))


def _include(args: argparse.Namespace, context: Context) -> None:
    _change(args, context)
    context.terminal.say("The point is on the list.")


def _exclude(args: argparse.Namespace, context: Context) -> None:
    def exclude(s: Session, inspection_id: str) -> DebriefSheet:
        point = pick_point(s, inspection_id, args.point)
        listed = where_listed(s, inspection_id, point.id, _sort(args), args.date)
        exclude_point(s, listed.id)
        return sheet_of(s, listed.debrief_id)

    context.show(_data(context.write(exclude)))
    context.terminal.say("The point is off the list.")


def _freeze(args: argparse.Namespace, context: Context) -> None:
    _change(args, context, lambda s, entry: _frozen(s, entry, args))
    context.terminal.say("The agreed wording is kept.")


def _frozen(s: Session, entry: DebriefPoint, args: argparse.Namespace) -> DebriefPoint:
    try:
        return freeze_wording(s, entry.id, args.wording, long=args.long, passing=args.let_pass)
    except LongWordingError as error:
        raise LongWordingError(f"{error} Here that is --long.") from None


def _respond(args: argparse.Namespace, context: Context) -> None:
    names = ("response", "outcome", "correction")
    answer = context.options(*names, "action", "action_owner", "action_due", "action_done")
    if args.evidence is None and all(value is None for value in answer.values()):
        args.refuse("respond needs something that the force said or does, such as --response")

    def respond(s: Session, inspection_id: str) -> DebriefSheet:
        point = pick_point(s, inspection_id, args.point)
        if args.evidence:
            shown = pick_evidence(s, inspection_id, args.evidence)
            answer.update(zip(("evidence_kind", "evidence_id"), shown, strict=True))
        place = where_told(s, inspection_id, point.id, args.sort, args.date)
        refuse_open_action(place, args.action, corrects=args.correct_action)
        return sheet_of(s, record_response(s, place.id, **answer).debrief_id)

    context.show(_data(context.write(respond)))
    context.terminal.say("The answer is kept.")


def _done(args: argparse.Namespace, context: Context) -> None:
    def done(s: Session, inspection_id: str) -> DebriefSheet:
        point = pick_point(s, inspection_id, args.point)
        place = where_told(s, inspection_id, point.id, args.sort, args.date)
        done = record_response(s, place.id, action_done=args.on or today())
        return sheet_of(s, done.debrief_id)

    context.show(_data(context.write(done)))
    context.terminal.say("It is kept that the action is done; it stays on the sheet.")


def _close(args: argparse.Namespace, context: Context) -> None:
    def close(s: Session, inspection_id: str) -> DebriefSheet:
        debrief = open_debrief(s, inspection_id, _sort(args), args.date)
        close_debrief(s, debrief.id, args.present)
        return sheet_of(s, debrief.id)

    sheet = context.write(close)
    said = [f"The {sheet.sort} debrief of {day_words(sheet.held_on)} is closed.", *sheet.not_agreed]
    try:
        _refuse_unsettled(sheet, context)
    except StoppedError as error:
        said.append("It stays closed, and all in it is kept; its sheet was not printed.")
        raise RefusedError(" ".join((*said, str(error)))) from None
    context.terminal.say("\n".join(said))
    _print_sheet(sheet, context)
