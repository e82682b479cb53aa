"""``fieldkit vault create``: make a vault, and see that its recovery code is on paper."""

from __future__ import annotations

import argparse
import getpass
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.vault.vault import Vault

LEAST_MIB, MOST_MIB = 64, 1024
"""Memory that one unlocking takes, in MiB: what a key file may ask for."""

TRIES = 5
"""How often one group of the recovery code is asked for."""
NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``create``."""
    create = commands.add_parser(
        "create",
        help="make a vault; prints the recovery code",
        description="Make a vault. With --passphrase-file nothing is asked. The recovery code is "
        "printed on stdout, once.",
    )
    create.add_argument("--name", help="your name, as colleagues know you")
    create.add_argument(
        "--memory",
        type=_memory,
        metavar="MIB",
        help=f"memory that one unlocking takes, {LEAST_MIB} to {MOST_MIB} MiB, in three passes; "
        "less is quicker, for the inspector and for a thief (default: measured, so that it takes "
        "about a second here)",
    )
    create.add_argument(
        "--escrow",
        metavar="RECIPIENT",
        default="",
        help="let the holder of this key of the organisation (age1pq1… or age1…) open it too",
    )
    create.set_defaults(run=_create)


def _memory(text: str) -> int:
    try:
        found = int(text)
    except ValueError:
        found = 0
    if not LEAST_MIB <= found <= MOST_MIB:
        raise argparse.ArgumentTypeError(f"«{text}» is not between {LEAST_MIB} and {MOST_MIB} MiB")
    return found


def _create(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.vault.escrow import short
    from storage.crypto.keyslots import DEFAULT, Argon2Params
    from storage.errors import FieldkitError
    from storage.vault.credentials import add_escrow, parse
    from storage.vault.folder import exists
    from storage.vault.location import warnings
    from storage.vault.unlock import create_vault

    if exists(context.folder):
        raise FieldkitError(
            f"There is a vault in {context.folder} already. Nothing was changed. Unlock it, or "
            "choose another folder with --vault."
        )
    if args.escrow:
        parse(args.escrow)  # what cannot be read is said before anybody types anything
    for one in warnings(context.folder):
        context.say(one.text)
    asked = args.passphrase_file is None
    passphrase = chosen(context, args.passphrase_file)
    name = args.name or (context.ask("Your name, as colleagues know you") if asked else "")
    context.say("Making the vault; this takes some seconds …")
    cost = Argon2Params(args.memory * 1024, DEFAULT.t, DEFAULT.p) if args.memory else None
    vault, code = create_vault(
        context.folder,
        passphrase,
        name.strip() or _system_name(),
        params=cost,
        code_unconfirmed=asked,
    )
    context.keep(vault)
    context.answer(
        {
            "vault": str(context.folder),
            "vault_id": vault.keys.vault_id,
            "person": {"id": vault.person.id, "name": vault.person.name},
            "device": vault.identity.device,
            "recovery_code": code,
        },
        code,
    )
    context.say(
        f"The vault is in {context.folder}. The line above is its recovery code: it opens the "
        "vault when the passphrase is forgotten and is shown only now. Write it down and keep it "
        "away from this laptop."
    )
    if args.escrow:
        add_escrow(vault, args.escrow)
        context.say(f"The holder of {short(args.escrow)} can open this vault too.")
    if asked:
        typed_back(context, vault, code)
    return 0


def _system_name() -> str:
    """What this computer calls the person at it, or the plain word."""
    try:
        return getpass.getuser().strip() or "inspector"
    except (KeyError, OSError):
        return "inspector"


def chosen(context: Context, source: str | None) -> str:
    """A new passphrase: from a file, where an easy one is only warned of, or typed twice.

    One of fewer than 12 characters is refused either way.
    """
    from fieldkit.cli.kit.context import accept_new
    from storage.crypto.passphrase import generate, weak

    if source is not None:
        return accept_new(context.secret_line(source), context, "Taken as it is, but: ")
    context.say(
        "A passphrase protects everything you note; nobody can look it up for you. Four words "
        f"drawn by chance, which you may take:\n\n    {generate()}\n"
    )
    while True:
        typed = context.ask_secret("The passphrase")
        advice = weak(typed)
        if advice:
            context.say(advice)
        elif context.ask_secret("The passphrase, once more") != typed:
            context.say("The two were not the same. Try again.")
        else:
            return typed


def typed_back(context: Context, vault: Vault, code: str) -> None:
    """Ask for one group of the code; once it is right, the code counts as being on paper."""
    from storage.crypto.keyslots import GROUPS, check_group
    from storage.vault.credentials import confirm_code

    wanted = secrets.randbelow(GROUPS)
    for _ in range(TRIES):
        typed = context.ask(f"From what you wrote down, its {NUMBERS[wanted]} group")
        if check_group(code, wanted, typed):
            confirm_code(vault)
            context.say("Good.")
            return
        context.say("That is not the group asked for. Look at the code again.")
    context.say(
        "The code counts all the same. Compare what you wrote down with the code above. You are "
        "told at every unlocking that it was not typed back; «fieldkit vault code» makes a new one."
    )
