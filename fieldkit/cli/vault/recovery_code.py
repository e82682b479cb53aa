"""``fieldkit vault code``: a new recovery code, and whether it is on paper."""

from __future__ import annotations

import argparse
import secrets

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.terminal import Terminal
from storage.crypto.keyslots.recovery_code import GROUPS, check_group
from storage.vault.credentials import confirm_code, renew_code
from storage.vault.vault import Vault

MAX_TRIES = 5
"""How often one group of the recovery code is asked for."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def define_code(parser: CommandParser) -> None:
    """Say what “code” takes."""
    parser.handle(_code)


def _code(args: argparse.Namespace, context: Context) -> None:
    make_code(context)


def make_code(context: Context) -> None:
    """Make a new recovery code, print it, and have a group typed back where somebody is asked."""
    vault = context.open_vault()
    code = renew_code(vault)
    context.show_code(
        code,
        "It is new; the one before opens nothing any more. Write it down and keep it away from "
        "this laptop.",
        {"changed": True},
    )
    if context.args.passphrase_file is None and context.terminal.at_terminal:
        have_typed_back(context.terminal, vault, code)
    else:
        confirm_code(vault)  # a script asked for it and has it


def have_typed_back(terminal: Terminal, vault: Vault, code: str) -> None:
    """Ask for one group of the code; once it is right, the code counts as being on paper."""
    group = secrets.randbelow(GROUPS)
    for _ in range(MAX_TRIES):
        typed = terminal.ask(f"From what you wrote down, its {ORDINALS[group]} group")
        if check_group(code, group, typed):
            confirm_code(vault)
            terminal.say("Good.")
            return
        wrong = "That is not the group asked for. Compare the code with what you wrote down."
        if not terminal.show_once(f"{wrong}\n\n    {code}"):
            terminal.say(wrong)
    terminal.say(
        "The code counts all the same. You are told at every unlocking that it was not typed back; "
        "“fieldkit vault code” makes a new one."
    )
