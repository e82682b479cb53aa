"""``fieldkit point`` and ``trace``: what is concluded, and what it rests on."""

from __future__ import annotations

import argparse
from operator import attrgetter

from sqlmodel import Session

from fieldkit.cli.feedback.leave import add_options, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.options import OUTCOME, POINT
from fieldkit.cli.kit.pick import pick, pick_evidence, pick_point
from fieldkit.evidence.choices import evidence_choices
from fieldkit.evidence.gaps.lints import Lint, lints
from fieldkit.evidence.points import (
    PointLine,
    add_point,
    edit_point,
    keep_thin,
    point_lines,
    support,
    unsupport,
    withdraw_point,
)
from fieldkit.evidence.trace import Trace, trace_point, trace_text
from fieldkit.feedback.handover.handover import Handover
from fieldkit.feedback.handover.sheets import point_sheet
from fieldkit.wording.format import set_in
from storage.records import Point, Support
from storage.records.lookup import records_under
from storage.trust.current import people

SORTS = "strength, concern, notable practice or to clarify"
RELATIONS = ("supports", "contradicts", "context")


def define_point(noun: CommandParser) -> None:
    """Say what “point” takes."""
    add = noun.command("add", _add, "make a point")
    add.text("wording", "the finding in one or two plain sentences", metavar="WORDING")
    add.add_argument("--sort", default="concern", metavar="SORT", help=SORTS)
    add.add_argument(
        "--criterion", default="", metavar="CRITERION", help="the criterion it belongs to"
    )
    add.add_argument(
        "--outcome",
        action="append",
        default=[],
        metavar="OUTCOME",
        help=f"{OUTCOME}; may be repeated",
    )
    add.add_argument(
        "--rests-on",
        action="append",
        default=[],
        metavar="EVIDENCE",
        help="evidence that supports it, as “point support” takes it; may be repeated",
    )
    edit = noun.command(
        "edit", _edit, "change a point; what was agreed in a debrief stays as it was said"
    )
    edit.add_argument("point", metavar="POINT", help=POINT)
    edit.text("--wording", "the finding in other words", metavar="WORDING")
    edit.add_argument("--sort", metavar="SORT", help=SORTS)
    edit.add_argument(
        "--criterion", metavar="CRITERION", help="the criterion it belongs to; empty for none"
    )
    edit.add_argument(
        "--outcome",
        action="append",
        metavar="OUTCOME",
        help=f"{OUTCOME}; may be repeated, empty for none",
    )
    noun.command("list", _list, "every point, numbered")
    evidence = noun.command("evidence", _evidence, "list the evidence that a point can rest on")
    evidence.text("words", "only what holds all of them", nargs="*", metavar="WORD")
    support = noun.command("support", _support, "rest a point on a piece of evidence")
    support.add_argument("point", metavar="POINT", help=POINT)
    support.add_argument(
        "evidence",
        metavar="EVIDENCE",
        help="its id, or what it is called; WST-014 is what the audit of that case says besides "
        "the grades, WST-014/investigation a judgment",
    )
    support.add_argument(
        "--relation",
        default=RELATIONS[0],
        choices=RELATIONS,
        help=f"how it bears on the point (default: {RELATIONS[0]})",
    )
    support.text("--why", "why; of a contradiction, how it was weighed", default="")
    unsupport = noun.command("unsupport", _unsupport, "take a piece of evidence away from a point")
    unsupport.add_argument("point", metavar="POINT", help=POINT)
    unsupport.add_argument("evidence", metavar="EVIDENCE", help="its id or the beginning of it")
    withdraw = noun.command("withdraw", _withdraw, "withdraw a point, with the reason")
    withdraw.add_argument("point", metavar="POINT", help=POINT)
    withdraw.text("--reason", "why it is withdrawn", required=True)
    thin = noun.command("keep-thin", _keep_thin, "say why a point is kept though its basis is thin")
    thin.add_argument("point", metavar="POINT", help=POINT)
    thin.text("--reason", "why it is kept", required=True)
    sheet = noun.command("sheet", _sheet, "one point on a page, for the force, as it was told")
    sheet.add_argument("point", metavar="POINT", help=POINT)
    add_options(sheet)


def define_look_again(look: CommandParser) -> None:
    """Say what “look-again” takes."""
    look.handle(
        _look_again,
        "What is worth a second look before the force hears it, and what settles it. It "
        "holds nothing up, and the force never sees it.",
    )


def define_trace(trace: CommandParser) -> None:
    """Say what “trace” takes."""
    trace.handle(_trace)
    trace.add_argument("point", metavar="POINT", help=POINT)


def _add(args: argparse.Namespace, context: Context) -> None:
    def add(s: Session, inspection_id: str) -> Point:
        point = add_point(s, inspection_id, args.wording, args.sort, args.criterion, args.outcome)
        for wanted in args.rests_on:
            support(s, point.id, *pick_evidence(s, inspection_id, wanted))
        return point

    point = context.write(add)
    context.show(point, point.id)


def _edit(args: argparse.Namespace, context: Context) -> None:
    options = context.options("wording", "sort", "criterion") | {"outcomes": args.outcome}
    if all(value is None for value in options.values()):
        args.refuse("edit needs something to change, such as --wording")

    def edit(s: Session, inspection_id: str) -> Point:
        return edit_point(s, pick_point(s, inspection_id, args.point).id, **options)

    point = context.write(edit)
    context.show(point)
    context.terminal.say("The point is changed; its evidence stays with it.")


def _sheet(args: argparse.Namespace, context: Context) -> None:
    def gather(s: Session, inspection_id: str) -> Handover:
        point = pick_point(s, inspection_id, args.point)
        return point_sheet(s, point.id, args.recipient, sender=args.sender)

    give_or_show(args, context, context.read(gather))


def _list(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> tuple[list[PointLine], list[Lint]]:
        return point_lines(s, inspection_id), lints(s, inspection_id)

    points, again = context.read(read)
    of_point = {
        point.id: "".join(f"\n   Look again: {one.words}" for one in again if one.id == point.id)
        for point in points
    }
    text = "\n".join(
        set_in(
            f"{point.number}. {point.sort.capitalize()}, {point.criterion_label or 'no criterion'} "
            f"({point.state}): {point.wording}"
        )
        + f"\n   {point.meter}."
        + (f" {point.stale} changed since linked." if point.stale else "")
        + of_point[point.id]
        for point in points
    )
    none = "There is no point yet. Make one with “fieldkit point add”."
    context.show(points, text, marked=True, none=none)


def _evidence(args: argparse.Namespace, context: Context) -> None:
    choices = context.read(evidence_choices, " ".join(args.words))
    headings = ("id", "kind", "what", "excerpt")
    rows = [(choice.id[:8], choice.kind, choice.label, choice.excerpt) for choice in choices]
    none = "There is no evidence of that kind."
    context.show(choices, table(headings, rows), marked=True, none=none)


def _support(args: argparse.Namespace, context: Context) -> None:
    def link(s: Session, inspection_id: str) -> Support:
        point = pick_point(s, inspection_id, args.point)
        evidence = pick_evidence(s, inspection_id, args.evidence)
        return support(s, point.id, *evidence, args.relation, args.why)

    linked = context.write(link)
    context.show(linked)
    context.terminal.say(f"Linked: {linked.relation}.")


def _unsupport(args: argparse.Namespace, context: Context) -> None:
    def unlink(s: Session, inspection_id: str) -> None:
        links = records_under(s, Support, pick_point(s, inspection_id, args.point).id)
        evidence_id = attrgetter("evidence_id")
        link = pick(args.evidence, links, lambda link: link.why, "link", id=evidence_id)
        unsupport(s, link.id)

    context.write(unlink)
    context.terminal.say("Unlinked; the evidence and the point stay as they are.")


def _withdraw(args: argparse.Namespace, context: Context) -> None:
    def withdraw(s: Session, inspection_id: str) -> Point:
        return withdraw_point(s, pick_point(s, inspection_id, args.point).id, args.reason)

    point = context.write(withdraw)
    context.show(point)
    context.terminal.say("The point is withdrawn; its history and evidence are kept.")


def _keep_thin(args: argparse.Namespace, context: Context) -> None:
    def keep(s: Session, inspection_id: str) -> Point:
        return keep_thin(s, pick_point(s, inspection_id, args.point).id, args.reason)

    context.show(context.write(keep))
    context.terminal.say("The reason is on record; the point is no longer among “look again”.")


def _look_again(args: argparse.Namespace, context: Context) -> None:
    again = context.read(lints)
    rows = [f"{one.words}\n   To settle it: {one.settle}\n   {one.command}" for one in again]
    none = "There is nothing that is worth a second look."
    context.show(again, "\n".join(map(set_in, rows)), marked=True, none=none)


def _trace(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> tuple[Trace, dict[str, str]]:
        point = pick_point(s, inspection_id, args.point)
        return trace_point(s, point.id), people(s.connection())

    traced, names = context.read(read)
    data = {
        "point": traced.point_id,
        "number": traced.number,
        "sort": traced.sort,
        "wording": traced.wording,
        "criterion": traced.criterion,
        "state": traced.state,
        "basis": traced.basis,
        "strength": traced.meter.strength,
        "meter": traced.meter.words,
        "stale": traced.stale,
        "links": [
            {
                "method": method.method,
                "source": source.label,
                "relation": link.support.relation,
                "why": link.support.why,
                "evidence": link.evidence,
                "as_linked": link.text,
                "who": names.get(link.who, link.who),
                "when": link.when,
                "revision": link.support.revision,
                "linked_at": link.linked_at,
                "changed_since": link.changed,
                "support": link.support.id,
            }
            for method in traced.methods
            for source in method.sources
            for link in source.links
        ],
    }
    context.show(data, trace_text(traced), marked=True)
