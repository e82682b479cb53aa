"""``fieldkit actionplan``: the plan of a force, what it intends, and how it was found."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.followup.pick_recommendation import RECOMMENDATION, pick_recommendation
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.followup.action_plans import (
    PlanShown,
    edit_plan,
    intend,
    latest_plan,
    plan_words,
    plans,
    receive_plan,
    review_plan,
    show_plan,
)
from fieldkit.wording.format import set_in
from storage.records import ActionPlan, Document, Intention
from storage.records.lookup import records_in

VIEWS = "broadly positive, some concerns or significant concerns"
DOCUMENT = "the document that it is, by its id or a part of its title"


def define_actionplan(noun: CommandParser) -> None:
    """Say what “actionplan” takes."""
    noun.handle(
        _show,
        "Without a further command: the action plans of the inspection, with what each says of "
        "every recommendation. Further commands are about the one that came last, or --plan.",
    )
    receive = noun.command("receive", _receive, "record that the force's action plan came")
    receive.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    receive.add_argument("--document", default="", metavar="DOCUMENT", help=DOCUMENT)
    edit = noun.command("edit", _edit, "correct when it came, or which document it is")
    edit.add_argument("--on", metavar="DAY", help="the day it came")
    edit.add_argument("--document", metavar="DOCUMENT", help=f"{DOCUMENT}; empty for none")
    _plan(edit)
    intends = noun.command("intends", _intends, "write what it says of a recommendation")
    intends.add_argument("which", metavar="RECOMMENDATION", help=RECOMMENDATION)
    intends.text("text", "what the force intends", metavar="TEXT")
    intends.add_argument("--when", metavar="DAY", help="by when; empty for no day")
    intends.text("--owner", "who answers for it there, by role", metavar="ROLE")
    _plan(intends)
    review = noun.command(
        "review",
        _review,
        "record your view of it; a follow-up is proposed, and you decide",
    )
    review.add_argument("view", metavar="VIEW", help=VIEWS)
    review.text("words", "why, in your words", metavar="WORDS")
    review.add_argument("--on", default="", metavar="DAY", help="the day (default: today)")
    _plan(review)


def _plan(parser: CommandParser) -> None:
    parser.add_argument(
        "--plan", default="", metavar="PLAN", help="its id (default: the one that came last)"
    )


def _meant(s: Session, inspection_id: str, wanted: str) -> ActionPlan:
    if not wanted:
        return latest_plan(s, inspection_id)
    return pick(wanted, plans(s, inspection_id), lambda one: one.received_on, "action plan")


def _document(s: Session, inspection_id: str, wanted: str) -> str:
    if not wanted:
        return ""
    documents = records_in(s, Document, inspection_id)
    return pick(wanted, documents, lambda one: one.title, "document").id


def _show(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> list[PlanShown]:
        return [show_plan(s, one.id) for one in plans(s, inspection_id)]

    shown = context.read(read)
    text = "\n\n".join(set_in(plan_words(one)) for one in shown)
    none = "No action plan has been received yet."
    context.show(shown, text, marked=True, none=none)


def _receive(args: argparse.Namespace, context: Context) -> None:
    def receive(s: Session, inspection_id: str) -> ActionPlan:
        document = _document(s, inspection_id, args.document)
        return receive_plan(s, inspection_id, args.on, document)

    plan = context.write(receive)
    context.show(plan, plan.id)
    context.terminal.say("The action plan is received; what was due is done.")


def _edit(args: argparse.Namespace, context: Context) -> None:
    if args.on is None and args.document is None:
        args.refuse("edit needs --on or --document")

    def edit(s: Session, inspection_id: str) -> ActionPlan:
        plan = _meant(s, inspection_id, args.plan)
        document = None
        if args.document is not None:
            document = _document(s, inspection_id, args.document)
        return edit_plan(s, plan.id, on=args.on, document_id=document)

    context.show(context.write(edit))
    context.terminal.say("The action plan is corrected.")


def _intends(args: argparse.Namespace, context: Context) -> None:
    def write(s: Session, inspection_id: str) -> Intention:
        plan = _meant(s, inspection_id, args.plan)
        one = pick_recommendation(s, inspection_id, args.which)
        return intend(s, plan.id, one.id, args.text, by_when=args.when, owner=args.owner)

    context.show(context.write(write))
    silent = context.read(_silent, args.plan)
    context.terminal.say(
        f"Written. The plan says nothing yet of {', '.join(silent)}."
        if silent
        else "Written. The plan says something of every recommendation that runs."
    )


def _silent(s: Session, inspection_id: str, wanted: str) -> tuple[str, ...]:
    return show_plan(s, _meant(s, inspection_id, wanted).id).silent


def _review(args: argparse.Namespace, context: Context) -> None:
    def review(s: Session, inspection_id: str) -> PlanShown:
        plan = _meant(s, inspection_id, args.plan)
        review_plan(s, plan.id, args.view, args.words, args.on)
        return show_plan(s, plan.id)

    shown = context.write(review)
    context.show(shown)
    context.terminal.say(shown.proposes)
