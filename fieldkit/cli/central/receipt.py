"""``fieldkit central receipt``: what central confirms to each laptop."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
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
from storage.errors import FieldkitError
from storage.trust.roster import Device

RECEIPT = ".receipt"
_ENDED = "nothing later of it is accepted"


def define_receipt(receipt: CommandParser) -> None:
    """Say what “receipt” takes."""
    receipt.handle(_receipt)
    receipt.add_argument("--to", type=Path, metavar="DIR", help="the folder, or the file for one")
    receipt.add_argument("--device", metavar="ID", help="only for this laptop: its id, or its name")
    receipt.flag(
        "--bundle", "as bundles that the laptops merge, with the roster; --to is a folder then"
    )


def _receipt(args: argparse.Namespace, context: Context) -> None:
    central, _ = open_central(context)
    with central:
        _, roster = central.roster()
        warn_of_expiry(central, context)
        devices = roster.devices if args.device is None else (laptop_named(roster, args.device),)
        if not devices or (args.to is None and (len(devices) > 1 or args.bundle)):
            raise FieldkitError(
                "There is no one laptop to make a receipt for. Nothing was made. Enrol one, name "
                "one with --device, or name a folder for all with --to."
            )
        if args.bundle:
            _write_bundles(context, central, devices)
            return
        receipts = [(device, central.receipt(device.id)) for device in devices]
    if args.to is None:
        ((device, signed),) = receipts
        if device.until is not None:
            context.terminal.say(f"{device.name} is revoked: {_ENDED}")
        put_document(context, signed.encode())
        return
    single = len(receipts) == 1 and not args.to.is_dir()
    if not single:
        args.to.mkdir(parents=True, exist_ok=True)
    written, lines = [], []
    for device, signed in receipts:
        path = args.to if single else args.to / (device.id + RECEIPT)
        files.write(path, signed.encode())
        revoked = device.until is not None
        covers = {feed: seq for feed, (seq, _) in signed.value()["covers"].items()}
        written.append({"device": device.id, "file": path, "covers": covers, "revoked": revoked})
        note = f", which is revoked: {_ENDED}" if revoked else ""
        lines.append(f"{path}: receipt for {device.name}{note}")
    context.show({"receipts": written}, "\n".join(lines))


def _write_bundles(context: Context, central: Central, devices: Sequence[Device]) -> None:
    """Write receipts as bundles; a revoked laptop gets none unless it alone is named."""
    to: Path = context.args.to
    to.mkdir(parents=True, exist_ok=True)
    if context.args.device is None:
        devices = [device for device in devices if device.until is None]
    written = [
        {"device": device.id, "name": device.name, "file": central.send_receipt(device.id, to)}
        for device in devices
    ]
    lines = (f"{bundle['file']}: receipt and roster for {bundle['name']}" for bundle in written)
    context.show({"receipts": written}, "\n".join(lines))
