"""``fieldkit central identity`` and ``rotate``: the keys that open bundles, and new ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.central.open_central import open_central, sign_if_here
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.options import between
from fieldkit.wording.format import many
from storage import files
from storage.errors import FieldkitError

MOST_DAYS = 36_500


def define_identity(identity: CommandParser) -> None:
    """Say what “identity” takes."""
    identity.handle(_identity)
    identity.add_argument(
        "--to", type=Path, metavar="FILE", help="a file for its owner alone, instead of printing"
    )


def define_rotate(rotate: CommandParser) -> None:
    """Say what “rotate” takes."""
    rotate.handle(
        _rotate,
        "A new key counts from the next signed roster on; bundles that laptops make "
        "by the roster before still open. --forget destroys keys that were replaced at least the "
        "roster's grace period ago: bundles made for them open nowhere afterwards.",
    )
    rotate.add_argument(
        "--signing",
        action="store_true",
        help="also the key that signs receipts, where others may know it; every laptop then sends "
        "everything once more",
    )
    rotate.add_argument("--forget", action="store_true", help="destroy replaced keys instead")
    rotate.add_argument(
        "--days",
        type=between(0, MOST_DAYS),
        metavar="N",
        help="with --forget: replaced at least N days ago, instead of the roster's grace period",
    )
    rotate.add_argument("--yes", action="store_true", help="do not ask; needed without a terminal")


def _identity(args: argparse.Namespace, context: Context) -> None:
    central, _ = open_central(context)
    with central:
        keys = central.keys.opening()
    parts = []
    for one in keys:
        note = f"# replaced: {one.replaced}\n" if one.replaced else ""
        parts.append(f"# public key: {one.recipient}\n{note}{one.identity.encode()}")
    text = "\n".join(parts)
    if args.to is not None:
        files.write(args.to, f"{text}\n".encode())
        context.show({"file": str(args.to), "keys": len(keys)}, f"Wrote {args.to}.")
    else:
        now = keys[-1]
        data = {
            "recipient": now.recipient,
            "identity": now.identity.encode(),
            "before": [
                {
                    "recipient": one.recipient,
                    "identity": one.identity.encode(),
                    "replaced": one.replaced,
                }
                for one in keys[:-1]
            ],
        }
        context.show(data, text)
    context.terminal.say(
        "This opens every bundle made for central. Keep it nowhere but behind a lock."
    )


def _rotate(args: argparse.Namespace, context: Context) -> None:
    if args.forget and args.signing:
        args.refuse("--forget makes no key; use it without --signing")
    if args.days is not None and not args.forget:
        args.refuse("--days needs --forget")
    central, passphrase = open_central(context)
    with central:
        if not args.forget:
            made = central.rotate(signing=args.signing)
            sign_if_here(context, central, passphrase)
            keys = len(central.keys.opening())
            context.show(
                {"version": made.version, "keys": keys},
                f"A new key stands in version {made.version} of the roster. Central opens bundles "
                f"made for {many(keys, 'key')}.",
            )
            context.terminal.say(
                "Give every laptop of the team the new roster: “fieldkit central roster”."
            )
            return
        question = "Destroy the replaced keys for good? Bundles made for them will open nowhere."
        if not args.yes and not context.terminal.confirm(question):
            raise FieldkitError(
                "No key was destroyed, and nothing was changed. Answer yes on a terminal, or give "
                "--yes."
            )
        gone = central.forget(args.days)
        day = central.forgettable_from(args.days)
        left = len(central.keys.opening())
    opens = f"central opens bundles made for {many(left, 'key')}"
    if gone:
        text = f"{many(gone, 'key')} {'was' if gone == 1 else 'were'} destroyed; {opens}."
    elif day:
        text = f"No key was destroyed: the first may be from {day} on; {opens}."
    else:
        text = (
            "No key was destroyed: none was replaced that the roster in use does not name; "
            f"{opens}."
        )
    context.show({"destroyed": gone, "keys": left, "from": day}, text)
    if gone:
        context.terminal.say("Copies of central's folder still hold them: delete old backups.")
