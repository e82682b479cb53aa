"""``fieldkit leaflet``: what a force, its staff or its partners are told before an inspection."""

from __future__ import annotations

import argparse

from fieldkit.cli.feedback.leave import add_written, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.feedback.leaflet.leaflet import AUDIENCES, leaflet


def define_leaflet(noun: CommandParser) -> None:
    """Say what “leaflet” takes."""
    noun.handle(
        _leaflet,
        "A page made from the methodology: why, what is collected by which method and what for, "
        "what a case audit is and is not for, how evidence becomes a recommendation, who sees "
        "what, and when the force hears. It is recorded as a disclosure. Without --to it is only "
        "shown.",
    )
    noun.add_argument(
        "--for",
        dest="audience",
        choices=AUDIENCES,
        required=True,
        help="for whom it is",
    )
    add_written(noun)


def _leaflet(args: argparse.Namespace, context: Context) -> None:
    give_or_show(args, context, context.read(leaflet, args.audience, sender=args.sender))
