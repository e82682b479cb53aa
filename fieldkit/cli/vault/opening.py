"""``fieldkit vault passphrase`` and ``recover``: change what opens a vault."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fieldkit.cli.vault.creating import chosen

if TYPE_CHECKING:
    from fieldkit.cli.context import Context


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``passphrase`` and ``recover``."""
    change = commands.add_parser("passphrase", help="change the passphrase")
    _new_passphrase(change)
    change.set_defaults(run=_change)
    recover = commands.add_parser(
        "recover", help="set a new passphrase with the recovery code, when the old is forgotten"
    )
    recover.add_argument(
        "--code-file", metavar="F", help="read the recovery code from this file (- is stdin)"
    )
    _new_passphrase(recover)
    recover.set_defaults(run=_recover)


def _new_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--new-passphrase-file",
        metavar="F",
        help="read the new passphrase from this file (- is stdin, after what else is read there)",
    )
    parser.add_argument(
        "--new-code",
        action="store_true",
        help="make a new recovery code as well and print it; the old one then opens nothing",
    )


def _change(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    vault.change_passphrase(chosen(context, args.new_passphrase_file))
    context.say(
        "The passphrase was changed; the one before opens nothing any more. Backups made earlier "
        "still open with the passphrase of their time."
    )
    return _end(args, context)


def _recover(args: argparse.Namespace, context: Context) -> int:
    from storage.vault import Vault, exists

    code = ""
    if exists(context.folder):
        code = (
            context.secret_line(args.code_file)
            if args.code_file is not None
            else context.ask_secret("Recovery code (seven groups of five)")
        )
    vault = context.keep(Vault.open_with_recovery(context.folder, code))
    source = args.new_passphrase_file or args.passphrase_file
    vault.change_passphrase(chosen(context, source))
    context.say("The vault has its new passphrase. Nothing in it was lost.")
    return _end(args, context)


def _end(args: argparse.Namespace, context: Context) -> int:
    """Make a new recovery code where that was asked for."""
    code = context.open_vault().renew_recovery() if args.new_code else None
    if code is not None:
        context.answer({"changed": True, "recovery_code": code}, code)
        context.say("The line above is the new recovery code; the old one opens nothing any more.")
    elif context.json:
        context.put({"changed": True})
    return 0
