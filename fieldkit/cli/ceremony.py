"""The ceremony of ``fieldkit central``: the root key, and the roster it signs."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.cli.context import Context
    from storage.central import Central
    from storage.keyslots import Argon2Params
    from storage.roster import Device, Roster

DONE = 0


WAIT = 60.0
"""Seconds to wait where another process has central's keys open, before giving up."""
_LOOK = 0.2
SOON = 30
"""Days before a roster's time is over when that is first said."""


def database_url(args: argparse.Namespace) -> str:
    """The database that was named as the store; empty where it is a folder."""
    store: str | None = args.store
    return store if store is not None and "://" in store else ""


def keys_folder(args: argparse.Namespace) -> Path:
    """The folder with central's keys, and its records where no database is named."""
    from fieldkit.places import central_folder

    if database_url(args):
        named: Path | None = args.keys
    elif args.keys is not None:
        raise FieldkitError(
            "--keys stands beside a database; without one central's keys and records lie in one "
            "folder. Nothing was done. Name that with --store."
        )
    else:
        named = None if args.store is None else Path(args.store)
    return central_folder() if named is None else named.expanduser().absolute()


def _root_folder(args: argparse.Namespace) -> Path:
    from fieldkit.places import central_folder, root_folder

    named: Path | None = args.root
    if named is not None:
        return named.expanduser().absolute()
    folder = keys_folder(args)
    return root_folder() if folder == central_folder() else folder / "root"


def open_central(args: argparse.Namespace, context: Context) -> tuple[Central, str]:
    """Central, and the passphrase it was opened with.

    Where another process has it open, such as an ingest that began a moment ago, it is waited for.
    """
    from storage.central import Central
    from storage.refusals import AlreadyOpen

    folder, url = keys_folder(args), database_url(args)
    passphrase = context.passphrase("Central's passphrase")
    until = time.monotonic() + WAIT
    told = False
    while True:
        try:
            return Central.open(folder, passphrase, url=url), passphrase
        except AlreadyOpen:
            if time.monotonic() >= until:
                raise
        if not told:
            context.say(f"Another process has central's keys open; waiting up to {WAIT:.0f} s.")
            told = True
        time.sleep(_LOOK)


def warn_of_expiry(central: Central, context: Context) -> None:
    """Say that the roster's time is over or nearly so; it stops nobody."""
    from storage.central.keys import in_days

    _, roster = central.roster()
    if not roster.expires or roster.expires > in_days(SOON):
        return
    day = roster.expires[:10]
    said = f"was valid until {day}" if roster.expired(in_days(0)) else f"is valid until {day} only"
    context.say(
        f"The roster {said}. It stops nobody. Propose it for another year with «fieldkit central "
        "roster --renew», have the root key sign it, and give it to every laptop."
    )


def laptop_named(roster: Roster, wanted: str) -> Device:
    """The laptop of that id, or the only one of that name, on a roster."""
    by_id = roster.device(wanted)
    found = [by_id] if by_id else [one for one in roster.devices if one.name == wanted]
    if len(found) != 1:
        what = "There are several laptops" if found else "There is no laptop"
        raise FieldkitError(
            f"{what} called {wanted} on the roster. Nothing was changed. Name it by its id; "
            "«fieldkit central roster --json» lists them."
        )
    return found[0]


def _root_passphrase(args: argparse.Namespace, context: Context) -> str:
    if args.root_passphrase_file is not None:
        return context.secret_line(args.root_passphrase_file)
    return context.passphrase("Passphrase of the root key")


def params(args: argparse.Namespace) -> Argon2Params:
    """The cost of the key derivation that was asked for."""
    from storage.keyslots import Argon2Params

    return Argon2Params(args.memory * 1024)


def root_init(args: argparse.Namespace, context: Context) -> int:
    """Make the root key."""
    from fieldkit.cli.context import accept_new
    from storage.central import Root

    folder = _root_folder(args)
    if args.root_passphrase_file is not None:
        passphrase = context.secret_line(args.root_passphrase_file)
    else:
        passphrase = context.passphrase("New passphrase of the root key", confirm=True)
    accept_new(passphrase, context)
    root, code = Root.create(folder, passphrase, params=params(args))
    with root:
        data = {"folder": str(folder), "fingerprint": root.fingerprint, "recovery_code": code}
        context.answer(data, f"Fingerprint:   {root.fingerprint}\nRecovery code: {code}")
    context.say(
        f"The root key rests in {folder}. Keep that folder offline between signings, and the "
        "recovery code on paper. Every inspector compares the fingerprint once."
    )
    return DONE


def root_sign(args: argparse.Namespace, context: Context) -> int:
    """Sign what central proposes, here or in a file brought from it."""
    from storage import canonical, files
    from storage.central import Root
    from storage.roster import from_value
    from storage.signing import LONGEST_DOCUMENT

    if args.proposal is not None:
        if args.to is None:
            args.refuse("root sign PROPOSAL needs --to FILE")
        data = files.read(args.proposal, LONGEST_DOCUMENT)
        proposal = from_value(canonical.loads(data.rstrip(b"\n")))
        with Root.open(_root_folder(args), _root_passphrase(args, context)) as root:
            _say_roster(proposal, root.fingerprint, context)
            signed = root.sign(proposal)
        files.write(args.to, signed.encode())
        context.answer({"file": str(args.to), "version": proposal.version}, f"Wrote {args.to}.")
        return DONE
    central, passphrase = open_central(args, context)
    with central:
        waiting = central.proposal
        if waiting is None:
            context.answer({"version": None}, "Nothing waits to be signed.")
            return DONE
        if args.root_passphrase_file is not None or args.passphrase_file is None:
            passphrase = _root_passphrase(args, context)
        with Root.open(_root_folder(args), passphrase) as root:
            _say_roster(waiting, root.fingerprint, context)
            signed = root.sign(waiting)
        central.take_roster(signed)
        if args.to is not None:
            files.write(args.to, signed.encode())
        context.answer(
            {"version": waiting.version}, f"Version {waiting.version} is signed and in use."
        )
    return DONE


def sign_if_here(
    args: argparse.Namespace, context: Context, central: Central, passphrase: str
) -> None:
    """Sign what waits where the root key lies beside central and opens the same way."""
    from storage.central import Root
    from storage.folder import exists
    from storage.keyslots.errors import WrongPassphrase

    waiting = central.proposal
    if waiting is None:
        return
    folder = _root_folder(args)
    if exists(folder):
        words = passphrase
        if args.root_passphrase_file is not None:
            words = context.secret_line(args.root_passphrase_file)
        try:
            with Root.open(folder, words) as root:
                central.take_roster(root.sign(waiting))
                context.say(
                    f"Version {waiting.version} of the roster was signed with the root key in "
                    f"{folder}. Its fingerprint: {root.fingerprint}"
                )
                return
        except WrongPassphrase:
            pass
    context.say(
        f"Version {waiting.version} of the roster waits for the root key: «fieldkit central root "
        "sign»."
    )


def show_roster(args: argparse.Namespace, context: Context) -> int:
    """Print or write the roster, or take one signed elsewhere."""
    from storage import canonical, files
    from storage.fingerprint import fingerprint
    from storage.signing import LONGEST_DOCUMENT, Signed

    central, passphrase = open_central(args, context)
    with central:
        if args.proposal:
            waiting = central.proposal
            if waiting is None:
                raise FieldkitError("Nothing waits to be signed. Nothing was written.")
            put_document(args, context, canonical.dumps(waiting.value()) + b"\n")
            return DONE
        if args.renew:
            central.renew()
        if args.take is not None:
            central.take_roster(Signed.read(files.read(args.take, LONGEST_DOCUMENT)))
        else:
            sign_if_here(args, context, central, passphrase)
        signed, roster = central.roster()
        words = fingerprint(roster.root)
        if context.json:
            if args.to is not None:
                files.write(args.to, signed.encode())
            context.put(_roster_data(roster, words))
            return DONE
        _say_roster(roster, words, context)
        put_document(args, context, signed.encode())
    return DONE


def put_document(args: argparse.Namespace, context: Context, data: bytes) -> None:
    """Write a document where it was asked for, or on stdout, byte for byte."""
    from storage import files

    if args.to is not None:
        files.write(args.to, data)
        context.put(f"Wrote {args.to}.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _say_roster(roster: Roster, words: str, context: Context) -> None:
    lines = [f"Roster of {roster.org}, version {roster.version}. Fingerprint: {words}"]
    for one in roster.devices:
        ended = ", revoked" if one.until is not None else ""
        lines.append(f"  {one.name} ({one.person}){ended}: {one.fingerprint}")
    context.say("\n".join(lines))


def _roster_data(roster: Roster, words: str) -> dict[str, Any]:
    return {
        "org": roster.org,
        "team": roster.team,
        "version": roster.version,
        "expires": roster.expires,
        "fingerprint": words,
        "devices": [
            {
                "id": one.id,
                "name": one.name,
                "person": one.person,
                "fingerprint": one.fingerprint,
                "revoked": one.until is not None,
            }
            for one in roster.devices
        ],
        "inspections": [one.value() for one in roster.inspections],
    }
