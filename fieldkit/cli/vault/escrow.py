"""``fieldkit vault escrow``: let the organisation's recovery key open the vault, or no longer."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from storage.vault.credentials import add_escrow, parse, remove_escrows


def define_escrow(escrow: CommandParser) -> None:
    """Say what “escrow” takes."""
    escrow.handle(
        _escrow,
        "Seal the vault's key to an age recipient of the organisation, so that the "
        "holder of its identity can open the vault when passphrase and recovery code are lost. "
        "Removing it does not help against somebody who has opened the vault with it before.",
    )
    which = escrow.add_mutually_exclusive_group(required=True)
    which.add_argument("--to", metavar="RECIPIENT", help="a key that begins with age1pq1 or age1")
    which.add_argument(
        "--remove",
        nargs="?",
        const="",
        metavar="RECIPIENT",
        help="take the escrow of this recipient away; without one, every escrow",
    )
    escrow.text("--label", "what people call it (with --to)", default="")


def _escrow(args: argparse.Namespace, context: Context) -> None:
    if args.to is not None:
        parse(args.to)  # what cannot be read is said before anybody types a passphrase
    vault = context.open_vault()
    if args.to is not None:
        slot = add_escrow(vault, args.to, args.label)
        sentence = f"The holder of {short(slot.recipient)} can open this vault from now on."
    else:
        number = remove_escrows(vault, args.remove)
        sentence = (
            f"{'The escrow was' if number == 1 else f'{number} escrows were'} removed. Whoever "
            "opened the vault with it before may have kept its key; backups made earlier still "
            "open with it."
        )
    context.show({"escrows": [slot.recipient for slot in vault.keys.escrows]})
    context.terminal.say(sentence)


def short(recipient: str) -> str:
    """Return a recipient as written in a line; a post-quantum one has two thousand characters."""
    return recipient if len(recipient) <= 70 else f"{recipient[:24]}…{recipient[-8:]}"
