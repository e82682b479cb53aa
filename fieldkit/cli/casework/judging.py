"""``fieldkit judge``, ``assess`` and ``reveal``: grades, states, and the force's own grade."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.visibility import ForceView
    from storage.records import Assessment, Case, Judgment, Reveal


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``judge``, ``assess`` and ``reveal``."""
    judge = subparsers.add_parser(
        "judge",
        help="grade a case on a criterion",
        description="Grade a case on a criterion, or say why it cannot be graded. «overall» is "
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
    judge.add_argument(
        "--allow-open",
        action="store_true",
        help="take the overall grade although criteria are open; the fact goes on record",
    )
    judge.set_defaults(run=_judge)

    assess = subparsers.add_parser("assess", help="judge the force itself on a criterion")
    assess.add_argument("criterion", metavar="CRITERION")
    assess.add_argument("grade", metavar="GRADE", help="a grade of the force's scale, or a state")
    assess.add_argument("--reason", default="")
    assess.add_argument("--rationale")
    assess.set_defaults(run=_assess)

    reveal = subparsers.add_parser("reveal", help="show the force's own grade of a case")
    reveal.add_argument("case", metavar="CASE")
    reveal.set_defaults(run=_reveal)


def _judge(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import judging
    from fieldkit.casework.cases import find_case
    from fieldkit.methodology import load

    def done(s: Session) -> tuple[Case, Judgment | None]:
        inspection = context.inspection(s)
        case = find_case(s, inspection.id, args.case)
        state = load(inspection.methodology).state(args.grade)
        made: Judgment | None
        if state == judging.NOT_JUDGED:
            made = judging.clear(s, case.id, args.criterion, args.reason)
        elif state is not None:
            made = judging.set_state(s, case.id, args.criterion, state, args.reason)
        else:
            made = judging.grade(
                s,
                case.id,
                args.criterion,
                args.grade,
                args.reason or None,
                allow_open=args.allow_open,
            )
        texts = {"rationale": args.rationale, "went_well": args.went_well, "concern": args.concern}
        if any(text is not None for text in texts.values()):
            made = judging.write(s, case.id, args.criterion, **texts)
        return case, made

    case, made = context.open_vault().write_now(done)
    return _told(context, case.reference, made)


def _told(context: Context, what: str, made: Judgment | Assessment | None) -> int:
    from fieldkit.cli.kit.terminal import record_data

    if context.json:
        context.put(record_data(made) if made else None)
    said = made.said if made else "not judged"
    context.say(f"{what}, {made.criterion if made else 'criterion'}: {said}.")
    return 0


def _assess(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import judging
    from fieldkit.methodology import load

    def done(s: Session) -> tuple[str, Assessment]:
        inspection = context.inspection(s)
        state = load(inspection.methodology).state(args.grade)
        made = judging.assess(
            s,
            inspection.id,
            args.criterion,
            None if state else args.grade,
            state=state,
            reason=args.reason,
            rationale=args.rationale,
        )
        return inspection.force, made

    force, made = context.open_vault().write_now(done)
    return _told(context, force, made)


def _reveal(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import judging
    from fieldkit.casework.cases import find_case
    from fieldkit.visibility import force_view

    def done(s: Session) -> tuple[Case, Reveal, ForceView | None]:
        case = find_case(s, context.inspection(s).id, args.case)
        shown = judging.reveal(s, case.id)
        return case, shown, force_view(s, case.id)

    case, shown, force = context.open_vault().write_now(done)
    data: dict[str, Any] = {
        "case": case.reference,
        "initial_grade": shown.grade,
        "force": {
            "grade": force.grade,
            "written": force.written,
            "rationale": force.rationale,
            "since": force.since.words(case.reference) if force.since else None,
        }
        if force
        else None,
    }
    text = f"{case.reference}: our grade was {shown.grade}; "
    if force is None:
        text += "no row of the force is matched to it."
    else:
        since = f"\n{force.since.words(case.reference)}" if force.since else ""
        text += f"the force's is {force.said}.\n{force.rationale}{since}"
    context.answer(data, text, marking=True)
    return 0
