"""``fieldkit vault``: the encrypted vault itself; one command, or two of a kind, per file."""

from __future__ import annotations

import argparse

from fieldkit.cli.vault import backup, check, create, destroy, escrow, info, passphrase


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``vault`` and its commands."""
    vault = subparsers.add_parser("vault", help="the encrypted vault itself")
    commands = vault.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for one in (create, info, check, backup, passphrase, escrow, destroy):
        one.add_parser(commands)
