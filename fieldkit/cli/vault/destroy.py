"""``fieldkit vault destroy``: overwrite the keys, so that nothing opens the vault any more."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.vault.backup.make import LastBackup


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``destroy``."""
    destroy = commands.add_parser(
        "destroy", help="overwrite the keys of the vault and remove it, for good"
    )
    destroy.add_argument(
        "--without-passphrase",
        action="store_true",
        help="when it is forgotten; what was never sent cannot be counted then",
    )
    destroy.add_argument("--word", metavar="WORD", help="the word «destroy», instead of typing it")
    destroy.set_defaults(run=_destroy)


def _destroy(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.history import erase
    from fieldkit.vault.backups import backups
    from storage.vault.folder import exists
    from storage.vault.unlock import NoVaultError

    folder = context.folder
    if not exists(folder):
        raise NoVaultError(f"There is no vault in {folder}. Nothing was destroyed.")
    last = None if args.without_passphrase else _count(context)
    copies = backups(folder, erase.vault_id(folder), last)
    word = args.word
    if word is None:
        context.say(f"This destroys the vault in {folder} for good. Its backups are not touched.")
        word = context.ask(f"Type {erase.DESTROY} to destroy it")
    done = erase.destroy_vault(folder, word, copies)
    data = {
        "vault": str(done.folder),
        "removed": list(done.removed),
        "not_reached": list(done.not_reached),
    }
    context.answer(data, done.text)
    return 0


def _count(context: Context) -> LastBackup | None:
    """Say what would be lost, and lock; a vault that another window has open is refused here.

    Returns the last backup, as far as the vault remembers one.
    """
    from storage.history.delivery import unsent
    from storage.vault.backup.make import LAST, read_last

    vault = context.open_vault()
    last = read_last(vault.facts_now().get(LAST))
    kept = vault.read_now(lambda s: unsent(s.connection(), with_key=True))
    records = sum(kept.values())
    vault.lock()
    if records:
        context.say(
            f"{records:,} {'record has' if records == 1 else 'records have'} something in them "
            "that never left this laptop; it would be lost."
        )
    return last
