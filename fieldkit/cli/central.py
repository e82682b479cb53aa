"""``fieldkit central``: the organisation's root key, its roster, and the receiver of bundles."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli import laptops
from fieldkit.cli.ceremony import (
    open_central,
    params,
    put_document,
    root_init,
    root_sign,
    show_roster,
    sign_if_here,
    store_folder,
)
from fieldkit.cli.context import accept_new, flat

if TYPE_CHECKING:
    from fieldkit.cli.context import Context
    from storage.central import Ingested
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
    make.set_defaults(run=root_init)
    sign = steps.add_parser(
        "sign", help="sign the roster that central proposes, or a proposal brought in a file"
    )
    sign.add_argument("proposal", metavar="PROPOSAL", type=Path, nargs="?")
    sign.add_argument("--to", type=Path, metavar="FILE", help="where the signed roster goes")
    sign.set_defaults(run=root_sign, refuse=sign.error)

    init = commands.add_parser("init", help="make central's keys and store")
    init.add_argument(
        "--x25519", action="store_true", help="keys that older age programs read; not post-quantum"
    )
    init.add_argument("--org", default="Inspectorate", help="the organisation's name")
    init.add_argument("--methodology", default="", help="the team's methodology")
    _memory(init)
    init.set_defaults(run=_init)

    laptops.add_parsers(commands)

    roster = commands.add_parser("roster", help="print the signed roster, or write it for laptops")
    roster.add_argument("--to", type=Path, metavar="FILE")
    roster.add_argument(
        "--proposal", action="store_true", help="the proposal for the root key, not the roster"
    )
    roster.add_argument("--take", type=Path, metavar="FILE", help="take a roster signed elsewhere")
    roster.set_defaults(run=show_roster)

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


def _init(args: argparse.Namespace, context: Context) -> int:
    from storage.central import Central

    folder = store_folder(args)
    passphrase = context.passphrase("New passphrase of central", confirm=True)
    accept_new(passphrase, context)
    central, code = Central.create(
        folder,
        passphrase,
        org=args.org,
        post_quantum=not args.x25519,
        methodology=args.methodology,
        params=params(args),
    )
    with central:
        sign_if_here(args, context, central, passphrase)
        recipient = central.identity.recipient().encode()
        data = {"folder": str(folder), "recipient": recipient, "recovery_code": code}
        shown = recipient if len(recipient) < 80 else recipient[:40] + "…"
        context.answer(data, f"Recipient:     {shown}\nRecovery code: {code}")
    return DONE


def _ingest(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.passing import bar

    central, _ = open_central(args, context)
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
            context.say(f"{flat(one.path.name)}: {one.reason}")
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
        return f"{flat(one.path.name)}: refused ({one.word}); nothing was changed"
    text = {
        "taken": f"taken, {one.ops:,} new entries, {one.records:,} records",
        "known": "known already; nothing was changed",
        "held": "held",
    }[one.outcome]
    for feed, (first, last) in one.waiting.items():
        text += f"; waiting for entries {first} to {last} of {feed}"
    for feed, number in one.revoked.items():
        text += f"; {number:,} entries of {feed} left out, made after its revocation"
    return f"{flat(one.path.name)}: {text}"


def _receipt(args: argparse.Namespace, context: Context) -> int:
    from storage import files
    from storage.errors import FieldkitError

    central, _ = open_central(args, context)
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
        put_document(args, context, made[wanted[0].id].encode())
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
    central, _ = open_central(args, context)
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
    central, _ = open_central(args, context)
    with central:
        identity = central.identity
        recipient = identity.recipient().encode()
        text = f"# public key: {recipient}\n{identity.encode()}"
        context.answer({"recipient": recipient, "identity": identity.encode()}, text)
    context.say("This opens every bundle made for central. Keep it nowhere but behind a lock.")
    return DONE
