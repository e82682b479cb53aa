"""``fieldkit vault passphrase`` and ``recover``: a new passphrase, with or without the old one."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.new_passphrase import new_passphrase
from fieldkit.cli.kit.unlock import ask_and_unlock
from fieldkit.cli.vault.recovery_code import make_code
from storage import files
from storage.vault.folder import exists
from storage.vault.unlock import open_with_escrow, open_with_recovery
from storage.vault.vault import Vault

MAX_IDENTITY_BYTES = 64 * 1024
"""Of a file that is read as an identity."""


def define_passphrase(parser: CommandParser) -> None:
    """Say what “passphrase” takes."""
    parser.handle(_change)
    _add_options(parser)


def define_recover(parser: CommandParser) -> None:
    """Say what “recover” takes."""
    parser.handle(_recover)
    with_what = parser.add_mutually_exclusive_group()
    with_what.add_argument(
        "--code-file", metavar="F", help="read the recovery code from this file (- is stdin)"
    )
    with_what.add_argument(
        "--escrow-identity",
        metavar="F",
        help="open with the organisation's secret key in this file, as age-keygen writes it",
    )
    _add_options(parser)


def _add_options(parser: CommandParser) -> None:
    parser.add_argument(
        "--new-passphrase-file",
        metavar="F",
        help="read the new passphrase from this file (- is stdin, after what else is read there)",
    )
    parser.flag(
        "--new-code",
        "make a new recovery code as well and print it; the old one then opens nothing",
    )


def _change(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    vault.change_passphrase(new_passphrase(context.terminal, args.new_passphrase_file))
    context.terminal.say(
        "The passphrase was changed; the one before opens nothing any more. Backups made earlier "
        "still open with the passphrase of their time."
    )
    _end(args, context)


def _recover(args: argparse.Namespace, context: Context) -> None:
    vault = context.keep(_opened(args, context))
    source = args.new_passphrase_file or args.passphrase_file
    vault.change_passphrase(new_passphrase(context.terminal, source))
    context.terminal.say("The vault has its new passphrase. Nothing in it was lost.")
    _end(args, context)


def _opened(args: argparse.Namespace, context: Context) -> Vault:
    """Open the vault without its passphrase."""
    if args.escrow_identity is not None:
        path = Path(args.escrow_identity).expanduser()
        text = files.read(path, MAX_IDENTITY_BYTES).decode("utf-8", errors="replace")
        return open_with_escrow(context.folder, text)
    if not exists(context.folder):
        return open_with_recovery(context.folder, "")

    def ask() -> str:
        if args.code_file is None:
            return context.terminal.ask_secret("Recovery code (seven groups of five)")
        return context.terminal.secret_line(args.code_file)

    return ask_and_unlock(
        context.terminal,
        ask,
        lambda typed: open_with_recovery(context.folder, typed),
        person=args.code_file is None,
    )


def _end(args: argparse.Namespace, context: Context) -> None:
    """Make a new recovery code where that was asked for."""
    if args.new_code:
        make_code(context)
    else:
        context.show({"changed": True})
