"""``fieldkit central ingest``, ``receipt`` and ``export``: what is done every day."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli.central.open_central import (
    laptop_named,
    open_central,
    put_document,
    warn_of_expiry,
)
from fieldkit.cli.central.report import inspection_named
from fieldkit.cli.kit.options import between
from fieldkit.cli.kit.terminal import flat

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from storage.central import Central, Ingested, IngestSummary
    from storage.crypto.signing import Signed
    from storage.trust.roster import Roster

DONE, REFUSED = 0, 1
RECEIPT = ".receipt"
MOST_WORKERS = 64
_ENDED = "nothing later of it is accepted"


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    ingest = commands.add_parser("ingest", help="take in bundles: files, or folders of them")
    ingest.add_argument("paths", metavar="PATH", type=Path, nargs="+")
    ingest.add_argument(
        "--workers",
        type=between(1, MOST_WORKERS),
        default=1,
        metavar="N",
        help="processes at once, on PostgreSQL; other computers may ingest at the same time",
    )
    ingest.set_defaults(run=_ingest)

    receipt = commands.add_parser("receipt", help="make receipts for the laptops on the roster")
    receipt.add_argument("--to", type=Path, metavar="DIR", help="the folder, or the file for one")
    receipt.add_argument("--device", metavar="ID", help="only for this laptop: its id, or its name")
    receipt.add_argument(
        "--bundle",
        action="store_true",
        help="as bundles that the laptops merge, with the roster; --to is a folder then",
    )
    receipt.set_defaults(run=_receipt)

    export = commands.add_parser(
        "export",
        # Before the command --inspection does as well, so argparse may not insist on it.
        usage="%(prog)s --inspection ID --for DEVICE --to DIR [--without-key] [--json] [-h]",
        help="write an inspection for a newly enrolled laptop: a replacement, or a review's",
        description="All that central holds of an inspection, encrypted for one laptop, with the "
        "roster and a receipt. The laptop merges it. What belongs to other inspections stays here.",
    )
    export.add_argument(
        "--inspection",
        metavar="ID",
        default=argparse.SUPPRESS,
        help="which: the beginning of its id, or its force's name",
    )
    export.add_argument("--for", dest="device", metavar="DEVICE", required=True)
    export.add_argument("--to", type=Path, metavar="DIR", required=True, help="the folder")
    export.add_argument(
        "--without-key",
        action="store_true",
        help="leave out force references and the key to child labels, where central holds them",
    )
    export.set_defaults(run=_export)


def _ingest(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.progress import bar
    from storage.errors import FieldkitError

    central, _ = open_central(args, context)
    with central:
        warn_of_expiry(central, context)
        names = {one.id: one.name for one in central.roster()[1].devices}
        if central.on_database:
            receiver = central.receiver()
            # From here on other processes may open central's keys.
            central.lock()
            label = "Taking in" if args.workers > 1 else "Verifying"
            summary = receiver.ingest(args.paths, bar(label, context), args.workers)
        elif args.workers > 1:
            raise FieldkitError(
                "Several workers need PostgreSQL; central's own folder is written by one process. "
                "Nothing was taken in. Leave --workers away."
            )
        else:
            summary = central.ingest(args.paths, bar("Verifying", context))
    return _said(summary, names, context)


def _said(summary: IngestSummary, names: dict[str, str], context: Context) -> int:
    from fieldkit.comparison.numbers import plural

    data = {
        "files": [_ingested_data(one) for one in summary.files],
        "ops": summary.ops,
        "taken": summary.count("taken"),
        "known": summary.count("known"),
        "held": summary.count("held"),
        "other": summary.count("other"),
        "refused": summary.count("refused"),
    }
    lines = [_ingested_text(one, names) for one in summary.files]
    context.answer(data, "\n".join(lines) or "No bundles.")
    for one in summary.files:
        if one.reason and one.outcome != "other":
            context.say(f"{flat(one.path.name)}: {one.reason}")
    if others := summary.count("other"):
        context.say(
            f"Not for central's keys: {plural(others, 'bundle')}, for colleagues' laptops as a "
            "rule, left as found. If one was meant for central, it was made for a key that has "
            "been destroyed since, or came damaged: that laptop's next export brings all that "
            "central has not confirmed."
        )
    return REFUSED if any(one.reason and one.outcome != "other" for one in summary.files) else DONE


def _ingested_data(one: Ingested) -> dict[str, Any]:
    from storage.ops.op import by_name

    return {
        "file": str(one.path),
        "outcome": one.outcome,
        "from": one.sender,
        "ops": one.ops,
        "records": one.records,
        "waiting": {str(feed): list(gap) for feed, gap in one.waiting.items()},
        "revoked": by_name(one.revoked),
        "reason": one.word,
        "sentence": one.reason,
    }


def _ingested_text(one: Ingested, names: dict[str, str]) -> str:
    from fieldkit.wording.format import many

    if one.outcome == "refused":
        return f"{flat(one.path.name)}: refused ({one.word}); nothing was changed"
    text = {
        "taken": f"taken, {one.ops:,} new entries, {one.records:,} records",
        "known": "known already; nothing was changed",
        "held": "held",
        "other": "for somebody else; left as it is",
    }[one.outcome]
    if one.reason and one.outcome != "other":
        text += f" ({one.word})"
    for feed, (first, last) in one.waiting.items():
        text += f"; waiting for entries {first} to {last} of {feed}"
    ended: Counter[str] = Counter()
    for feed, number in one.revoked.items():
        ended[feed.device] += number
    for device, number in ended.items():
        text += f"; {many(number, 'entry', 'entries')} of {names.get(device, f'laptop {device}')} "
        text += "left out, made after its revocation"
    return f"{flat(one.path.name)}: {text}"


def _receipt(args: argparse.Namespace, context: Context) -> int:
    from storage import files
    from storage.errors import FieldkitError

    central, _ = open_central(args, context)
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
            return _bundles(args, context, central, roster)
        made = {one.id: central.receipt(one.id) for one in wanted}
    if args.to is None:
        if wanted[0].until is not None:
            context.say(f"{wanted[0].name} is revoked: {_ENDED}")
        put_document(args, context, made[wanted[0].id].encode())
        return DONE
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
    context.answer({"receipts": written}, "\n".join(lines))
    return DONE


def _bundles(args: argparse.Namespace, context: Context, central: Central, roster: Roster) -> int:
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
    context.answer({"receipts": written}, "\n".join(lines))
    return DONE


def _covers(signed: Signed) -> dict[str, int]:
    return {feed: seq for feed, (seq, _) in signed.value()["covers"].items()}


def _export(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.progress import bar
    from storage.errors import FieldkitError
    from storage.ops.op import by_name

    if not args.inspection:
        raise FieldkitError(
            "No inspection was named. Nothing was written. Name one with --inspection; «fieldkit "
            "central report» lists them."
        )
    central, _ = open_central(args, context)
    with central:
        inspection = inspection_named(central.report(), args.inspection)
        device = laptop_named(central.roster()[1], args.device)
        made = central.hand_out(
            inspection,
            device.id,
            args.to,
            with_key=not args.without_key,
            progress=bar("Writing", context),
        )
    data = {
        "files": [str(one) for one in made.paths],
        "device": device.id,
        "name": device.name,
        "inspection": inspection,
        "ops": made.ops,
        "feeds": by_name(made.feeds),
        "with_key": made.with_key,
    }
    files = "\n".join(str(one) for one in made.paths)
    context.answer(
        data,
        f"{files}\n{made.ops:,} entries of {len(made.feeds)} feeds, for {device.name} "
        f"({device.person}), who takes them in with «fieldkit merge».",
    )
    if made.with_key:
        context.say("Force references and the key to child labels are in it.")
    return DONE
