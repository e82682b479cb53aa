"""``fieldkit vault backup`` and ``restore``: a verified copy, and a vault made of one."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.progress import ProgressLine
from fieldkit.vault import backups
from fieldkit.wording.dates import short_moment
from storage.crypto.keyslots.keyfile import KeyFile
from storage.ops.op import by_name
from storage.ops.text import size
from storage.progress import labelled
from storage.vault.backup.generations import backups_in, named
from storage.vault.backup.make import back_up
from storage.vault.backup.restore import restore


def define_backup(backup: CommandParser) -> None:
    """Say what “backup” takes."""
    backup.handle(
        _backup,
        "Make an encrypted backup of the vault and its key file and read it back. It opens with "
        "the passphrase and the recovery code of this moment. The last three in a folder are kept.",
    )
    backup.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        help="the folder of the backups; by default that of the settings, else beside the vault",
    )
    backup.flag("--list", "name the backups there are; needs no passphrase")


def define_restore(restore: CommandParser) -> None:
    """Say what “restore” takes."""
    restore.handle(
        _restore,
        "Make a vault of a backup, in a new folder. The backup and the vault it was "
        "made from stay as they are. It asks for the passphrase that the vault had then.",
    )
    restore.add_argument("backup", metavar="BACKUP", help="its folder, or its name in the list")
    restore.add_argument(
        "--to", metavar="NEW_FOLDER", type=Path, required=True, help="where the vault goes"
    )
    restore.add_argument(
        "--code-file",
        metavar="F",
        help="open it with the recovery code in this file (- is stdin) instead of the passphrase",
    )


def _place(args: argparse.Namespace, context: Context) -> Path:
    named: Path | None = args.to
    return backups.usual_place(context.folder) if named is None else named.expanduser().absolute()


def _backup(args: argparse.Namespace, context: Context) -> None:
    place = _place(args, context)
    if args.list:
        _list(place, context)
        return
    vault = context.open_vault()
    with ProgressLine(context.terminal) as line:
        result = back_up(vault, place, labelled(line, "making the backup"))
    data = {
        "path": str(result.backup.path),
        "at": result.backup.at,
        "bytes": result.backup.size,
        "ops": result.ops,
        "drafts": result.drafts,
        "verified": True,
        "kept": result.kept,
        "removed": [str(one) for one in result.removed],
    }
    context.show(data, backups.backup_text(result))


def _list(place: Path, context: Context) -> None:
    data, rows = [], []
    for backup in backups_in(place):
        id, at, path = backup.vault_id, backup.at, backup.path
        data.append({"path": path, "vault_id": id, "at": at, "bytes": backup.size})
        rows.append((path.name, short_moment(at), size(backup.size), id[:8]))
    text = f"In {place}\n" + table(("backup", "made", "size", "vault"), rows)
    context.show(data, text if rows else f"There are no backups in {place}.")


def _restore(args: argparse.Namespace, context: Context) -> None:
    backup = named(args.backup, backups.usual_place(context.folder))
    folder = args.to.expanduser().absolute()

    def unlock(keys: KeyFile) -> bytearray:
        if args.code_file is not None:
            key = keys.unlock_recovery(context.terminal.secret_line(args.code_file))
        else:
            key = keys.unlock(context.passphrase("Passphrase at the time of the backup"))
        context.terminal.say("Reading and verifying the backup …")
        return key

    restored = restore(backup, folder, unlock, others=[context.folder])
    data = {
        "vault": str(restored.folder),
        "at": restored.at,
        "ops": restored.ops,
        "drafts": restored.drafts,
        "missing": by_name(restored.missing),
        "known_by": [str(one) for one in restored.known_by],
    }
    context.show(data, backups.restored_text(restored))
    context.terminal.say(f"Open it with: fieldkit --vault {restored.folder}")
