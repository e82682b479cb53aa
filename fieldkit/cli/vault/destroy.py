"""``fieldkit vault destroy``: overwrite the keys, so that nothing opens the vault any more."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.history import erase
from fieldkit.vault.backups import known_backups
from storage.history.delivery import unsent
from storage.ops.text import many
from storage.vault.backup.make import LAST, LastBackup
from storage.vault.folder import exists
from storage.vault.unlock import NoVaultError


def define_destroy(destroy: CommandParser) -> None:
    """Say what “destroy” takes."""
    destroy.handle(_destroy)
    destroy.flag(
        "--without-passphrase", "for a forgotten passphrase; unsent records cannot be counted then"
    )
    destroy.add_argument("--word", metavar="WORD", help="the word “destroy”, instead of typing it")


def _destroy(args: argparse.Namespace, context: Context) -> None:
    folder = context.folder
    if not exists(folder):
        raise NoVaultError(f"There is no vault in {folder}. Nothing was destroyed.")
    last = None if args.without_passphrase else _count(context)
    copies = known_backups(folder, erase.vault_id(folder), last)
    word = args.word
    if word is None:
        context.terminal.say(
            f"This destroys the vault in {folder} for good. Its backups are not touched."
        )
        word = context.terminal.ask(f"Type {erase.DESTROY} to destroy it")
    destroyed = erase.destroy_vault(folder, word, copies)
    data = {
        "vault": str(destroyed.folder),
        "removed": destroyed.removed,
        "not_reached": destroyed.not_reached,
    }
    context.show(data, destroyed.text)


def _count(context: Context) -> LastBackup | None:
    """Say what would be lost, and lock; a vault that another window has open is refused here.

    Returns the last backup, as far as the vault remembers one.
    """
    vault = context.open_vault()
    last = vault.fact_now(LAST)
    records = sum(vault.read_now(lambda s: unsent(s.connection(), with_key=True)).values())
    vault.lock()
    if records:
        context.terminal.say(
            f"{many(records, 'record has', 'records have')} something in them "
            "that never left this laptop; it would be lost."
        )
    return last
