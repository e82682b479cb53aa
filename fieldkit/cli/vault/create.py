"""``fieldkit vault create``: make a vault, and see that its recovery code is on paper.

The first command of all says its help at once, so what it needs is imported when it runs.
"""

from __future__ import annotations

import argparse
import getpass
from typing import TYPE_CHECKING

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.options import MEMORY_MIB, between

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context


def define_create(parser: CommandParser) -> None:
    """Say what “create” takes."""
    least, most = MEMORY_MIB
    parser.handle(
        _create,
        "Make a vault. With --passphrase-file nothing is asked. The recovery code is "
        "printed on stdout, once.",
    )
    parser.text("--name", "your name, as colleagues know you", metavar="NAME")
    parser.add_argument(
        "--memory",
        type=between(least, most),
        metavar="MIB",
        help=f"memory that unlocking takes, {least} to {most} MiB; less makes it quicker for you, "
        "and for a thief who tries passphrases (default: measured, so that unlocking takes about a "
        "second here)",
    )
    parser.add_argument(
        "--escrow",
        metavar="RECIPIENT",
        default="",
        help="let the holder of this key of the organisation (age1pq1… or age1…) open it too",
    )


def _create(args: argparse.Namespace, context: Context) -> None:
    from fieldkit.cli.kit.new_passphrase import new_passphrase
    from fieldkit.cli.vault.escrow import short
    from fieldkit.cli.vault.recovery_code import have_typed_back
    from storage.crypto.keyslots.kdf import DEFAULT, Argon2Params
    from storage.errors import FieldkitError
    from storage.vault.credentials import add_escrow, parse
    from storage.vault.folder import exists
    from storage.vault.location import warnings
    from storage.vault.unlock import create_vault

    terminal = context.terminal
    if exists(context.folder):
        raise FieldkitError(
            f"There is a vault in {context.folder} already. Nothing was changed. Unlock it, or "
            "choose another folder with --vault."
        )
    if args.escrow:
        parse(args.escrow)  # what cannot be read is said before anybody types anything
    for warning in warnings(context.folder):
        terminal.say(warning.text)
    asked = args.passphrase_file is None
    passphrase = new_passphrase(terminal, args.passphrase_file)
    name = args.name or (terminal.ask("Your name, as colleagues know you") if asked else "")
    terminal.say("Making the vault; this takes some seconds …")
    cost = Argon2Params(args.memory * 1024, DEFAULT.t, DEFAULT.p) if args.memory else None
    vault, code = create_vault(
        context.folder,
        passphrase,
        name.strip() or _system_name(),
        params=cost,
        code_unconfirmed=asked,
    )
    context.keep(vault)
    context.show_code(
        code,
        "The recovery code opens the vault when the passphrase is forgotten, and is shown only "
        "now. Write it down and keep it away from this laptop.",
        {
            "vault": str(context.folder),
            "vault_id": vault.keys.vault_id,
            "person": {"id": vault.person.id, "name": vault.person.name},
            "device": vault.identity.device,
        },
    )
    terminal.say(f"The vault is in {context.folder}.")
    if args.escrow:
        add_escrow(vault, args.escrow)
        terminal.say(f"The holder of {short(args.escrow)} can open this vault too.")
    if asked:
        have_typed_back(terminal, vault, code)


def _system_name() -> str:
    """Return what this computer calls the person at it, or the plain word."""
    try:
        return getpass.getuser().strip() or "inspector"
    except (ImportError, KeyError, OSError):  # ImportError: Windows without USERNAME
        return "inspector"
