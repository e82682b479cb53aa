"""``fieldkit point`` and ``trace``: what is concluded, and what it rests on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.evidence.trace import Trace
    from storage.records import Point, Support

SORTS = "strength, concern, notable practice or to clarify"
RELATIONS = ("supports", "contradicts", "context")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``point`` and ``trace``."""
    noun = subparsers.add_parser("point", help="strengths, concerns and what they rest on")
    commands = noun.add_subparsers(title="commands", metavar="COMMAND", required=True)

    add = commands.add_parser("add", help="make a point")
    add.add_argument("wording", metavar="WORDING")
    add.add_argument("--sort", default="concern", help=SORTS)
    add.add_argument("--criterion", default="")
    add.set_defaults(run=_add)

    commands.add_parser("list", help="every point, numbered").set_defaults(run=_list)

    evidence = commands.add_parser("evidence", help="what a point may be rested on")
    evidence.add_argument("words", nargs="*", metavar="WORD", help="only what holds all of them")
    evidence.set_defaults(run=_evidence)

    support = commands.add_parser("support", help="rest a point on a piece of evidence")
    support.add_argument("point", metavar="POINT", help="its number, id or a part of its wording")
    support.add_argument("evidence", metavar="EVIDENCE", help="its id, or what it is called")
    support.add_argument("--relation", default=RELATIONS[0], choices=RELATIONS)
    support.add_argument("--why", default="")
    support.set_defaults(run=_support)

    unsupport = commands.add_parser("unsupport", help="take a piece of evidence away from a point")
    unsupport.add_argument("point", metavar="POINT")
    unsupport.add_argument("evidence", metavar="EVIDENCE", help="its id or the beginning of it")
    unsupport.set_defaults(run=_unsupport)

    withdraw = commands.add_parser("withdraw", help="withdraw a point, with the reason")
    withdraw.add_argument("point", metavar="POINT")
    withdraw.add_argument("--reason", required=True)
    withdraw.set_defaults(run=_withdraw)

    trace = subparsers.add_parser("trace", help="walk a point back to what it rests on")
    trace.add_argument("point", metavar="POINT", help="its number, id or a part of its wording")
    trace.set_defaults(run=_trace)


def _add(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.points import add_point

    made = context.open_vault().write_now(
        lambda s: add_point(s, context.inspection(s).id, args.wording, args.sort, args.criterion)
    )
    context.answer(record_data(made), made.id)
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.evidence.points import point_lines

    lines = context.open_vault().read_now(lambda s: point_lines(s, context.inspection(s).id))
    if not lines and not context.json:
        context.say("There is no point yet. Make one with «fieldkit point add».")
        return 0
    text = "\n".join(
        f"{one.number}. {one.sort.capitalize()}, {one.criterion_label or 'no criterion'} "
        f"({one.state}): {one.wording}\n   {one.meter}."
        + (f" {one.stale} changed since linked." if one.stale else "")
        for one in lines
    )
    context.answer([asdict(one) for one in lines], text, marking=True)
    return 0


def _evidence(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import table
    from fieldkit.evidence.choices import evidence_choices

    words = " ".join(args.words)
    found = context.open_vault().read_now(
        lambda s: evidence_choices(s, context.inspection(s).id, words)
    )
    if not found and not context.json:
        context.say("There is no evidence of that kind.")
        return 0
    rows = [(one.id[:8], one.kind, one.label, one.excerpt) for one in found]
    headings = ("id", "kind", "what", "excerpt")
    context.answer([asdict(one) for one in found], table(headings, rows), marking=True)
    return 0


def _support(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.pick import pick, pick_point
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.choices import evidence_choices
    from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE
    from fieldkit.evidence.points import support
    from storage.records.lookup import beginning_with

    def linked(s: Session) -> Support:
        inspection_id = context.inspection(s).id
        point = pick_point(s, inspection_id, args.point)
        named = [one for one in beginning_with(s, args.evidence) if one[0] in KINDS_OF_EVIDENCE]
        if len(named) != 1:
            choices = evidence_choices(s, inspection_id, args.evidence)
            found = pick(
                args.evidence, [(one.id, one.label) for one in choices], "piece of evidence"
            )
            named = [(one.kind, one.id) for one in choices if one.id == found]
        return support(s, point.id, *named[0], args.relation, args.why)

    made = context.open_vault().write_now(linked)
    if context.json:
        context.put(record_data(made))
    context.say(f"Linked: {made.relation}.")
    return 0


def _unsupport(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.pick import pick, pick_point
    from fieldkit.evidence.points import unsupport
    from storage.records.point import supports_of

    def unlinked(s: Session) -> None:
        point = pick_point(s, context.inspection(s).id, args.point)
        links = supports_of(s, point.id)
        wanted = pick(args.evidence, [(one.evidence_id, one.why) for one in links], "link")
        unsupport(s, next(one.id for one in links if one.evidence_id == wanted))

    context.open_vault().write_now(unlinked)
    context.say("Unlinked; the evidence and the point stay as they are.")
    return 0


def _withdraw(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.pick import pick_point
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.points import withdraw_point

    def withdrawn(s: Session) -> Point:
        point = pick_point(s, context.inspection(s).id, args.point)
        return withdraw_point(s, point.id, args.reason)

    point = context.open_vault().write_now(withdrawn)
    if context.json:
        context.put(record_data(point))
    context.say("The point is withdrawn; its history and evidence are kept.")
    return 0


def _trace(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.pick import pick_point
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.trace import trace_point, trace_text
    from storage.trust.current import people

    def traced(s: Session) -> tuple[Trace, dict[str, str]]:
        point = pick_point(s, context.inspection(s).id, args.point)
        return trace_point(s, point.id), people(s.connection())

    found, names = context.open_vault().read_now(traced)
    data = {
        "point": found.point_id,
        "number": found.number,
        "sort": found.sort,
        "wording": found.wording,
        "criterion": found.criterion,
        "state": found.state,
        "basis": found.basis,
        "strength": found.meter.strength,
        "meter": found.meter.words,
        "stale": found.stale,
        "links": [
            {
                "method": method.method,
                "source": source.label,
                "relation": link.support.relation,
                "why": link.support.why,
                "evidence": asdict(link.evidence) if link.evidence else None,
                "as_linked": link.text,
                "who": names.get(link.who, link.who),
                "when": link.when,
                "revision": link.support.revision,
                "linked_at": link.linked_at,
                "changed_since": link.changed,
                "support": record_data(link.support)["id"],
            }
            for method in found.methods
            for source in method.sources
            for link in source.links
        ],
    }
    context.answer(data, trace_text(found), marking=True)
    return 0
