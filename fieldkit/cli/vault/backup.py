"""``fieldkit vault backup`` and ``restore``: a verified copy, and a vault made of one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``backup`` and ``restore``."""
    backup = commands.add_parser(
        "backup",
        help="make an encrypted backup and read it back; the last three are kept",
        description="Make an encrypted backup of the vault and its key file and read it back. It "
        "opens with the passphrase and the recovery code of this moment. The last three in a "
        "folder are kept.",
    )
    backup.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        help="the folder of the backups; by default beside the vault",
    )
    backup.add_argument(
        "--list", action="store_true", help="name the backups there are; needs no passphrase"
    )
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore",
        help="make a vault of a backup, in a new folder",
        description="Make a vault of a backup, in a new folder. The backup and the vault it was "
        "made from stay as they are. It asks for the passphrase that the vault had then.",
    )
    restore.add_argument("backup", metavar="BACKUP", help="its folder, or its name in the list")
    restore.add_argument("--to", metavar="NEW_FOLDER", type=Path, required=True)
    restore.add_argument(
        "--code-file",
        metavar="F",
        help="open it with the recovery code in this file (- is stdin) instead of the passphrase",
    )
    restore.set_defaults(run=_restore)


def _place(args: argparse.Namespace, context: Context) -> Path:
    from storage.vault.backup.generations import default_place

    named: Path | None = args.to
    return default_place(context.folder) if named is None else named.expanduser().absolute()


def _backup(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.progress import ProgressLine
    from fieldkit.vault import backups
    from storage.progress import labelled
    from storage.vault.backup.make import back_up

    place = _place(args, context)
    if args.list:
        return _list(place, context)
    vault = context.open_vault()
    with ProgressLine(context) as line:
        made = back_up(vault, place, labelled(line, "making the backup"))
    data = {
        "path": str(made.backup.path),
        "at": made.backup.at,
        "bytes": made.backup.size,
        "ops": made.ops,
        "drafts": made.drafts,
        "verified": True,
        "kept": made.kept,
        "removed": [str(one) for one in made.removed],
    }
    context.answer(data, backups.made_text(made))
    return 0


def _list(place: Path, context: Context) -> int:
    from fieldkit.cli.kit.layout import table
    from fieldkit.vault import backups
    from fieldkit.wording.format import local
    from storage.vault.backup.generations import found_in

    found = found_in(place)
    if not found:
        context.answer([], f"There are no backups in {place}.")
        return 0
    rows = [
        (one.path.name, local(one.at), backups.size(one.size), one.vault_id[:8]) for one in found
    ]
    text = f"In {place}\n" + table(("backup", "made", "size", "vault"), rows)
    context.answer(backups.as_data(found), text)
    return 0


def _restore(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.vault import backups
    from storage.crypto.keyslots import KeyFile
    from storage.vault.backup.generations import default_place, named
    from storage.vault.backup.restore import restore

    backup = named(args.backup, default_place(context.folder))
    folder = args.to.expanduser().absolute()

    def unlock(keys: KeyFile) -> bytearray:
        if args.code_file is not None:
            key = keys.unlock_recovery(context.secret_line(args.code_file))
        else:
            key = keys.unlock(context.passphrase("Passphrase at the time of the backup"))
        context.say("Reading and verifying the backup …")
        return key

    found = restore(backup, folder, unlock, others=[context.folder])
    data = {
        "vault": str(found.folder),
        "at": found.at,
        "ops": found.ops,
        "drafts": found.drafts,
        "missing": {str(feed): list(both) for feed, both in found.missing.items()},
        "known_by": [str(one) for one in found.known_by],
    }
    context.answer(data, backups.restored_text(found))
    context.say(f"Open it with: fieldkit --vault {found.folder}")
    return 0
