"""The file of an import: moved into the vault, listed, written out again, taken away."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.history.open_copies import OURSELVES, write_copy
from fieldkit.service import now
from fieldkit.vault.attachments import LIES_THERE, bytes_of, find_file, kept_files, move_in
from fieldkit.wording.dates import short_moment
from storage.ops.text import size
from storage.records import Disclosure
from storage.vault import attachments


def add_keep(command: CommandParser) -> None:
    """Add the option that moves the file of an import into the vault."""
    command.add_argument(
        "--keep",
        action="store_true",
        help="afterwards move the file into the vault, encrypted, and remove it where it lies",
    )


def keep(args: argparse.Namespace, context: Context, purpose: str, sha256: str) -> None:
    """Move the file that was taken in into the vault, or say that it still lies there."""
    path: Path = args.file.expanduser().absolute()
    if args.keep:
        moved = move_in(context.open_vault(), context.inspection_id(), purpose, path, sha256)
        context.terminal.say(moved.text)
    else:
        named = LIES_THERE.format(name=path.name, folder=path.parent)
        context.terminal.say(f"{named} “--keep” moves it into the vault.")


def define_file(noun: CommandParser, purpose: str) -> None:
    """Say what “file” takes."""
    command = noun.command(
        "file",
        partial(_file, purpose),
        "the files of imports that are kept in the vault",
        "Without an option they are listed. --to writes one to a new file that anybody can read; "
        "that is recorded as a disclosure, and “fieldkit copies” names it until you say where it "
        "went.",
    )
    command.add_argument(
        "which", nargs="?", default="", metavar="ID", help="which import; default: the latest"
    )
    command.add_argument("--to", metavar="FILE", type=Path, help="write it to a new file")
    command.text(
        "--recipient", "for whom it is written, by role", metavar="ROLE", default=OURSELVES
    )
    command.add_argument("--remove", action="store_true", help="take it out of the vault for good")


def _file(purpose: str, args: argparse.Namespace, context: Context) -> None:
    vault, inspection = context.open_vault(), context.inspection_id()
    if args.to is None and not args.remove:
        kept = vault.read_now(kept_files, inspection, purpose)
        rows = [(one.id[:8], one.name, size(one.size), short_moment(one.at)) for one in kept]
        listed = table(("id", "file", "size", "kept"), rows)
        context.show([asdict(one) for one in kept], listed, none="No file is kept.")
        return
    file = vault.read_now(find_file, inspection, purpose, args.which)
    if args.to is not None:
        path = args.to.expanduser().absolute()
        disclosure = Disclosure.make(
            inspection_id=inspection,
            what=f"file {file.name} as {path.name}",
            recipient=args.recipient,
            at=now(),
        )
        write_copy(vault, path, bytes_of(vault, file), disclosure)
        context.terminal.say("Written for anybody to read; the disclosure is on record.")
    if args.remove:
        vault.write_now(attachments.remove, file.id)
        context.terminal.say(f"{file.name} is out of the vault; earlier backups still hold it.")
    context.show(asdict(file), str(args.to or file.name))
