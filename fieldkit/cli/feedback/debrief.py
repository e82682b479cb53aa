"""``fieldkit debrief``: what the force is told, in words agreed and frozen, and what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.feedback.debriefs.news import SinceLast
    from storage.records import DebriefPoint

SORTS = ("daily", "hot")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``debrief`` and its commands."""
    noun = subparsers.add_parser(
        "debrief",
        help="the daily and the hot debrief",
        description="Without a further command: the sheet of that day's debrief, or, where there "
        "is none yet, what is new since the last one.",
    )
    _which(noun, top=True)
    noun.set_defaults(run=_show)
    commands = noun.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, help: str, run: Callable[..., int]) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help)
        _which(made, top=False)
        made.set_defaults(run=run)
        return made

    command("since", "what is new since the last debrief", _since)
    include = command("include", "put a point on the list", _include)
    include.add_argument("point", metavar="POINT", help="its number, id or a part of its wording")
    exclude = command("exclude", "take a point off the list again", _exclude)
    exclude.add_argument("point", metavar="POINT")
    freeze = command("freeze", "keep the wording agreed; it cannot be changed after", _freeze)
    freeze.add_argument("point", metavar="POINT")
    freeze.add_argument("wording", nargs="?", metavar="WORDING", help="default: the point's own")
    respond = command("respond", "the force's answer and what it does at once", _respond)
    respond.add_argument("point", metavar="POINT")
    respond.add_argument("--response")
    respond.add_argument("--outcome", help="agreed, disputed, carried or acted on")
    respond.add_argument("--action")
    respond.add_argument("--action-owner", metavar="ROLE")
    respond.add_argument("--action-due", metavar="DATE")
    respond.add_argument("--action-done", metavar="DATE")
    close = command("close", "end it: from then on it is a record of what was said", _close)
    close.add_argument("--present", required=True, help="who was there, by role")


def _which(parser: argparse.ArgumentParser, *, top: bool) -> None:
    """The day and sort; below ``debrief`` they do not hide what stood before the command."""
    unset = argparse.SUPPRESS
    parser.add_argument("--date", default="" if top else unset, help="default: today")
    parser.add_argument("--sort", choices=SORTS, default=SORTS[0] if top else unset)


def _show(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.feedback.debriefs.news import since_last
    from fieldkit.feedback.debriefs.sheet import DebriefSheet, sheet_of, sheet_text
    from fieldkit.service import today
    from storage.records import Debrief
    from storage.records.debrief import debrief_id

    def read(s: Session) -> DebriefSheet | SinceLast:
        inspection_id = context.inspection(s).id
        held = debrief_id(inspection_id, args.sort, args.date or today())
        found = s.get(Debrief, held)
        return since_last(s, inspection_id) if found is None else sheet_of(s, found.id)

    found = context.open_vault().read_now(read)
    if isinstance(found, DebriefSheet):
        # The sheet prints its marking itself.
        context.answer(asdict(found), sheet_text(found))
        return 0
    if args.date:
        context.say(f"There was no {args.sort} debrief on {args.date}.")
    return _put_since(found, context)


def _since(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.feedback.debriefs.news import since_last

    vault = context.open_vault()
    return _put_since(vault.read_now(lambda s: since_last(s, context.inspection(s).id)), context)


def _put_since(found: SinceLast, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.feedback.debriefs.news import counts_in_words
    from fieldkit.wording.format import local

    since = f"Since {local(found.since)}" if found.since else "Since the beginning"
    lines = [
        f"{since}: {counts_in_words(found.new) or 'nothing'} new, "
        f"{counts_in_words(found.changed) or 'nothing'} changed; {found.grades} grades, of them "
        f"{found.overall} overall.",
        *(f"New point {one.number}: {one.wording}" for one in found.new_points),
        *(f"Changed point {one.number}: {one.wording}" for one in found.changed_points),
        *(f"Referral {one.reference}: {one.clock}" for one in found.referrals),
        *(f"Awaited: {title}" for title in found.awaited),
        *(f"Promised: {one.action} ({one.owner}, {one.due})" for one in found.actions),
    ]
    context.answer({"since_last": asdict(found)}, "\n".join(lines), marking=True)
    return 0


def _on_point(
    args: argparse.Namespace,
    context: Context,
    job: Callable[[Session, DebriefPoint, str], None],
    said: str,
) -> int:
    """Put the point meant on the list of the debrief meant, and do something with it there."""
    from dataclasses import asdict

    from fieldkit.cli.kit.pick import pick_point
    from fieldkit.feedback.debriefs.debrief import include_point, open_debrief
    from fieldkit.feedback.debriefs.sheet import DebriefSheet, sheet_of

    def done(s: Session) -> DebriefSheet:
        inspection_id = context.inspection(s).id
        debrief = open_debrief(s, inspection_id, args.sort, args.date)
        point = pick_point(s, inspection_id, args.point)
        job(s, include_point(s, debrief.id, point.id), point.wording)
        return sheet_of(s, debrief.id)

    found = context.open_vault().write_now(done)
    if context.json:
        context.put(asdict(found))
    context.say(said)
    return 0


def _include(args: argparse.Namespace, context: Context) -> int:
    return _on_point(args, context, lambda s, one, wording: None, "The point is on the list.")


def _exclude(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.feedback.debriefs.debrief import exclude_point

    return _on_point(
        args,
        context,
        lambda s, one, wording: exclude_point(s, one.id),
        "The point is off the list.",
    )


def _freeze(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.feedback.debriefs.debrief import freeze_wording

    def job(s: Session, one: DebriefPoint, wording: str) -> None:
        freeze_wording(s, one.id, args.wording or wording)

    return _on_point(args, context, job, "The agreed wording is kept.")


def _respond(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.feedback.debriefs.debrief import record_response

    def job(s: Session, one: DebriefPoint, wording: str) -> None:
        record_response(
            s,
            one.id,
            response=args.response,
            outcome=args.outcome,
            action=args.action,
            action_owner=args.action_owner,
            action_due=args.action_due,
            action_done=args.action_done,
        )

    return _on_point(args, context, job, "The answer is kept.")


def _close(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.feedback.debriefs.debrief import close_debrief, open_debrief
    from fieldkit.feedback.debriefs.sheet import DebriefSheet, sheet_of, sheet_text

    def done(s: Session) -> DebriefSheet:
        debrief = open_debrief(s, context.inspection(s).id, args.sort, args.date)
        close_debrief(s, debrief.id, args.present)
        return sheet_of(s, debrief.id)

    found = context.open_vault().write_now(done)
    context.answer(asdict(found), sheet_text(found))
    return 0
