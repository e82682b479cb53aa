"""``fieldkit query``, ``answer`` and ``queries``: a second reader's questions on judgments."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.casework import queries
from fieldkit.casework.find_case import find_case
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.options import CASE, CRITERION, QUERY
from fieldkit.cli.kit.pick import pick
from storage.records import Query


def define_query(query: CommandParser) -> None:
    """Say what “query” takes."""
    query.handle(
        _query,
        "Put a second reader's question to the auditor of a judgment. Until it is "
        "settled, the grade of that line changes only with a reason.",
    )
    query.add_argument("case", metavar="CASE", help=CASE)
    query.add_argument("criterion", metavar="CRITERION", help=CRITERION)
    query.text("text", "the question")


def define_answer(answer: CommandParser) -> None:
    """Say what “answer” takes."""
    answer.handle(_answer)
    answer.add_argument("query", metavar="QUERY", help=QUERY)
    answer.text("text", "the answer")
    answer.add_argument(
        "--grade", default="", metavar="GRADE", help="our grade of the line after discussion"
    )
    answer.add_argument(
        "--allow-open",
        action="store_true",
        help="change the overall grade while criteria are open; this is recorded",
    )


def define_queries(noun: CommandParser) -> None:
    """Say what “queries” takes."""
    noun.handle(_list)
    noun.flag("--all", "also those settled or withdrawn")
    settle = noun.command("settle", _settle, "you are content with the answer")
    settle.add_argument("query", metavar="QUERY", help=QUERY)
    withdraw = noun.command("withdraw", _withdraw, "take your question back")
    withdraw.add_argument("query", metavar="QUERY", help=QUERY)
    withdraw.text("--reason", "why it is taken back", required=True)


def _query(args: argparse.Namespace, context: Context) -> None:
    def ask(s: Session, inspection_id: str) -> tuple[Query, bool]:
        case = find_case(s, inspection_id, args.case)
        query = queries.ask(s, case.id, args.criterion, args.text)
        return query, queries.of_own(s, query.id)

    query, own = context.write(ask)
    context.show(query, query.id)
    notice = "The auditor sees it on home; it goes with the next exchange."
    context.terminal.say(f"Asked. {queries.OWN if own else notice}")


def _list(args: argparse.Namespace, context: Context) -> None:
    lines = context.read(queries.lines)
    lines = [line for line in lines if args.all or line.state in ("open", "answered")]
    headings = ("id", "line", "ours", "state", "asked by", "of", "question and answer")
    rows = [
        (
            line.id[:8],
            f"{line.reference}, {line.label}",
            line.standing,
            "for you" if line.for_me else "to settle" if line.to_settle else line.state,
            line.asked_by,
            line.asked_of,
            line.question + (f" → {line.answer}" if line.answer else ""),
        )
        for line in lines
    ]
    context.show(lines, table(headings, rows), marked=True, none="No query is open.")


def _pick(context: Context, wanted: str, *states: str) -> str:
    """Return the id of the query meant, looked for first among those in the given states."""
    lines = context.read(queries.lines)
    return pick(
        wanted,
        [line for line in lines if line.state in states] or lines,
        lambda line: f"{line.reference}, {line.label}: {line.question}",
        "query",
        plural="queries",
    ).id


def _answer(args: argparse.Namespace, context: Context) -> None:
    wanted = _pick(context, args.query, "open")
    query = context.open_vault().write_now(
        queries.answer, wanted, args.text, grade=args.grade, allow_open=args.allow_open
    )
    context.show(query)
    changed = " Our grade was changed, with the answer as its reason." if args.grade else ""
    context.terminal.say(f"The answer is kept.{changed}")


def _settle(args: argparse.Namespace, context: Context) -> None:
    wanted = _pick(context, args.query, "answered")
    context.show(context.open_vault().write_now(queries.settle, wanted))
    context.terminal.say("Settled.")


def _withdraw(args: argparse.Namespace, context: Context) -> None:
    wanted = _pick(context, args.query, "open", "answered")
    context.show(context.open_vault().write_now(queries.withdraw, wanted, args.reason))
    context.terminal.say("Withdrawn; it stays on record.")
