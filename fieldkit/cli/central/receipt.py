"""``fieldkit central receipt``: what central confirms to each laptop."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.central.open_central import (
    laptop_named,
    open_central,
    put_document,
    warn_of_expiry,
)
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from storage import files
from storage.central import Central
from storage.crypto.signing import Signed
from storage.errors import FieldkitError
from storage.trust.roster import Roster

RECEIPT = ".receipt"
_ENDED = "nothing later of it is accepted"


def define_receipt(receipt: CommandParser) -> None:
    """Say what “receipt” takes."""
    receipt.handle(_receipt)
    receipt.add_argument("--to", type=Path, metavar="DIR", help="the folder, or the file for one")
    receipt.add_argument("--device", metavar="ID", help="only for this laptop: its id, or its name")
    receipt.add_argument(
        "--bundle",
        action="store_true",
        help="as bundles that the laptops merge, with the roster; --to is a folder then",
    )


def _receipt(args: argparse.Namespace, context: Context) -> None:
    central, _ = open_central(context)
    with central:
        _, roster = central.roster()
        warn_of_expiry(central, context)
        if args.device is None:
            wanted = list(roster.devices)
        else:
            wanted = [laptop_named(roster, args.device)]
        if not wanted or (args.to is None and (len(wanted) > 1 or args.bundle)):
            raise FieldkitError(
                "There is no one laptop to make a receipt for. Nothing was made. Enrol one, name "
                "one with --device, or name a folder for all with --to."
            )
        if args.bundle:
            _bundles(args, context, central, roster)
            return
        made = {one.id: central.receipt(one.id) for one in wanted}
    if args.to is None:
        if wanted[0].until is not None:
            context.terminal.say(f"{wanted[0].name} is revoked: {_ENDED}")
        put_document(context, made[wanted[0].id].encode())
        return
    single = len(made) == 1 and not args.to.is_dir()
    if not single:
        args.to.mkdir(parents=True, exist_ok=True)
    by_id = {one.id: one for one in wanted}
    written, lines = [], []
    for device, signed in made.items():
        path = args.to if single else args.to / (device + RECEIPT)
        files.write(path, signed.encode())
        revoked = by_id[device].until is not None
        written.append(
            {
                "device": device,
                "file": str(path),
                "covers": _covers(signed),
                "revoked": revoked,
            }
        )
        said = f", which is revoked: {_ENDED}" if revoked else ""
        lines.append(f"{path}: receipt for {by_id[device].name}{said}")
    context.show({"receipts": written}, "\n".join(lines))


def _bundles(args: argparse.Namespace, context: Context, central: Central, roster: Roster) -> None:
    """Receipts as bundles; a revoked laptop gets none, as it must not be written to any more."""
    args.to.mkdir(parents=True, exist_ok=True)
    wanted = [one for one in roster.devices if one.until is None]
    if args.device is not None:
        wanted = [laptop_named(roster, args.device)]
    written = [
        {"device": one.id, "name": one.name, "file": str(central.send_receipt(one.id, args.to))}
        for one in wanted
    ]
    lines = (f"{one['file']}: receipt and roster for {one['name']}" for one in written)
    context.show({"receipts": written}, "\n".join(lines))


def _covers(signed: Signed) -> dict[str, int]:
    return {feed: seq for feed, (seq, _) in signed.value()["covers"].items()}
