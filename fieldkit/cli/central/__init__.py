"""``fieldkit central``: the organisation's root key, its roster, and the receiver of bundles."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.cli.central import daily, keys, laptops, planning, report, root, roster
from fieldkit.cli.central.open_central import (
    database_url,
    keys_folder,
    need_central,
    params,
    sign_if_here,
)
from fieldkit.cli.kit.context import accept_new
from fieldkit.cli.kit.options import add_memory

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context

DONE = 0


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``central`` and its commands."""
    central = subparsers.add_parser(
        "central",
        help="for central's administrator: keys, roster, ingest, receipts",
        description="Central's own store, opened with its own passphrase (--passphrase-file, or "
        "the terminal). The records lie in its folder, or with a URL in PostgreSQL; the keys lie "
        "in a folder always.",
    )
    central.add_argument(
        "--store",
        metavar="URL|DIR",
        help="central's folder, or the database, postgresql://ROLE@HOST/DATABASE (the password "
        "belongs into a file that PGPASSFILE names)",
    )
    central.add_argument(
        "--keys",
        type=Path,
        metavar="DIR",
        help="beside a database: the folder with central's keys (default: the usual folder)",
    )
    central.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="the root key's folder (default: «root» in central's folder, or beside it where that "
        "is the usual one)",
    )
    central.add_argument(
        "--root-passphrase-file", metavar="F", help="the root key's passphrase, where it differs"
    )
    commands = central.add_subparsers(title="commands", metavar="COMMAND", required=True)

    root.add_parsers(commands)
    init = commands.add_parser("init", help="make central's keys and store")
    init.add_argument(
        "--x25519", action="store_true", help="keys that older age programs read; not post-quantum"
    )
    init.add_argument("--org", default="Inspectorate", help="the organisation's name")
    init.add_argument("--methodology", default="", help="the team's methodology")
    add_memory(init)
    init.set_defaults(run=_init)
    upgrade = commands.add_parser(
        "upgrade",
        help="make the tables in a database for keys that are there, or bring them up to date",
    )
    upgrade.add_argument(
        "--without-records",
        action="store_true",
        help="where the keys' folder was a store itself: what it holds is not carried over; every "
        "laptop sends it anew",
    )
    upgrade.set_defaults(run=_upgrade)

    laptops.add_parsers(commands)
    planning.add_parsers(commands)
    roster.add_parsers(commands)
    daily.add_parsers(commands)
    report.add_parsers(commands)
    keys.add_parsers(commands)


def _init(args: argparse.Namespace, context: Context) -> int:
    from storage.central import Central

    folder, url = keys_folder(args), database_url(args)
    passphrase = context.passphrase("New passphrase of central", confirm=True)
    accept_new(passphrase, context)
    central, code = Central.create(
        folder,
        passphrase,
        org=args.org,
        post_quantum=not args.x25519,
        methodology=args.methodology,
        params=params(args),
        url=url,
    )
    with central:
        sign_if_here(args, context, central, passphrase)
        recipient = central.identity.recipient().encode()
        data = {"folder": str(folder), "recipient": recipient, "recovery_code": code}
        shown = recipient if len(recipient) < 80 else recipient[:40] + "…"
        context.answer(data, f"Recipient:     {shown}\nRecovery code: {code}")
        if url:
            context.say(f"Central's keys are in {folder}. Keep a copy of it with each backup.")
    return DONE


def _upgrade(args: argparse.Namespace, context: Context) -> int:
    from storage.central import Central
    from storage.errors import FieldkitError

    url = database_url(args)
    if not url:
        raise FieldkitError(
            "Central's own folder is brought up to date whenever it is opened; only a database "
            "needs this command. Nothing was changed. Name it with --store."
        )
    need_central(keys_folder(args), url)
    passphrase = context.passphrase("Central's passphrase")
    before, now = Central.upgrade(
        keys_folder(args), passphrase, url, without_records=args.without_records
    )
    said = f"The tables are of version {now}"
    if before is None:
        said += ", made now"
    elif before != now:
        said += f"; before they were of version {before}"
    context.answer({"before": before, "version": now}, f"{said}.")
    return DONE
