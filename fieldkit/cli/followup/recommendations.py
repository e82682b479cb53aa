"""``fieldkit recommendations``: made from points, the force's context weighed, their register."""

from __future__ import annotations

import argparse
from typing import Any

from sqlmodel import Session

from fieldkit.cli.followup.links import define_links
from fieldkit.cli.followup.pick_recommendation import RECOMMENDATION, pick_recommendation
from fieldkit.cli.followup.register import define_register
from fieldkit.cli.kit.command_parser import CommandParser, Handler
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs
from fieldkit.cli.kit.options import OUTCOME, POINT
from fieldkit.cli.kit.pick import pick, pick_point
from fieldkit.followup.lints import Look, looks
from fieldkit.followup.numbers import called, number_drafts, renumber
from fieldkit.followup.recommendations import (
    drop_recommendation,
    edit_recommendation,
    recommend,
    rest_no_more,
    rest_on,
)
from fieldkit.followup.show import Shown, show_recommendation, shown_rows
from fieldkit.followup.status import comment, edit_comment, set_status, status_of
from fieldkit.service import RefusedError, existing
from fieldkit.wording.format import set_in
from storage.ops.text import many
from storage.records import (
    Inspection,
    Recommendation,
    RecommendationComment,
)
from storage.records.lookup import records_under

DEADLINES = "immediately, within three months or within six months"
STATUSES = "awaiting review, being progressed, complete, superseded or not accepted"


def define_recommendations(noun: CommandParser) -> None:
    """Say what “recommendations” takes."""
    define_register(noun)
    add = noun.command("add", _add, "make a recommendation from one or several points")
    add.text("wording", "what the force is recommended to do", metavar="WORDING")
    add.add_argument(
        "--point",
        action="append",
        default=[],
        metavar="POINT",
        help=f"a point that it is made from: {POINT}; may be repeated",
    )
    _fields(add, "within six months")
    edit = _one(noun, "edit", _edit, "change one; once published, its words need --reason")
    edit.text("--wording", "the same in other words", metavar="WORDING", main=True)
    _fields(edit, None)
    edit.text("--reason", "why; needed once it is published", default="")
    _one(noun, "show", _show, "one with all that belongs to it")
    rest = _one(noun, "rest", _rest, "rest one on a further point")
    rest.add_argument("point", metavar="POINT", help=POINT)
    unrest = _one(noun, "unrest", _unrest, "take a point away from one")
    unrest.add_argument("point", metavar="POINT", help=POINT)
    define_links(noun, _one)
    status = _one(noun, "status", _status, "record how far the force has come with one")
    status.add_argument("status", metavar="STATUS", help=STATUSES)
    status.add_argument("--on", default="", metavar="DAY", help="since when (default: today)")
    status.text("--reason", "why; needed for “superseded” and “not accepted”", default="")
    status.add_argument("--by", default="", metavar="RECOMMENDATION", help="what supersedes it")
    says = _one(noun, "comment", _comment, "keep what the force, or you, said of one on a day")
    says.text("text", "what was said", metavar="TEXT")
    says.flag("--force", "the force said it")
    says.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    correct = _one(noun, "correct", _correct, "correct a comment on one")
    correct.add_argument("comment", metavar="COMMENT", help="its id or a part of its text")
    correct.text("--text", "what was said", main=True)
    correct.add_argument("--on", metavar="DAY", help="the day")
    number = noun.command(
        "number",
        _number,
        "give numbers after the publication",
        "Without a recommendation: number what was made since the report was published. With one, "
        "and --as: give it another number, as where two laptops gave the same.",
    )
    number.add_argument("which", nargs="?", metavar="RECOMMENDATION", help=RECOMMENDATION)
    number.add_argument("--as", dest="number", type=int, metavar="NUMBER", help="its new number")
    number.text("--reason", "why it gets another number", default="")
    drop = _one(noun, "drop", _drop, "take a draft away that is not published")
    drop.text("--reason", "why it is taken away", required=True)
    noun.command("look-again", _look_again, "what of the recommendations is worth a second look")


def _one(noun: CommandParser, name: str, run: Handler, help: str) -> CommandParser:
    parser = noun.command(name, run, help)
    parser.add_argument("which", metavar="RECOMMENDATION", help=RECOMMENDATION)
    return parser


def _fields(parser: CommandParser, deadline: str | None) -> None:
    """Add what a recommendation says besides its wording."""
    said = f" (default: {deadline})" if deadline else ""
    parser.add_argument(
        "--deadline", default=deadline, metavar="DEADLINE", help=f"{DEADLINES}{said}"
    )
    empty = None if deadline is None else ""
    parser.text("--finding", "the finding behind it, where the points do not say it", default=empty)
    parser.add_argument(
        "--criterion", metavar="CRITERION", help="what it is on (default: that of the first point)"
    )
    parser.add_argument(
        "--outcome",
        action="append",
        metavar="OUTCOME",
        help=f"{OUTCOME}; may be repeated (default: those of the points)",
    )
    parser.text(
        "--owner", "who answers for it at the force, by role", metavar="ROLE", default=empty
    )
    parser.text("--force-context", "the force's circumstances, in words", default=empty)


def _given(args: argparse.Namespace) -> dict[str, Any]:
    names = ("deadline", "finding", "criterion", "owner", "force_context")
    return {name: getattr(args, name) for name in names}


def _add(args: argparse.Namespace, context: Context) -> None:
    def add(s: Session, inspection_id: str) -> Recommendation:
        points = [pick_point(s, inspection_id, one).id for one in args.point]
        given = _given(args)
        return recommend(s, inspection_id, args.wording, points, outcomes=args.outcome, **given)

    made = context.write(add)
    context.show(made, made.id)
    context.terminal.say(
        f"Recommendation {called(made)} is made. Weigh the force's context next: “fieldkit "
        f"recommendations weigh {made.id[:8]} QUESTION ANSWER”."
    )


def _edit(args: argparse.Namespace, context: Context) -> None:
    fields = {"wording": args.wording} | _given(args)
    if args.outcome is None and all(value is None for value in fields.values()):
        args.refuse("edit needs something to change, such as --wording")

    def edit(s: Session, inspection_id: str) -> Recommendation:
        one = pick_recommendation(s, inspection_id, args.which)
        return edit_recommendation(s, one.id, args.reason, outcomes=args.outcome, **fields)

    context.show(context.write(edit))
    context.terminal.say("The recommendation is changed.")


def _show(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> Shown:
        one = pick_recommendation(s, inspection_id, args.which)
        context.mark(s, one.inspection_id)
        return show_recommendation(s, one.id)

    shown = context.read(read)
    context.show(shown, pairs(shown_rows(shown), context.terminal.width), marked=True)


def _rest(args: argparse.Namespace, context: Context) -> None:
    def rest(s: Session, inspection_id: str) -> Recommendation:
        one = pick_recommendation(s, inspection_id, args.which)
        rest_on(s, one.id, pick_point(s, one.inspection_id, args.point).id)
        return one

    context.show(context.write(rest))
    context.terminal.say("The recommendation rests on that point too.")


def _unrest(args: argparse.Namespace, context: Context) -> None:
    def unrest(s: Session, inspection_id: str) -> Recommendation:
        one = pick_recommendation(s, inspection_id, args.which)
        rest_no_more(s, one.id, pick_point(s, one.inspection_id, args.point).id)
        return one

    context.show(context.write(unrest))
    context.terminal.say("The point is taken away; it stays as it is.")


def _status(args: argparse.Namespace, context: Context) -> None:
    def record(s: Session, inspection_id: str) -> Recommendation:
        one = pick_recommendation(s, inspection_id, args.which)
        by = pick_recommendation(s, inspection_id, args.by).id if args.by else ""
        return set_status(s, one.id, args.status, args.on, args.reason, by)

    changed = context.write(record)
    context.show(changed)
    context.terminal.say(f"Recommendation {called(changed)}: {status_of(changed)}.")


def _comment(args: argparse.Namespace, context: Context) -> None:
    def keep(s: Session, inspection_id: str) -> RecommendationComment:
        one = pick_recommendation(s, inspection_id, args.which)
        return comment(s, one.id, args.text, of_force=args.force, on=args.on)

    made = context.write(keep)
    context.show(made, made.id)
    context.terminal.say("The comment is kept.")


def _correct(args: argparse.Namespace, context: Context) -> None:
    if args.text is None and args.on is None:
        args.refuse("correct needs --text or --on")

    def correct(s: Session, inspection_id: str) -> RecommendationComment:
        one = pick_recommendation(s, inspection_id, args.which)
        known = records_under(s, RecommendationComment, one.id)
        said = pick(args.comment, known, lambda each: each.text, "comment")
        return edit_comment(s, said.id, text=args.text, on=args.on)

    context.show(context.write(correct))
    context.terminal.say("The comment is corrected.")


def _number(args: argparse.Namespace, context: Context) -> None:
    if (args.which is None) != (args.number is None):
        args.refuse("number takes a recommendation and --as, or neither")

    def number(s: Session, inspection_id: str) -> list[Recommendation]:
        if args.which is not None:
            one = pick_recommendation(s, inspection_id, args.which)
            return [renumber(s, one.id, args.number, args.reason)]
        inspection = existing(s, Inspection, inspection_id)
        if not inspection.published:
            raise RefusedError(
                "The report is not published yet: numbers are given by “fieldkit inspection "
                "publish”. Nothing was changed."
            )
        return number_drafts(s, inspection, inspection.published)

    given = context.write(number)
    context.show(given)
    numbers = ", ".join(str(one.number) for one in given)
    context.terminal.say(
        f"{many(len(given), 'recommendation')} numbered{': ' * bool(given)}{numbers}."
    )


def _drop(args: argparse.Namespace, context: Context) -> None:
    def drop(s: Session, inspection_id: str) -> dict[str, str]:
        one = pick_recommendation(s, inspection_id, args.which)
        drop_recommendation(s, one.id, args.reason)
        return {"id": one.id, "wording": one.wording}

    context.show(context.write(drop))
    context.terminal.say("The draft is taken away; “fieldkit deleted” lists it.")


def _look_again(args: argparse.Namespace, context: Context) -> None:
    found: list[Look] = context.read(looks)
    rows = [f"{one.words}\n   To settle it: {one.settle}\n   {one.command}" for one in found]
    none = "Nothing of the recommendations is worth a second look."
    context.show(found, "\n".join(map(set_in, rows)), marked=True, none=none)
