"""``fieldkit central root``: the organisation's root key, and what it signs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.central.open_central import open_central, params, root_folder
from fieldkit.cli.central.roster import say_roster
from fieldkit.cli.kit.context import accept_new
from fieldkit.cli.kit.options import add_memory
from storage.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.trust.roster import Roster

DONE = 0


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    root = commands.add_parser("root", help="the organisation's root key")
    steps = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    make = steps.add_parser("init", help="make the root key; prints its recovery code, once")
    add_memory(make)
    make.set_defaults(run=_init)
    sign = steps.add_parser(
        "sign", help="sign the roster that central proposes, or a proposal brought in a file"
    )
    sign.add_argument("proposal", metavar="PROPOSAL", type=Path, nargs="?")
    sign.add_argument("--to", type=Path, metavar="FILE", help="where the signed roster goes")
    sign.set_defaults(run=_sign, refuse=sign.error)


def _init(args: argparse.Namespace, context: Context) -> int:
    """Make the root key."""
    from storage.central import Root

    folder = root_folder(args)
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


def _sign(args: argparse.Namespace, context: Context) -> int:
    """Sign what central proposes, here or in a file brought from it."""
    from storage import files
    from storage.central import Root

    if args.proposal is not None:
        if args.to is None:
            args.refuse("root sign PROPOSAL needs --to FILE")
        proposal = _proposal(args.proposal)
        folder = _need_root(args)
        with Root.open(folder, _root_passphrase(args, context)) as root:
            say_roster(proposal, root.fingerprint, context)
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
        folder = _need_root(args)
        if args.root_passphrase_file is not None or args.passphrase_file is None:
            passphrase = _root_passphrase(args, context)
        with Root.open(folder, passphrase) as root:
            say_roster(waiting, root.fingerprint, context)
            signed = root.sign(waiting)
        central.take_roster(signed)
        if args.to is not None:
            files.write(args.to, signed.encode())
        context.answer(
            {"version": waiting.version}, f"Version {waiting.version} is signed and in use."
        )
    return DONE


def _proposal(path: Path) -> Roster:
    """The proposal in a file; raises a refusal that says where to get one."""
    from storage import files
    from storage.crypto.signing import LONGEST_DOCUMENT
    from storage.ops import canonical_json
    from storage.ops.canonical_json import MalformedError
    from storage.trust.roster_document import from_value

    data = files.read(path, LONGEST_DOCUMENT)
    try:
        value = canonical_json.loads(data.rstrip(b"\n"))
        return from_value(value if isinstance(value, dict) else {})
    except MalformedError:
        raise FieldkitError(
            f"{path} is no proposal for a roster, or it was changed on the way. Nothing was "
            "signed. Make it at central with «fieldkit central roster --proposal --to FILE», and "
            "bring that file."
        ) from None


def _need_root(args: argparse.Namespace) -> Path:
    """The root key's folder; refuses where no key is in it, before anybody types a passphrase."""
    from storage.vault.folder import exists

    folder = root_folder(args)
    if not exists(folder):
        raise FieldkitError(
            f"There is no root key in {folder}. Nothing was signed. Put in the stick that it lies "
            "on and name its folder with --root, or make a root key with «fieldkit central --root "
            "DIR root init»."
        )
    return folder


def _root_passphrase(args: argparse.Namespace, context: Context) -> str:
    if args.root_passphrase_file is not None:
        return context.secret_line(args.root_passphrase_file)
    return context.passphrase("Passphrase of the root key")
