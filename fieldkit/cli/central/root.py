"""``fieldkit central root``: the organisation's root key, and what it signs."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.central.open_central import (
    argon2_params,
    open_central,
    root_folder,
    say_changes,
)
from fieldkit.cli.central.roster import say_roster
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.new_passphrase import accept_new
from fieldkit.cli.kit.options import add_memory
from storage import files
from storage.central import Root
from storage.crypto.signing import MAX_DOCUMENT_BYTES
from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.trust.roster import Roster
from storage.trust.roster_document import roster_from_value
from storage.vault.folder import exists
from storage.vault.unlock import NoVaultError

CODE = (
    "The recovery code opens the root key when its passphrase is forgotten, and is shown only now. "
    "Keep it on paper, in another safe than the stick."
)


def define_root(root: CommandParser) -> None:
    """Say what “root” takes."""
    make = root.command("init", _init, "make the root key; prints its recovery code, once")
    add_memory(make)
    sign = root.command(
        "sign", _sign, "sign the roster that central proposes, or a proposal brought in a file"
    )
    sign.add_argument(
        "proposal",
        metavar="PROPOSAL",
        type=Path,
        nargs="?",
        help="the file of the proposal, brought here; default: the one that waits at central",
    )
    sign.add_argument("--to", type=Path, metavar="FILE", help="where the signed roster goes")
    sign.flag(
        "--unsigned-keys",
        "also sign for new laptops whose own signature is not in the proposal; only after their "
        "words were compared",
    )


def _init(args: argparse.Namespace, context: Context) -> None:
    folder = root_folder(args)
    passphrase = _root_passphrase(context, "New passphrase of the root key", confirm=True)
    accept_new(passphrase, context.terminal)
    root, code = Root.create(folder, passphrase, params=argon2_params(args))
    with root:
        data = {"folder": str(folder), "fingerprint": root.fingerprint}
        context.show_code(code, CODE, data, f"Fingerprint:   {root.fingerprint}")
    context.terminal.say(
        f"The root key rests in {folder}. Keep that folder offline between signings. Every "
        "inspector compares the fingerprint once."
    )


def _sign(args: argparse.Namespace, context: Context) -> None:
    """Sign what central proposes, here or in a file brought from it."""
    if args.proposal is not None:
        if args.to is None:
            args.refuse("root sign PROPOSAL needs --to FILE")
        brought = _proposal(args.proposal)
        folder = _need_root(args)
        with Root.open(folder, _root_passphrase(context)) as root:
            told = _consider(brought, root, context)
            signed = root.sign(brought, unsigned_keys=args.unsigned_keys)
        files.write(args.to, signed.encode())
        data = {"file": args.to, "version": brought.version, "changes": told}
        context.show(data, f"Wrote {args.to}.")
        return
    central, passphrase = open_central(context)
    with central:
        proposal = central.proposal
        if proposal is None:
            context.show({"version": None}, "Nothing waits to be signed.")
            return
        folder = _need_root(args)
        if args.root_passphrase_file is not None or args.passphrase_file is None:
            passphrase = _root_passphrase(context)
        with Root.open(folder, passphrase) as root:
            told = _consider(proposal, root, context)
            signed = root.sign(proposal, unsigned_keys=args.unsigned_keys)
        central.take_roster(signed)
        if args.to is not None:
            files.write(args.to, signed.encode())
        context.show(
            {"version": proposal.version, "changes": told},
            f"Version {proposal.version} is signed and in use.",
        )


def _consider(proposal: Roster, root: Root, context: Context) -> list[dict[str, object]]:
    """Say what is to be signed, and return what it changes; on a terminal somebody says yes."""
    told = root.changes(proposal, unsigned_keys=context.args.unsigned_keys)
    say_roster(proposal, root.fingerprint, context)
    say_changes(told, context)
    question = f"Sign version {proposal.version} with these changes?"
    if context.terminal.at_terminal and not context.terminal.confirm(question):
        raise FieldkitError(
            f"Version {proposal.version} of the roster was not signed, and nothing was changed. "
            "Ask central's administrator about whatever you did not expect."
        )
    return [{"text": change.text, "grave": change.grave} for change in told]


def _proposal(path: Path) -> Roster:
    """Return the proposal in a file; raises a refusal that says where to get one."""
    data = files.read(path, MAX_DOCUMENT_BYTES)
    try:
        value = canonical_json.loads(data.rstrip(b"\n"))
        return roster_from_value(value if isinstance(value, dict) else {})
    except MalformedError:
        raise FieldkitError(
            f"{path} is no proposal for a roster, or it was changed on the way. Nothing was "
            "signed. Make it at central with “fieldkit central roster --proposal --to FILE”, and "
            "bring that file."
        ) from None


def _need_root(args: argparse.Namespace) -> Path:
    """Return the root key's folder; refuse where it has none, before anybody types anything."""
    folder = root_folder(args)
    if not exists(folder):
        raise NoVaultError(
            f"There is no root key in {folder}. Nothing was signed. Put in the stick that it lies "
            "on and name its folder with --root, or make a root key with “fieldkit central --root "
            "DIR root init”."
        )
    return folder


def _root_passphrase(
    context: Context, prompt: str = "Passphrase of the root key", confirm: bool = False
) -> str:
    source: str | None = context.args.root_passphrase_file
    if source is not None:
        return context.terminal.secret_line(source)
    return context.passphrase(prompt, confirm)
