"""``fieldkit judge`` and ``assess``: grades and states."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.find_case import find_case
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
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
    judge.add_argument("case", metavar="CASE")
    judge.add_argument("criterion", metavar="CRITERION", help="its key or label, or “overall”")
    judge.add_argument(
        "grade",
        metavar="GRADE",
        help="a grade of the scale, “not applicable”, “unable to judge” or “not judged”",
    )
    judge.add_argument(
        "--reason",
        default="",
        help="why; needed for “unable to judge”, and to change the overall grade after the reveal",
    )
    judge.add_argument("--rationale")
    judge.add_argument("--went-well")
    judge.add_argument("--concern")
    judge.flag(
        "--allow-open", "take the overall grade although criteria are open; the fact goes on record"
    )


def define_assess(assess: CommandParser) -> None:
    """Say what “assess” takes."""
    assess.handle(_assess)
    assess.add_argument("criterion", metavar="CRITERION")
    assess.add_argument("grade", metavar="GRADE", help="a grade of the force's scale, or a state")
    assess.add_argument("--reason", default="")
    assess.add_argument("--rationale")


def _judge(args: argparse.Namespace, context: Context) -> None:
    def judge(s: Session, inspection_id: str) -> tuple[Case, Judgment | None]:
        case = find_case(s, inspection_id, args.case)
        state = methodology_of(s, inspection_id).state(args.grade)
        judgment: Judgment | None
        if state == judging.NOT_JUDGED:
            judgment = judging.clear(s, case.id, args.criterion, args.reason)
        elif state is not None:
            judgment = judging.set_state(s, case.id, args.criterion, state, args.reason)
        else:
            judgment = judging.grade(
                s,
                case.id,
                args.criterion,
                args.grade,
                args.reason or None,
                allow_open=args.allow_open,
            )
        texts = context.options("rationale", "went_well", "concern")
        if any(text is not None for text in texts.values()):
            judgment = judging.write(s, case.id, args.criterion, **texts)
        return case, judgment

    case, judgment = context.write(judge)
    _show(context, case.reference, judgment)


def _show(context: Context, subject: str, judgment: Judgment | Assessment | None) -> None:
    context.show(judgment)
    line, grade = (judgment.criterion, judgment.said) if judgment else ("criterion", "not judged")
    context.terminal.say(f"{subject}, {line}: {grade}.")


def _assess(args: argparse.Namespace, context: Context) -> None:
    def assess(s: Session) -> tuple[str, Assessment]:
        inspection = context.inspection(s)
        state = load(inspection.methodology).state(args.grade)
        assessment = judging.assess(
            s,
            inspection.id,
            args.criterion,
            None if state else args.grade,
            state=state,
            reason=args.reason,
            rationale=args.rationale,
        )
        return inspection.force, assessment

    force, assessment = context.open_vault().write_now(assess)
    _show(context, force, assessment)
