"""``fieldkit compare``: the force's grades beside ours."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.comparison.compare import Comparison


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``compare``."""
    compare = subparsers.add_parser(
        "compare",
        help="the three tables, disparities and agreement",
        description="Compare the force's grades with ours. The text and --csv use the cases that "
        "were revealed. --json and --reveal-all compare every self-assessed case we have graded, "
        "and count as the reveal of those cases, on record.",
    )
    compare.add_argument("--reveal-all", action="store_true", help="reveal them all first")
    compare.add_argument("--csv", action="store_true", help="the tables as comma-separated values")
    compare.add_argument(
        "--previous",
        metavar="WHICH",
        default="",
        help="another inspection kept here, to set its distribution beside this one's: the "
        "beginning of its id, or its force's name; “none” for none; default: the latest earlier "
        "one of the same force",
    )
    compare.set_defaults(run=_compare)


def _compare(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.pick import pick
    from fieldkit.comparison import earlier
    from fieldkit.comparison.assemble import comparison
    from fieldkit.comparison.output.csv_output import to_csv
    from fieldkit.comparison.output.json_output import to_json
    from fieldkit.comparison.output.text import to_text

    vault = context.open_vault()
    everything = args.reveal_all or context.json

    def compared(s: Session) -> Comparison:
        this = context.inspection(s).id
        return comparison(s, this, reveal_all=everything, previous=_previous(s, this))

    def _previous(s: Session, this: str) -> str:
        if args.previous in ("", earlier.NONE):
            return str(args.previous)
        known = [(one.id, f"{one.force}, {earlier.called(one)}") for one in earlier.others(s, this)]
        return pick(args.previous, known, "inspection")

    found = vault.write_now(compared) if everything else vault.read_now(compared)
    if context.json:
        context.put(to_json(found), marking=True)
    elif args.csv:
        context.put(to_csv(found, context.marking))
    else:
        context.put(to_text(found, context.width), marking=True)
    return 0
