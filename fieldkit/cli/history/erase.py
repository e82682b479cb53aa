"""``fieldkit erase``: take an inspection off this laptop, once central holds all of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``erase``."""
    erase = subparsers.add_parser(
        "erase", help="take an inspection off this laptop, once central holds all of it"
    )
    # Named after the command, so that the default of the global option never erases anything.
    erase.add_argument(
        "--inspection", dest="which", required=True, metavar="ID", help="which inspection"
    )
    erase.add_argument(
        "--dry-run", action="store_true", help="say what would go, and change nothing"
    )
    erase.add_argument(
        "--drop-keys",
        action="store_true",
        help="also force references and keys to child labels that central never had",
    )
    erase.add_argument("--word", metavar="WORD", help="the word «erase», instead of typing it")
    erase.set_defaults(run=_erase)


def _erase(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.history import erase as erasing
    from fieldkit.vault.backups import backups_of

    context.wanted = args.which
    vault = context.open_vault()
    inspection = context.inspection_id()
    copies = backups_of(vault)
    keys = args.drop_keys
    found = vault.read_now(erasing.look, inspection, copies, with_keys=keys)
    if args.dry_run:
        told = erasing.text(found, done=False)
        told += f"\n\n{found.refused}" if found.refused else "\n\nNothing speaks against it."
        context.answer(asdict(found) | {"erased": False}, told, marking=True)
        return 0
    if not found.refused:
        context.say(erasing.text(found, done=False))
    word = args.word
    if word is None:
        word = "" if found.refused else context.ask(f"Type {erasing.ERASE} to erase it")
    done = vault.write_now(
        erasing.erase, inspection, erasing.ERASE if found.refused else word, copies, with_keys=keys
    )
    context.answer(asdict(done) | {"erased": True}, erasing.text(done, done=True), marking=True)
    return 0
