"""``fieldkit erase``: take an inspection off this laptop, once central holds all of it."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.history import erase as erasing
from fieldkit.vault.backups import backups_of


def define_erase(erase: CommandParser) -> None:
    """Say what “erase” takes."""
    erase.handle(_erase)
    # Named after the command, so that the default of the global option never erases anything.
    erase.add_argument(
        "--inspection", dest="which", required=True, metavar="ID", help="which inspection"
    )
    erase.flag("--dry-run", "say what would go, and change nothing")
    erase.flag(
        "--drop-keys", "also force references and keys to child labels that central never had"
    )
    erase.add_argument("--word", metavar="WORD", help="the word “erase”, instead of typing it")


def _erase(args: argparse.Namespace, context: Context) -> None:
    context.wanted = args.which
    vault = context.open_vault()
    inspection = context.inspection_id()
    copies = backups_of(vault)
    keys = args.drop_keys
    plan = vault.read_now(erasing.erasure_preview, inspection, copies, with_keys=keys)
    if args.dry_run:
        refused = plan.refused or "Nothing speaks against it."
        text = f"{erasing.erasure_text(plan, done=False)}\n\n{refused}"
        context.show(asdict(plan) | {"erased": False}, text, marked=True)
        return
    if not plan.refused:
        context.terminal.say(erasing.erasure_text(plan, done=False))
    word = args.word
    if word is None:
        word = "" if plan.refused else context.terminal.ask(f"Type {erasing.ERASE} to erase it")
    done = vault.write_now(
        erasing.erase, inspection, erasing.ERASE if plan.refused else word, copies, with_keys=keys
    )
    context.show(
        asdict(done) | {"erased": True}, erasing.erasure_text(done, done=True), marked=True
    )
