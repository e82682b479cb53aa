"""The ceremony of ``fieldkit central``: the root key, and the roster it signs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fieldkit.cli.context import Context
    from storage.central import Central
    from storage.keyslots import Argon2Params
    from storage.roster import Roster

DONE = 0


def store_folder(args: argparse.Namespace) -> Path:
    """Central's folder: the one named, or the usual one."""
    from fieldkit.places import central_folder

    store: Path | None = args.store
    return central_folder() if store is None else store.expanduser().absolute()


def _root_folder(args: argparse.Namespace) -> Path:
    from fieldkit.places import root_folder

    named: Path | None = args.root
    if named is not None:
        return named.expanduser().absolute()
    return root_folder() if args.store is None else store_folder(args) / "root"


def open_central(args: argparse.Namespace, context: Context) -> tuple[Central, str]:
    """Central, and the passphrase it was opened with."""
    from storage.central import Central

    passphrase = context.passphrase("Central's passphrase")
    return Central.open(store_folder(args), passphrase), passphrase


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
    from storage.keyslots.errors import WrongPassphrase
    from storage.vault import exists

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
    from storage.errors import FieldkitError
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
