"""``fieldkit query``, ``answer`` and ``queries``: a second reader's questions on judgments."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from fieldkit.casework.queries import QueryLine
    from fieldkit.cli.kit.context import Context
    from storage.records import Query


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``query``, ``answer`` and ``queries``."""
    query = subparsers.add_parser(
        "query",
        help="put a question to the auditor of a judgment",
        description="Put a second reader's question to the auditor of a judgment. Until it is "
        "settled, the grade of that line changes only with a reason.",
    )
    query.add_argument("case", metavar="CASE")
    query.add_argument("criterion", metavar="CRITERION", help="its key or label, or “overall”")
    query.add_argument("text", metavar="TEXT")
    query.set_defaults(run=_query)

    answer = subparsers.add_parser("answer", help="answer a query on a judgment of yours")
    answer.add_argument("query", metavar="QUERY", help="its id, its case, or words of it")
    answer.add_argument("text", metavar="TEXT")
    answer.add_argument("--grade", default="", help="our grade of the line after discussion")
    answer.add_argument(
        "--allow-open",
        action="store_true",
        help="change the overall grade although criteria are open; the fact goes on record",
    )
    answer.set_defaults(run=_answer)

    noun = subparsers.add_parser("queries", help="the queries, those for you first")
    noun.add_argument("--all", action="store_true", help="also those settled or withdrawn")
    noun.set_defaults(run=_list)
    commands = noun.add_subparsers(title="commands", metavar="COMMAND")
    settle = commands.add_parser("settle", help="you are content with the answer")
    settle.add_argument("query", metavar="QUERY")
    settle.set_defaults(run=_settle)
    withdraw = commands.add_parser("withdraw", help="take your question back")
    withdraw.add_argument("query", metavar="QUERY")
    withdraw.add_argument("--reason", required=True)
    withdraw.set_defaults(run=_withdraw)


def _query(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import queries
    from fieldkit.casework.cases import find_case
    from fieldkit.cli.kit.terminal import record_data

    def done(s: Session) -> tuple[Query, bool]:
        case = find_case(s, context.inspection(s).id, args.case)
        made = queries.ask(s, case.id, args.criterion, args.text)
        return made, queries.of_own(s, made.id)

    made, own = context.open_vault().write_now(done)
    context.answer(record_data(made), made.id)
    told = "The auditor is told on home; it travels with the next exchange."
    context.say(f"Asked. {queries.OWN if own else told}")
    return 0


def _lines(context: Context) -> list[QueryLine]:
    from fieldkit.casework import queries

    return context.open_vault().read_now(lambda s: queries.lines(s, context.inspection(s).id))


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import table

    found = [one for one in _lines(context) if args.all or one.state in ("open", "answered")]
    if not found and not context.json:
        context.say("No query is open.")
        return 0
    headings = ("id", "line", "ours", "state", "asked by", "of", "question and answer")
    rows = [
        (
            one.id[:8],
            f"{one.reference}, {one.label}",
            one.standing,
            "for you" if one.for_me else "to settle" if one.to_settle else one.state,
            one.asked_by,
            one.asked_of,
            one.question + (f" → {one.answer}" if one.answer else ""),
        )
        for one in found
    ]
    context.answer([asdict(one) for one in found], table(headings, rows), marking=True)
    return 0


def _on(
    context: Context, wanted: str, states: tuple[str, ...], job: Callable[[Session, str], Query]
) -> Query:
    """Do something with the query meant, looked for first among those it can be done with."""
    from fieldkit.cli.kit.pick import pick

    found = _lines(context)
    likely = [one for one in found if one.state in states] or found
    meant = pick(
        wanted, [(one.id, f"{one.reference}, {one.label}: {one.question}") for one in likely],
        "query", "queries",
    )  # fmt: skip
    return context.open_vault().write_now(job, meant)


def _answer(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import queries
    from fieldkit.cli.kit.terminal import record_data

    made = _on(
        context,
        args.query,
        ("open",),
        lambda s, query: queries.answer(
            s, query, args.text, grade=args.grade, allow_open=args.allow_open
        ),
    )
    if context.json:
        context.put(record_data(made))
    changed = " Our grade was changed, with the answer as its reason." if args.grade else ""
    context.say(f"The answer is kept.{changed}")
    return 0


def _settle(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import queries
    from fieldkit.cli.kit.terminal import record_data

    made = _on(context, args.query, ("answered",), queries.settle)
    if context.json:
        context.put(record_data(made))
    context.say("Settled.")
    return 0


def _withdraw(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import queries
    from fieldkit.cli.kit.terminal import record_data

    made = _on(
        context,
        args.query,
        ("open", "answered"),
        lambda s, query: queries.withdraw(s, query, args.reason),
    )
    if context.json:
        context.put(record_data(made))
    context.say("Withdrawn; it stays on record.")
    return 0
