"""``fieldkit central``: the organisation's root key, its roster, and the receiver of bundles."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fieldkit.cli.context import Context
    from storage.central import Central, Ingested
    from storage.keyslots import Argon2Params
    from storage.roster import Roster
    from storage.signing import Signed

DONE, REFUSED = 0, 1
USUAL_MIB = 256
RECEIPT = ".receipt"


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``central`` and its commands."""
    central = subparsers.add_parser(
        "central",
        help="for central's administrator: keys, roster, ingest, receipts",
        description="Central's own store, opened with its own passphrase (--passphrase-file, or "
        "the terminal).",
    )
    central.add_argument("--store", type=Path, metavar="DIR", help="central's folder")
    central.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="the root key's folder (default: root in the store)",
    )
    central.add_argument(
        "--root-passphrase-file", metavar="F", help="the root key's passphrase, where it differs"
    )
    commands = central.add_subparsers(title="commands", metavar="COMMAND", required=True)

    root = commands.add_parser("root", help="the organisation's root key")
    steps = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    make = steps.add_parser("init", help="make the root key; prints its recovery code, once")
    _memory(make)
    make.set_defaults(run=_root_init)
    sign = steps.add_parser(
        "sign", help="sign the roster that central proposes, or a proposal brought in a file"
    )
    sign.add_argument("proposal", metavar="PROPOSAL", type=Path, nargs="?")
    sign.add_argument("--to", type=Path, metavar="FILE", help="where the signed roster goes")
    sign.set_defaults(run=_root_sign, refuse=sign.error)

    init = commands.add_parser("init", help="make central's keys and store")
    init.add_argument(
        "--x25519", action="store_true", help="keys that older age programs read; not post-quantum"
    )
    init.add_argument("--org", default="Inspectorate", help="the organisation's name")
    init.add_argument("--methodology", default="", help="the team's methodology")
    _memory(init)
    init.set_defaults(run=_init)

    enrol = commands.add_parser("enrol", help="put a laptop on the next roster")
    enrol.add_argument("request", metavar="REQUEST", type=Path)
    enrol.add_argument("--name", default="", help="what to call the laptop")
    enrol.set_defaults(run=_enrol)

    roster = commands.add_parser("roster", help="print the signed roster, or write it for laptops")
    roster.add_argument("--to", type=Path, metavar="FILE")
    roster.add_argument(
        "--proposal", action="store_true", help="the proposal for the root key, not the roster"
    )
    roster.add_argument("--take", type=Path, metavar="FILE", help="take a roster signed elsewhere")
    roster.set_defaults(run=_roster)

    ingest = commands.add_parser("ingest", help="take in bundles: files, or folders of them")
    ingest.add_argument("paths", metavar="PATH", type=Path, nargs="+")
    ingest.set_defaults(run=_ingest)

    receipt = commands.add_parser("receipt", help="make receipts for the laptops on the roster")
    receipt.add_argument("--to", type=Path, metavar="DIR", help="the folder, or the file for one")
    receipt.add_argument("--device", metavar="ID", help="only for this laptop")
    receipt.set_defaults(run=_receipt)

    report = commands.add_parser("report", help="what central holds")
    report.set_defaults(run=_report)

    identity = commands.add_parser(
        "identity", help="print central's secret age identity, for the age program"
    )
    identity.set_defaults(run=_identity)


def _memory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--memory",
        type=int,
        choices=range(64, 1025),
        default=USUAL_MIB,
        metavar="MIB",
        help=f"memory that one unlocking takes, 64 to 1024 MiB (default {USUAL_MIB})",
    )


def _params(args: argparse.Namespace) -> Argon2Params:
    from storage.keyslots import Argon2Params

    return Argon2Params(args.memory * 1024)


def _store(args: argparse.Namespace) -> Path:
    from fieldkit.places import central_folder

    store: Path | None = args.store
    return central_folder() if store is None else store.expanduser().absolute()


def _root_folder(args: argparse.Namespace) -> Path:
    from fieldkit.places import root_folder

    named: Path | None = args.root
    if named is not None:
        return named.expanduser().absolute()
    return root_folder() if args.store is None else _store(args) / "root"


def _open(args: argparse.Namespace, context: Context) -> tuple[Central, str]:
    """Central, and the passphrase it was opened with."""
    from storage.central import Central

    passphrase = context.passphrase("Central's passphrase")
    return Central.open(_store(args), passphrase), passphrase


def _root_passphrase(args: argparse.Namespace, context: Context) -> str:
    if args.root_passphrase_file is not None:
        return context.secret_line(args.root_passphrase_file)
    return context.passphrase("Passphrase of the root key")


def _warn(passphrase: str, context: Context) -> None:
    from storage.passphrase import weak

    warning = weak(passphrase)
    if warning is not None:
        context.say(warning)


def _root_init(args: argparse.Namespace, context: Context) -> int:
    from storage.central import Root

    folder = _root_folder(args)
    if args.root_passphrase_file is not None:
        passphrase = context.secret_line(args.root_passphrase_file)
    else:
        passphrase = context.passphrase("New passphrase of the root key", confirm=True)
    _warn(passphrase, context)
    root, code = Root.create(folder, passphrase, params=_params(args))
    with root:
        data = {"folder": str(folder), "fingerprint": root.fingerprint, "recovery_code": code}
        context.answer(data, f"Fingerprint:   {root.fingerprint}\nRecovery code: {code}")
    context.say(
        f"The root key rests in {folder}. Keep that folder offline between signings, and the "
        "recovery code on paper. Every inspector compares the fingerprint once."
    )
    return DONE


def _root_sign(args: argparse.Namespace, context: Context) -> int:
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
    central, passphrase = _open(args, context)
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


def _sign_if_here(
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


def _init(args: argparse.Namespace, context: Context) -> int:
    from storage.central import Central

    folder = _store(args)
    passphrase = context.passphrase("New passphrase of central", confirm=True)
    _warn(passphrase, context)
    central, code = Central.create(
        folder,
        passphrase,
        org=args.org,
        post_quantum=not args.x25519,
        methodology=args.methodology,
        params=_params(args),
    )
    with central:
        _sign_if_here(args, context, central, passphrase)
        recipient = central.identity.recipient().encode()
        data = {"folder": str(folder), "recipient": recipient, "recovery_code": code}
        shown = recipient if len(recipient) < 80 else recipient[:40] + "…"
        context.answer(data, f"Recipient:     {shown}\nRecovery code: {code}")
    return DONE


def _enrol(args: argparse.Namespace, context: Context) -> int:
    central, passphrase = _open(args, context)
    with central:
        device = central.enrol(args.request, name=args.name)
        _sign_if_here(args, context, central, passphrase)
        data = {
            "device": device.id,
            "name": device.name,
            "person": device.person,
            "fingerprint": device.fingerprint,
        }
        context.answer(data, f"{device.name} ({device.person}), laptop {device.id}")
        context.say(
            f"Its fingerprint: {device.fingerprint}\nAsk {device.person} in person for the words "
            "their laptop shows; revoke it if they differ."
        )
    return DONE


def _roster(args: argparse.Namespace, context: Context) -> int:
    from storage import canonical, files
    from storage.errors import FieldkitError
    from storage.fingerprint import fingerprint
    from storage.signing import LONGEST_DOCUMENT, Signed

    central, passphrase = _open(args, context)
    with central:
        if args.proposal:
            waiting = central.proposal
            if waiting is None:
                raise FieldkitError("Nothing waits to be signed. Nothing was written.")
            _document(args, context, canonical.dumps(waiting.value()) + b"\n")
            return DONE
        if args.take is not None:
            central.take_roster(Signed.read(files.read(args.take, LONGEST_DOCUMENT)))
        else:
            _sign_if_here(args, context, central, passphrase)
        signed, roster = central.roster()
        words = fingerprint(roster.root)
        if context.json:
            if args.to is not None:
                files.write(args.to, signed.encode())
            context.put(_roster_data(roster, words))
            return DONE
        _say_roster(roster, words, context)
        _document(args, context, signed.encode())
    return DONE


def _document(args: argparse.Namespace, context: Context, data: bytes) -> None:
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


def _ingest(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.passing import bar

    central, _ = _open(args, context)
    with central:
        summary = central.ingest(args.paths, bar("Verifying", context))
    data = {
        "files": [_ingested_data(one) for one in summary.files],
        "ops": summary.ops,
        "taken": summary.count("taken"),
        "known": summary.count("known"),
        "held": summary.count("held"),
        "refused": summary.count("refused"),
    }
    context.answer(data, "\n".join(_ingested_text(one) for one in summary.files) or "No bundles.")
    for one in summary.files:
        if one.reason:
            context.say(f"{one.path.name}: {one.reason}")
    return REFUSED if summary.count("refused") else DONE


def _ingested_data(one: Ingested) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "outcome": one.outcome,
        "from": one.sender,
        "ops": one.ops,
        "records": one.records,
        "waiting": {feed: list(gap) for feed, gap in one.waiting.items()},
        "revoked": one.revoked,
        "reason": one.word,
        "sentence": one.reason,
    }


def _ingested_text(one: Ingested) -> str:
    if one.outcome == "refused":
        return f"{one.path.name}: refused ({one.word}); nothing was changed"
    text = {
        "taken": f"taken, {one.ops:,} new entries, {one.records:,} records",
        "known": "known already; nothing was changed",
        "held": "held",
    }[one.outcome]
    for feed, (first, last) in one.waiting.items():
        text += f"; waiting for entries {first} to {last} of {feed}"
    for feed, number in one.revoked.items():
        text += f"; {number:,} entries of {feed} left out, made after its revocation"
    return f"{one.path.name}: {text}"


def _receipt(args: argparse.Namespace, context: Context) -> int:
    from storage import files
    from storage.errors import FieldkitError

    central, _ = _open(args, context)
    with central:
        _, roster = central.roster()
        wanted = [one for one in roster.devices if args.device in (None, one.id)]
        if not wanted or (args.to is None and len(wanted) > 1):
            raise FieldkitError(
                "There is no one laptop to make a receipt for. Nothing was made. Enrol one, name "
                "one with --device, or name a folder for all with --to."
            )
        made = {one.id: central.receipt(one.id) for one in wanted}
    if args.to is None:
        _document(args, context, made[wanted[0].id].encode())
        return DONE
    single = len(made) == 1 and not args.to.is_dir()
    if not single:
        args.to.mkdir(parents=True, exist_ok=True)
    written = []
    for device, signed in made.items():
        path = args.to if single else args.to / (device + RECEIPT)
        files.write(path, signed.encode())
        written.append({"device": device, "file": str(path), "covers": _covers(signed)})
    names = {one.id: one.name for one in wanted}
    lines = (f"{one['file']}: receipt for {names[str(one['device'])]}" for one in written)
    context.answer({"receipts": written}, "\n".join(lines))
    return DONE


def _covers(signed: Signed) -> dict[str, int]:
    return {feed: seq for feed, (seq, _) in signed.value()["covers"].items()}


def _report(args: argparse.Namespace, context: Context) -> int:
    central, _ = _open(args, context)
    with central:
        found = central.report()
    data = {
        "inspections": [
            {"id": one.id, "force": one.force, "counts": one.counts} for one in found.inspections
        ],
        "ops": found.ops,
        "feeds": found.feeds,
        "waiting": {feed: list(gap) for feed, gap in found.waiting.items()},
        "refused": found.refused,
        "conflicts": found.conflicts,
    }
    lines = [f"{found.ops:,} entries in {len(found.feeds)} feeds; {found.refused} bundles refused."]
    for one in found.inspections:
        counts = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in one.counts.items() if n)
        lines.append(f"{one.force} ({one.id[:8]}): {counts}")
    for feed, (first, last) in found.waiting.items():
        lines.append(f"Waiting for entries {first} to {last} of {feed}.")
    if found.conflicts:
        lines.append(f"{found.conflicts} records have parallel writes that do not agree.")
    context.answer(data, "\n".join(lines))
    return DONE


def _identity(args: argparse.Namespace, context: Context) -> int:
    central, _ = _open(args, context)
    with central:
        identity = central.identity
        recipient = identity.recipient().encode()
        text = f"# public key: {recipient}\n{identity.encode()}"
        context.answer({"recipient": recipient, "identity": identity.encode()}, text)
    context.say("This opens every bundle made for central. Keep it nowhere but behind a lock.")
    return DONE
