"""``fieldkit vault``: make one, look at it, check it, and change what opens it."""

from __future__ import annotations

import argparse
import getpass
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.context import Context
    from storage.keyslots import Slot

LEAST_MIB, MOST_MIB, USUAL_MIB = 64, 1024, 256
"""Memory that one unlocking takes, in MiB: what a key file may ask for, and what is usual."""

TRIES = 5
"""How often one group of the recovery code is asked for."""
NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``vault`` and its commands."""
    vault = subparsers.add_parser("vault", help="the encrypted vault itself")
    commands = vault.add_subparsers(title="commands", metavar="COMMAND", required=True)

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
        default=USUAL_MIB,
        metavar="MIB",
        help=f"memory that one unlocking takes, {LEAST_MIB} to {MOST_MIB} MiB (default "
        f"{USUAL_MIB}); less is quicker, for the inspector and for a thief",
    )
    create.set_defaults(run=_create)

    info = commands.add_parser("info", help="what can be told without unlocking")
    info.set_defaults(run=_info)

    check = commands.add_parser(
        "check", help="pages, chain and tables: ends with 1 where something is not sound"
    )
    check.set_defaults(run=_check)

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


def _memory(text: str) -> int:
    try:
        found = int(text)
    except ValueError:
        found = 0
    if not LEAST_MIB <= found <= MOST_MIB:
        raise argparse.ArgumentTypeError(f"«{text}» is not between {LEAST_MIB} and {MOST_MIB} MiB")
    return found


def _create(args: argparse.Namespace, context: Context) -> int:
    from storage.errors import FieldkitError
    from storage.keyslots import DEFAULT, Argon2Params
    from storage.vault import Vault, exists

    if exists(context.folder):
        raise FieldkitError(
            f"There is a vault in {context.folder} already. Nothing was changed. Unlock it, or "
            "choose another folder with --vault."
        )
    asked = args.passphrase_file is None
    passphrase = _chosen(context, args.passphrase_file)
    name = args.name or (context.ask("Your name, as colleagues know you") if asked else "")
    context.say("Making the vault; this takes a second or two …")
    vault, code = Vault.create(
        context.folder,
        passphrase,
        name.strip() or _system_name(),
        params=Argon2Params(args.memory * 1024, DEFAULT.t, DEFAULT.p),
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
    if asked:
        _typed_back(context, code)
    return 0


def _system_name() -> str:
    """What this computer calls the person at it, or the plain word."""
    try:
        return getpass.getuser().strip() or "inspector"
    except (KeyError, OSError):
        return "inspector"


def _chosen(context: Context, source: str | None) -> str:
    """A new passphrase: from a file, where an easy one is only warned of, or typed twice.

    One of fewer than 12 characters is refused either way.
    """
    from fieldkit.cli.context import accept_new
    from storage.passphrase import generate, weak

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


def _typed_back(context: Context, code: str) -> None:
    """Ask for one group of the code, so that it is known to be on paper."""
    from storage.keyslots import GROUPS, check_group

    wanted = secrets.randbelow(GROUPS)
    for _ in range(TRIES):
        typed = context.ask(f"From what you wrote down, its {NUMBERS[wanted]} group")
        if check_group(code, wanted, typed):
            context.say("Good.")
            return
        context.say("That is not the group asked for. Look at the code again.")
    context.say("The vault is made all the same. Compare what you wrote down with the code above.")


def _info(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.layout import pairs
    from fieldkit.histories import local_time
    from storage.keyslots import KeyFile
    from storage.vault import DATABASE, KEYS, NoVaultError, exists

    folder = context.folder
    if not exists(folder):
        raise NoVaultError(
            f"There is no vault in {folder}. Nothing was made there. Make one with «fieldkit vault "
            "create», or name its folder with --vault."
        )
    keys = KeyFile.load(folder / KEYS)
    database = folder / DATABASE
    size = database.stat().st_size if database.exists() else None
    data = {
        "vault": str(folder),
        "vault_id": keys.vault_id,
        "created": keys.created,
        "opened_by": [_slot(one) for one in keys.slots],
        "database_bytes": size,
    }
    rows = [
        ("folder", str(folder)),
        ("vault", keys.vault_id),
        ("made", local_time(keys.created)),
        *(("opened by", _slot_words(one)) for one in keys.slots),
        ("database", "missing" if size is None else f"{size:,} bytes, encrypted"),
    ]
    context.answer(data, pairs(rows, context.width))
    return 0


def _slot(slot: Slot) -> dict[str, object]:
    from storage.keyslots import WordSlot

    data: dict[str, object] = {"kind": slot.type}
    if isinstance(slot, WordSlot):
        data |= {
            "memory_mib": slot.params.m_kib // 1024,
            "passes": slot.params.t,
            "lanes": slot.params.p,
        }
    return data


def _slot_words(slot: Slot) -> str:
    from storage.keyslots import WordSlot

    if isinstance(slot, WordSlot):
        return f"{slot.type} ({slot.params.m_kib // 1024} MiB, {slot.params.t} passes)"
    return slot.type


def _check(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    found = vault.check_now()
    data = {
        "sound": found.sound,
        "ops": found.ops,
        "feeds": found.feeds,
        "pages": list(found.pages),
        "chain": list(found.chain),
        "tables": list(found.tables),
    }
    lines = [
        _verdict("pages of the database", found.pages),
        _verdict(f"chain of {found.ops} ops in {found.feeds} feeds", found.chain),
        _verdict("tables against a replay of the ops", found.tables),
    ]
    context.answer(data, "\n".join(lines))
    if not found.sound:
        context.say(
            "The vault is not sound. Nothing was changed. Keep this folder as it is, and put back "
            "the latest backup in another folder to go on working."
        )
    return 0 if found.sound else 1


def _verdict(what: str, found: tuple[str, ...]) -> str:
    if not found:
        return f"{what}: sound"
    return "\n".join([f"{what}: {len(found)} found", *(f"  {one}" for one in found)])


def _change(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    vault.change_passphrase(_chosen(context, args.new_passphrase_file))
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
    vault.change_passphrase(_chosen(context, source))
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
