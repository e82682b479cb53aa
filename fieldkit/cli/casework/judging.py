"""``fieldkit judge`` and ``assess``: grades and states."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.find_case import find_case
from fieldkit.cli.casework import assessments
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.options import CASE, CRITERION
from fieldkit.methodology import load
from fieldkit.service import methodology_of
from storage.records import Assessment, Case, Judgment


def define_judge(judge: CommandParser) -> None:
    """Say what “judge” takes."""
    judge.handle(
        _judge,
        "Grade a case on a criterion, or say why it cannot be graded. “overall” is "
        "entered last, when every criterion has a grade or a state.",
    )
    judge.add_argument("case", metavar="CASE", help=CASE)
    judge.add_argument("criterion", metavar="CRITERION", help=CRITERION)
    judge.add_argument(
        "grade",
        metavar="GRADE",
        nargs="?",
        help="a grade of the scale, “not applicable”, “unable to judge” or “not judged”; without "
        "one only the texts are written",
    )
    judge.text(
        "--reason",
        "why; needed for “unable to judge”, and to change the overall grade after the reveal",
        default="",
    )
    judge.text("--rationale", "what the grade rests on, in our words", main=True)
    judge.text("--went-well", "what went well in the case")
    judge.text("--concern", "what is of concern in the case")
    judge.flag("--allow-open", "enter the overall grade while criteria are open; this is recorded")


def define_assess(assess: CommandParser) -> None:
    """Say what “assess” takes."""
    assess.handle(
        _assess,
        "Judge the force itself on a criterion: “assess CRITERION GRADE”. “assess list” shows "
        "every criterion with its grade, “assess show CRITERION” one with its whole rationale.",
    )
    assess.add_argument(
        "criterion", metavar="CRITERION", help="its key or label; or “list”, or “show”"
    )
    assess.add_argument(
        "grade",
        metavar="GRADE",
        nargs="?",
        help="a grade of the force's scale, or a state; after “show” the criterion",
    )
    assess.text("--reason", "why; needed for “unable to judge”", default="")
    assess.text("--rationale", "what the grade rests on, in our words", main=True)


def _judge(args: argparse.Namespace, context: Context) -> None:
    texts = context.options("rationale", "went_well", "concern")
    written = any(text is not None for text in texts.values())
    if args.grade is None and not written:
        args.refuse("judge needs a grade, or a text such as --rationale")

    def judge(s: Session, inspection_id: str) -> tuple[Case, Judgment | None]:
        case = find_case(s, inspection_id, args.case)
        judgment = _graded(s, case, args) if args.grade is not None else None
        if written:
            judgment = judging.write(s, case.id, args.criterion, **texts)
        return case, judgment

    case, judgment = context.write(judge)
    _tell(context, case.reference, judgment)


def _graded(s: Session, case: Case, args: argparse.Namespace) -> Judgment | None:
    state = methodology_of(s, case.inspection_id).state(args.grade)
    if state == judging.NOT_JUDGED:
        return judging.clear(s, case.id, args.criterion, args.reason)
    if state is not None:
        return judging.set_state(s, case.id, args.criterion, state, args.reason)
    why = args.reason or None
    return judging.grade(s, case.id, args.criterion, args.grade, why, allow_open=args.allow_open)


def _tell(context: Context, subject: str, judgment: Judgment | Assessment | None) -> None:
    context.show(judgment)
    line, grade = (judgment.criterion, judgment.said) if judgment else ("criterion", "not judged")
    context.terminal.say(f"{subject}, {line}: {grade}.")


def _assess(args: argparse.Namespace, context: Context) -> None:
    if args.criterion == "list" and args.grade is None:
        assessments.show_all(context)
        return
    if args.criterion == "show" and args.grade is not None:
        assessments.show_one(context, args.grade)
        return
    if args.grade is None and args.rationale is None:
        args.refuse("assess needs a grade or --rationale; “assess list” shows what is judged")

    def assess(s: Session) -> tuple[str, Assessment]:
        inspection = context.inspection(s)
        written = args.grade or ""
        state = load(inspection.judged_by).state(written) if written else None
        assessment = judging.assess(
            s,
            inspection.id,
            args.criterion,
            None if state or not written else written,
            state=state,
            reason=args.reason,
            rationale=args.rationale,
        )
        return inspection.force, assessment

    force, assessment = context.open_vault().write_now(assess)
    _tell(context, force, assessment)
