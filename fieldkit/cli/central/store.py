"""``fieldkit central init`` and ``upgrade``: central's keys and store, made or renewed."""

from __future__ import annotations

import argparse

from fieldkit.cli.central.open_central import (
    argon2_params,
    database_url,
    keys_folder,
    need_central,
    say_unsafe,
    sign_if_here,
)
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.new_passphrase import accept_new
from fieldkit.cli.kit.options import add_memory
from storage.central import Central
from storage.errors import FieldkitError

CODE = (
    "The recovery code opens central's keys when the passphrase is forgotten, and is shown only "
    "now. Keep it on paper, away from this computer."
)


def define_init(parser: CommandParser) -> None:
    """Say what “init” takes."""
    parser.handle(_init)
    parser.flag("--x25519", "keys that older age programs read; not post-quantum")
    parser.text("--org", "the organisation's name", default="Inspectorate", metavar="NAME")
    parser.add_argument("--methodology", default="", help="the team's methodology")
    add_memory(parser)


def define_upgrade(parser: CommandParser) -> None:
    """Say what “upgrade” takes."""
    parser.handle(_upgrade)
    parser.flag(
        "--without-records",
        "where the keys' folder held records itself: do not carry them over; every laptop sends "
        "them again",
    )


def _init(args: argparse.Namespace, context: Context) -> None:
    folder, url = keys_folder(args), database_url(args)
    say_unsafe(context)
    passphrase = context.passphrase("New passphrase of central", confirm=True)
    accept_new(passphrase, context.terminal)
    central, code = Central.create(
        folder,
        passphrase,
        org=args.org,
        post_quantum=not args.x25519,
        methodology=args.methodology,
        params=argon2_params(args),
        url=url,
    )
    with central:
        sign_if_here(context, central, passphrase)
        recipient = central.identity.recipient().encode()
        data: dict[str, object] = {"folder": folder, "recipient": recipient}
        shown = recipient if len(recipient) < 80 else recipient[:40] + "…"
        context.show_code(code, CODE, data, f"Recipient:     {shown}")
        if url:
            context.terminal.say(
                f"Central's keys are in {folder}. Keep a copy of it with each backup."
            )


def _upgrade(args: argparse.Namespace, context: Context) -> None:
    folder, url = keys_folder(args), database_url(args)
    if not url:
        raise FieldkitError(
            "Central's own folder is brought up to date whenever it is opened; only a database "
            "needs this command. Nothing was changed. Name it with --store."
        )
    need_central(folder, url)
    say_unsafe(context)
    passphrase = context.passphrase("Central's passphrase")
    before, now = Central.upgrade(folder, passphrase, url, without_records=args.without_records)
    text = f"The tables are of version {now}"
    if before is None:
        text += ", made now"
    elif before != now:
        text += f"; before they were of version {before}"
    context.show({"before": before, "version": now}, f"{text}.")
