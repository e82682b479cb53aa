"""``fieldkit exchange``: take in what lies in a folder, and write what others lack."""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED
from fieldkit.cli.kit.progress import bar
from fieldkit.exchange import last_exchange
from fieldkit.exchange.exchange import exchange
from fieldkit.exchange.exchange_report import exchange_data, exchange_text
from fieldkit.inspections import inspections
from fieldkit.inspections.clock_skew import clock_lines
from fieldkit.inspections.reminders import ended
from storage.progress import Progress


def define_exchange(exchange: CommandParser) -> None:
    """Say what “exchange” takes."""
    exchange.handle(
        _exchange,
        "Takes in every bundle, receipt and roster in the folder that was not read "
        "before, then writes a bundle for each colleague's laptop and for central, where they lack "
        "something. After a stick has gone round twice all laptops agree. Other people's files are "
        "left alone; your own earlier bundles that nobody needs any more are removed.",
    )
    exchange.add_argument("folder", metavar="DIR", type=Path, help="the stick or shared folder")
    exchange.flag("--full", "write everything, even what others are known to have; for repairs")


def _exchange(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    done = exchange(vault, args.folder.expanduser(), full=args.full, progress=_bars())
    clocks, over = vault.read_now(clock_lines), vault.read_now(ended)
    lost = [one.lost for one in vault.read_now(inspections.lost)]
    text = "\n".join([exchange_text(done), *clocks, *lost])
    context.show(exchange_data(done) | {"clocks": clocks, "ended": over}, text)
    if over:
        context.terminal.say(over)
    last_exchange.told(vault)
    return REFUSED if done.refused or done.failed else DONE


def _bars() -> Progress:
    """Return what shows a bar for each step."""
    bar_of = cache(bar)

    def show(what: str, done: int, total: int) -> None:
        if total:
            bar_of(what)(what, done, total)

    return show
