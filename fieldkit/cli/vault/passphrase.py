"""``fieldkit vault passphrase``, ``code`` and ``recover``: change what opens a vault."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.vault.create import chosen, typed_back

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.vault.vault import Vault

LARGEST_IDENTITY = 64 * 1024
"""Bytes of the largest file that is read as an identity."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``passphrase``, ``code`` and ``recover``."""
    change = commands.add_parser("passphrase", help="change the passphrase")
    _new_passphrase(change)
    change.set_defaults(run=_change)
    code = commands.add_parser(
        "code", help="make a new recovery code; the one before opens nothing any more"
    )
    code.set_defaults(run=_code)
    recover = commands.add_parser(
        "recover",
        help="set a new passphrase, when the old is forgotten, with the recovery code or with the "
        "organisation's recovery key",
    )
    with_what = recover.add_mutually_exclusive_group()
    with_what.add_argument(
        "--code-file", metavar="F", help="read the recovery code from this file (- is stdin)"
    )
    with_what.add_argument(
        "--escrow-identity",
        metavar="F",
        help="open with the organisation's secret key in this file, as age-keygen writes it",
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
    vault = context.keep(_recovered(args, context))
    source = args.new_passphrase_file or args.passphrase_file
    vault.change_passphrase(chosen(context, source))
    context.say("The vault has its new passphrase. Nothing in it was lost.")
    return _end(args, context)


def _recovered(args: argparse.Namespace, context: Context) -> Vault:
    """The vault, opened without its passphrase."""
    from fieldkit.cli.kit.unlock import unlocked
    from storage import files
    from storage.vault.folder import exists
    from storage.vault.unlock import open_with_escrow, open_with_recovery

    if args.escrow_identity is not None:
        path = Path(args.escrow_identity).expanduser()
        text = files.read(path, LARGEST_IDENTITY).decode("utf-8", errors="replace")
        return open_with_escrow(context.folder, text)
    if not exists(context.folder):
        return open_with_recovery(context.folder, "")
    asked = "Recovery code (seven groups of five)"
    return unlocked(
        context,
        lambda: (
            context.ask_secret(asked)
            if args.code_file is None
            else context.secret_line(args.code_file)
        ),
        lambda typed: open_with_recovery(context.folder, typed),
        person=args.code_file is None,
    )


def _code(args: argparse.Namespace, context: Context) -> int:
    return _new_code(context)


def _new_code(context: Context) -> int:
    """Make a new recovery code, print it, and have a group typed back where somebody is asked."""
    from storage.vault.credentials import confirm_code, renew_code

    vault = context.open_vault()
    code = renew_code(vault)
    context.answer({"changed": True, "recovery_code": code}, code)
    context.say(
        "The line above is the new recovery code; the old one opens nothing any more. Write it "
        "down and keep it away from this laptop."
    )
    if context.args.passphrase_file is None and context.at_terminal:
        typed_back(context, vault, code)
    else:
        confirm_code(vault)  # a script asked for it and has it
    return 0


def _end(args: argparse.Namespace, context: Context) -> int:
    """Make a new recovery code where that was asked for."""
    if args.new_code:
        return _new_code(context)
    if context.json:
        context.put({"changed": True})
    return 0
