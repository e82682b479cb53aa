"""``fieldkit compare``: the force's grades beside ours."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.context import Context
    from fieldkit.comparison import Comparison


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``compare``."""
    compare = subparsers.add_parser(
        "compare",
        help="the three tables, disparities and agreement",
        description="Compare the force's grades with ours. The text and --csv use the cases that "
        "were revealed. --json and --reveal-all compare every case whose overall grade of ours is "
        "committed, and count as the reveal of those cases, on record.",
    )
    compare.add_argument("--reveal-all", action="store_true", help="reveal them all first")
    compare.add_argument("--csv", action="store_true", help="the tables as comma-separated values")
    compare.set_defaults(run=_compare)


def _compare(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.comparing import comparison
    from fieldkit.comparison import to_csv, to_json, to_text

    vault = context.open_vault()
    everything = args.reveal_all or context.json

    def compared(s: Session) -> Comparison:
        return comparison(s, context.inspection(s).id, reveal_all=everything)

    found = vault.write_now(compared) if everything else vault.read_now(compared)
    if context.json:
        context.put(to_json(found), marking=True)
    elif args.csv:
        context.put(to_csv(found, context.marking))
    else:
        context.put(to_text(found, context.width), marking=True)
    return 0
