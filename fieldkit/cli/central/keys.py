"""``fieldkit central identity`` and ``rotate``: the keys that open bundles, and new ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.central.open_central import GIVE_ROSTER, open_central, sign_if_here
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.options import between
from fieldkit.wording.dates import day_words
from storage import files
from storage.central import Central
from storage.errors import FieldkitError
from storage.ops.text import many

MAX_DAYS = 36_500


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
    rotate.flag(
        "--signing",
        "also the key that signs receipts, where others may know it; every laptop then sends "
        "everything once more",
    )
    rotate.flag("--forget", "destroy replaced keys instead")
    rotate.add_argument(
        "--days",
        type=between(0, MAX_DAYS),
        metavar="N",
        help="with --forget: replaced at least N days ago, instead of the roster's grace period",
    )
    rotate.flag("--yes", "do not ask; needed without a terminal")


def _identity(args: argparse.Namespace, context: Context) -> None:
    central, _ = open_central(context)
    with central:
        keys = central.keys.opening()
    parts = []
    for key in keys:
        note = f"# replaced: {key.replaced}\n" if key.replaced else ""
        parts.append(f"# public key: {key.recipient}\n{note}{key.identity.encode()}")
    text = "\n".join(parts)
    if args.to is not None:
        files.write(args.to, f"{text}\n".encode())
        context.show({"file": args.to, "keys": len(keys)}, f"Wrote {args.to}.")
    else:
        *earlier, now = [
            {
                "recipient": key.recipient,
                "identity": key.identity.encode(),
                "replaced": key.replaced,
            }
            for key in keys
        ]
        now.pop("replaced")
        context.show(now | {"before": earlier}, text)
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
        if args.forget:
            _forget(args, context, central)
            return
        roster = central.rotate(signing=args.signing)
        sign_if_here(context, central, passphrase)
        keys = len(central.keys.opening())
    context.show(
        {"version": roster.version, "keys": keys},
        f"A new key stands in version {roster.version} of the roster. Central opens bundles made "
        f"for {many(keys, 'key')}.",
    )
    context.terminal.say(GIVE_ROSTER)


def _forget(args: argparse.Namespace, context: Context, central: Central) -> None:
    question = "Destroy the replaced keys for good? Bundles made for them will open nowhere."
    if not args.yes and not context.terminal.confirm(question):
        raise FieldkitError(
            "No key was destroyed, and nothing was changed. Answer yes on a terminal, or give "
            "--yes."
        )
    destroyed = central.forget(args.days)
    day = central.forgettable_from(args.days)
    keys = len(central.keys.opening())
    if destroyed:
        text = f"{many(destroyed, 'key')} {'was' if destroyed == 1 else 'were'} destroyed"
    elif day:
        text = f"No key was destroyed: the first may be from {day_words(day)} on"
    else:
        text = "No key was destroyed: none was replaced that the roster in use does not name"
    context.show(
        {"destroyed": destroyed, "keys": keys, "from": day},
        f"{text}; central opens bundles made for {many(keys, 'key')}.",
    )
    if destroyed:
        context.terminal.say("Copies of central's folder still hold them: delete old backups.")
