"""``fieldkit central ingest``: bundles taken in."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from fieldkit.cli.central.open_central import open_central, warn_of_expiry
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED
from fieldkit.cli.kit.options import between
from fieldkit.cli.kit.progress import bar
from fieldkit.wording.format import flat
from storage.central import Ingested, IngestSummary
from storage.errors import FieldkitError
from storage.ops.op import by_name
from storage.ops.text import many

MAX_WORKERS = 64


def define_ingest(ingest: CommandParser) -> None:
    """Say what “ingest” takes."""
    ingest.handle(_ingest)
    ingest.add_argument(
        "paths", metavar="PATH", type=Path, nargs="+", help="bundles, or folders of them"
    )
    ingest.add_argument(
        "--workers",
        type=between(1, MAX_WORKERS),
        default=1,
        metavar="N",
        help="processes at once, on PostgreSQL; other computers may ingest at the same time",
    )


def _ingest(args: argparse.Namespace, context: Context) -> int:
    central, _ = open_central(context)
    with central:
        warn_of_expiry(central, context)
        names = {one.id: one.name for one in central.roster()[1].devices}
        if central.on_database:
            workers = central.workers()
            # From here on other processes may open central's keys.
            central.lock()
            label = "Taking in" if args.workers > 1 else "Verifying"
            summary = workers.ingest(args.paths, bar(label), args.workers)
        elif args.workers > 1:
            raise FieldkitError(
                "Several workers need PostgreSQL; central's own folder is written by one process. "
                "Nothing was taken in. Leave --workers out."
            )
        else:
            summary = central.ingest(args.paths, bar("Verifying"))
    return _show(summary, names, context)


def _show(summary: IngestSummary, names: dict[str, str], context: Context) -> int:
    data = {
        "files": [_data(bundle) for bundle in summary.files],
        "ops": summary.ops,
        "taken": summary.count("taken"),
        "known": summary.count("known"),
        "held": summary.count("held"),
        "other": summary.count("other"),
        "refused": summary.count("refused"),
    }
    lines = [f"{flat(bundle.path.name)}: {_text(bundle, names)}" for bundle in summary.files]
    context.show(data, "\n".join(lines) or "No bundles.")
    wrong = [bundle for bundle in summary.files if bundle.reason and bundle.outcome != "other"]
    for bundle in wrong:
        context.terminal.say(f"{flat(bundle.path.name)}: {bundle.reason}")
    if number := summary.count("other"):
        context.terminal.say(
            f"Not for central's keys: {many(number, 'bundle')}, for colleagues' laptops as a "
            "rule, left as found. If one was meant for central, it was made for a key that has "
            "been destroyed since, or came damaged: that laptop's next export brings all that "
            "central has not confirmed."
        )
    return REFUSED if wrong else DONE


def _data(bundle: Ingested) -> dict[str, Any]:
    return {
        "file": bundle.path,
        "outcome": bundle.outcome,
        "from": bundle.sender,
        "ops": bundle.ops,
        "records": bundle.records,
        "waiting": by_name(bundle.waiting),
        "revoked": by_name(bundle.revoked),
        "reason": bundle.word,
        "sentence": bundle.reason,
    }


def _text(bundle: Ingested, names: dict[str, str]) -> str:
    if bundle.outcome == "refused":
        return f"refused ({bundle.word}); nothing was changed"
    text = {
        "taken": f"taken, {bundle.ops:,} new entries, {bundle.records:,} records",
        "known": "known already; nothing was changed",
        "held": "held",
        "other": "for somebody else; left as it is",
    }[bundle.outcome]
    if bundle.reason and bundle.outcome != "other":
        text += f" ({bundle.word})"
    for feed, (first, last) in bundle.waiting.items():
        text += f"; waiting for entries {first} to {last} of {feed}"
    revoked: Counter[str] = Counter()
    for feed, number in bundle.revoked.items():
        revoked[feed.device] += number
    for device, number in revoked.items():
        text += f"; {many(number, 'entry', 'entries')} of {names.get(device, f'laptop {device}')} "
        text += "left out, made after its revocation"
    return text
