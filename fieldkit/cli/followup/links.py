"""``fieldkit recommendations weigh``, ``context``, ``practice`` and ``progress``: what is tied."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from operator import attrgetter

from sqlmodel import Session

from fieldkit.cli.followup.pick_recommendation import pick_recommendation
from fieldkit.cli.kit.command_parser import CommandParser, Handler
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick, pick_evidence
from fieldkit.followup.context import questions, weigh
from fieldkit.followup.links import (
    NOTABLE,
    RELATIONS,
    link_context,
    link_practice,
    link_progress,
    linked,
    practices,
    untie,
)
from storage.records import RecommendationLink, Weighing

EVIDENCE = "its id, or what it is called, as “point support” takes it"


def define_links(
    noun: CommandParser, add: Callable[[CommandParser, str, Handler, str], CommandParser]
) -> None:
    """Say what the commands take that tie something to a recommendation.

    ``add`` adds a command whose first argument is a recommendation.
    """
    weighs = add(noun, "weigh", _weigh, "weigh the force's context for one, question by question")
    asked = "; ".join(f"{one.key}: {one.ask}" for one in questions() if one.asked)
    weighs.add_argument("question", metavar="QUESTION", help=asked)
    weighs.text("answer", "how it was weighed, also where nothing bears on it", metavar="ANSWER")
    context = add(noun, "context", _context, "tie a note to one as the force's context")
    context.add_argument("evidence", metavar="EVIDENCE", help=EVIDENCE)
    context.text("--why", "how it was weighed", default="")
    practice = add(noun, "practice", _practice, f"tie {NOTABLE} of any force to one")
    practice.add_argument("point", metavar="POINT", help="its id or a part of its wording")
    practice.text("--why", "what of it may be done here", default="")
    progress = add(noun, "progress", _progress, "tie evidence of its progress to one")
    progress.add_argument("evidence", metavar="EVIDENCE", help=EVIDENCE)
    progress.add_argument(
        "--relation",
        default=RELATIONS[0],
        choices=RELATIONS,
        help=f"what it says of progress (default: {RELATIONS[0]})",
    )
    progress.text("--why", "how it bears on it; of a contradiction, how it was weighed", default="")
    loose = add(noun, "untie", _untie, "take away what was tied to one")
    loose.add_argument("link", metavar="LINK", help="the id of what was tied, from “show”")


def _weigh(args: argparse.Namespace, context: Context) -> None:
    def write(s: Session, inspection_id: str) -> Weighing:
        one = pick_recommendation(s, inspection_id, args.which)
        return weigh(s, one.id, args.question, args.answer)

    context.show(context.write(write))
    context.terminal.say("Weighed.")


def _context(args: argparse.Namespace, context: Context) -> None:
    def tie(s: Session, inspection_id: str) -> RecommendationLink:
        one = pick_recommendation(s, inspection_id, args.which)
        return link_context(s, one.id, *pick_evidence(s, inspection_id, args.evidence), args.why)

    context.show(context.write(tie))
    context.terminal.say("Tied as the force's context.")


def _practice(args: argparse.Namespace, context: Context) -> None:
    def tie(s: Session, inspection_id: str) -> RecommendationLink:
        one = pick_recommendation(s, inspection_id, args.which)
        known = [point for point, _ in practices(s)]
        where = "among the points of every inspection kept here"
        wording = attrgetter("wording")
        point = pick(args.point, known, wording, NOTABLE, plural=NOTABLE, where=where)
        return link_practice(s, one.id, point.id, args.why)

    context.show(context.write(tie))
    context.terminal.say("Tied as practice that shows how.")


def _progress(args: argparse.Namespace, context: Context) -> None:
    def tie(s: Session, inspection_id: str) -> RecommendationLink:
        one = pick_recommendation(s, inspection_id, args.which)
        evidence = pick_evidence(s, inspection_id, args.evidence)
        return link_progress(s, one.id, *evidence, args.relation, args.why)

    link = context.write(tie)
    context.show(link)
    context.terminal.say(f"Tied as evidence of progress: {link.relation}.")


def _untie(args: argparse.Namespace, context: Context) -> None:
    def take(s: Session, inspection_id: str) -> None:
        one = pick_recommendation(s, inspection_id, args.which)
        link = pick(args.link, linked(s, one.id), lambda each: each.label, "link")
        untie(s, link.id)

    context.write(take)
    context.terminal.say("Untied; both stay as they are.")
