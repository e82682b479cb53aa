"""``fieldkit exchange``: take in what lies in a folder, and write what others lack."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.progress import Progress

DONE, REFUSED = 0, 1


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the exchange with colleagues."""
    exchange = subparsers.add_parser(
        "exchange",
        help="take in every new file of a folder, then write bundles for the team and central",
        description="Takes in every bundle, receipt and roster in the folder that was not read "
        "before, then writes a bundle for each colleague's laptop and for central, where they lack "
        "something. After a stick has gone round twice all laptops agree. Nobody else's files are "
        "changed; own earlier ones that are superfluous are removed.",
    )
    exchange.add_argument("folder", metavar="DIR", type=Path, help="the stick or shared folder")
    exchange.add_argument(
        "--full",
        action="store_true",
        help="write everything, whatever anybody is known to have: the repair",
    )
    exchange.set_defaults(run=_exchange)


def _exchange(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.exchange import last_exchange
    from fieldkit.exchange.exchange import exchange, exchange_data, exchange_text
    from fieldkit.inspections import inspections
    from fieldkit.inspections.clock_skew import clock_lines
    from fieldkit.inspections.reminders import ended

    vault = context.open_vault()
    done = exchange(vault, args.folder.expanduser(), full=args.full, progress=_bars(context))
    clocks, over = vault.read_now(clock_lines), vault.read_now(ended)
    lost = [one.lost for one in vault.read_now(inspections.lost)]
    text = "\n".join([exchange_text(done), *clocks, *lost])
    context.answer(exchange_data(done) | {"clocks": clocks, "ended": over}, text)
    if over:
        context.say(over)
    last_exchange.told(vault)
    return REFUSED if done.refused or done.failed else DONE


def _bars(context: Context) -> Progress:
    from fieldkit.cli.kit.progress import bar

    bars: dict[str, Progress] = {}

    def progress(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = bar(what, context)
        if total:
            bars[what](what, done, total)

    return progress
