"""What the commands of ``fieldkit central`` share: central opened, its roster signed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from fieldkit.cli.kit.context import Context
from fieldkit.vault import folders
from fieldkit.wording.dates import day_words, local_day
from storage import files
from storage.central import Central, Root
from storage.central.postgres.address import unsafe
from storage.central.roster.keys import in_days
from storage.crypto.keyslots.errors import WrongPassphrase
from storage.crypto.keyslots.kdf import Argon2Params
from storage.database.errors import AlreadyOpenError
from storage.errors import FieldkitError
from storage.trust.roster import Device, Roster
from storage.trust.roster_changes import Change
from storage.vault.folder import exists
from storage.vault.location import open_to_others
from storage.vault.unlock import NoVaultError

MAX_LOCK_WAIT = 60.0
"""How long to wait where another process has central's keys open, before giving up."""
_RETRY_SECONDS = 0.2
GIVE_ROSTER = "Give every laptop of the team the new roster: “fieldkit central roster”."
"""What is said once a new roster is made."""
WARNING_DAYS = 30
"""How long before a roster's time is over that is first said."""


def database_url(args: argparse.Namespace) -> str:
    """Return the database that was named as the store; empty where it is a folder."""
    store: str | None = args.store
    return store if store is not None and "://" in store else ""


def keys_folder(args: argparse.Namespace) -> Path:
    """Return the folder with central's keys, and its records where no database is named."""
    if database_url(args):
        named: Path | None = args.keys
    elif args.keys is not None:
        raise FieldkitError(
            "--keys goes with a database; without one, central's keys and records are in one "
            "folder. Nothing was done. Name that with --store."
        )
    else:
        named = None if args.store is None else Path(args.store)
    return folders.central_folder() if named is None else named.expanduser().absolute()


def root_folder(args: argparse.Namespace) -> Path:
    """Return the root key's folder: the one named, or the usual one of this central."""
    named: Path | None = args.root
    if named is not None:
        return named.expanduser().absolute()
    folder = keys_folder(args)
    return folders.root_folder() if folder == folders.central_folder() else folder / "root"


def need_central(folder: Path, url: str) -> None:
    """Refuse, before anybody types a passphrase, where there is no central; says what to name."""
    if exists(folder):
        return
    if url:
        raise NoVaultError(
            f"Central's keys are not in {folder}. Nothing was done. Name the folder they "
            "are in with --keys, or make central with “fieldkit central init”."
        )
    raise NoVaultError(
        f"There is no central in {folder}. Nothing was done. Name central's folder with --store "
        "(where its records are in a database, that with --store and the folder with --keys), or "
        "make central with “fieldkit central init”."
    )


def say_unsafe(context: Context) -> None:
    """Say what is unsafe about where central's keys and records lie; it stops nobody."""
    if others := open_to_others(keys_folder(context.args)):
        context.terminal.say(others.text)
    url = database_url(context.args)
    for sentence in unsafe(url) if url else ():
        context.terminal.say(sentence)


def open_central(context: Context) -> tuple[Central, str]:
    """Open central; return it and the passphrase it was opened with.

    Where another process has it open, such as an ingest that began a moment ago, it is waited for.
    """
    folder, url = keys_folder(context.args), database_url(context.args)
    need_central(folder, url)
    passphrase = context.passphrase("Central's passphrase")
    say_unsafe(context)
    until = time.monotonic() + MAX_LOCK_WAIT
    notice = f"Another process has central's keys open; waiting up to {MAX_LOCK_WAIT:.0f} s."
    while True:
        try:
            return Central.open(folder, passphrase, url=url), passphrase
        except AlreadyOpenError:
            if time.monotonic() >= until:
                raise
        if notice:
            context.terminal.say(notice)
        notice = ""
        time.sleep(_RETRY_SECONDS)


def warn_of_expiry(central: Central, context: Context) -> None:
    """Say that the roster's time is over or nearly so; it stops nobody."""
    _, roster = central.roster()
    if not roster.expires or roster.expires > in_days(WARNING_DAYS):
        return
    day = day_words(local_day(roster.expires))
    until = (
        f"was valid until {day}" if roster.is_expired(in_days(0)) else f"is valid until {day} only"
    )
    context.terminal.say(
        f"The roster {until}. Work can go on. Propose it for another year with “fieldkit central "
        "roster --renew”, have the root key sign it, and give it to every laptop."
    )


def laptop_named(roster: Roster, wanted: str) -> Device:
    """Return the laptop of that id, or the only one of that name, on a roster."""
    by_id = roster.device(wanted)
    devices = [by_id] if by_id else [one for one in roster.devices if one.name == wanted]
    if len(devices) != 1:
        number = "There are several laptops" if devices else "There is no laptop"
        raise FieldkitError(
            f"{number} called {wanted} on the roster. Nothing was changed. Name it by its id; "
            "“fieldkit central roster --json” lists them."
        )
    return devices[0]


def argon2_params(args: argparse.Namespace) -> Argon2Params:
    """Return the cost of the key derivation that was asked for."""
    return Argon2Params(args.memory * 1024)


def sign_if_here(context: Context, central: Central, passphrase: str) -> None:
    """Sign what waits where the root key lies beside central and opens the same way."""
    proposal = central.proposal
    if proposal is None:
        return
    folder = root_folder(context.args)
    text = f"Version {proposal.version} of the roster waits for the root key: “fieldkit central "
    text += "root sign”."
    if exists(folder):
        source = context.args.root_passphrase_file
        own = passphrase if source is None else context.terminal.secret_line(source)
        with suppress(WrongPassphrase), Root.open(folder, own) as root:
            say_changes([one for one in root.changes(proposal) if one.grave], context)
            central.take_roster(root.sign(proposal))
            text = f"Version {proposal.version} of the roster was signed with the root key in "
            text += f"{folder}. Its fingerprint: {root.fingerprint}"
    context.terminal.say(text)


def say_changes(told: Iterable[Change], context: Context) -> None:
    """Say what a roster changes, since the one that the root key signed last."""
    lines = [f"  {'ATTENTION: ' if change.grave else ''}{change.text}" for change in told]
    if lines:
        context.terminal.say("\n".join(["Changed since the root key signed last:", *lines]))


def put_document(context: Context, data: bytes) -> None:
    """Write a document where it was asked for, or on stdout, byte for byte."""
    to: Path | None = context.args.to
    if to is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        files.write(to, data)
        context.show(f"Wrote {to}.", f"Wrote {to}.")
