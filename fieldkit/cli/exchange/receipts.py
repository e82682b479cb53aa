"""``fieldkit receipts``: which exports central has received, and what it has not confirmed."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.exchange.receipts import receipts
from fieldkit.wording.dates import short_moment


def define_receipts(command: CommandParser) -> None:
    """Say what “receipts” takes."""
    command.handle(_receipts)


def _receipts(args: argparse.Namespace, context: Context) -> None:
    seen = context.open_vault().read_now(receipts)
    rows = [
        (short_moment(one.left), one.what, "with key" if one.with_key else "", one.words)
        for one in seen.exports
    ]
    listed = table(("left", "what", "key", "central"), rows) if rows else "Nothing has left yet."
    context.show(
        {
            "exports": [
                {
                    "id": one.id,
                    "what": one.what,
                    "left": one.left,
                    "with_key": one.with_key,
                    "received": one.received,
                }
                for one in seen.exports
            ],
            "unconfirmed": seen.entries,
            "since": seen.since,
        },
        f"{listed}\n\n{seen.text}",
    )
