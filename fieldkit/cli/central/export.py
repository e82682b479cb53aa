"""``fieldkit central export``: an inspection written for a newly enrolled laptop."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.central.open_central import laptop_named, open_central
from fieldkit.cli.central.report import inspection_named
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.progress import bar
from storage.central import Central
from storage.errors import FieldkitError
from storage.ops.op import by_name
from storage.trust.roster import PlannedInspection


def define_export(export: CommandParser) -> None:
    """Say what “export” takes."""
    export.handle(
        _export,
        "All that central holds of an inspection, encrypted for one laptop, with the "
        "roster and a receipt. The laptop merges it. What belongs to other inspections stays here.",
    )
    export.usage = "%(prog)s --inspection ID --for DEVICE --to DIR [--without-key] [--json] [-h]"
    export.add_argument(
        "--inspection",
        metavar="ID",
        default=argparse.SUPPRESS,
        help="which: the beginning of its id, or its force's name",
    )
    export.add_argument(
        "--for",
        dest="device",
        metavar="DEVICE",
        required=True,
        help="the laptop it is for: its id, or its name on the roster",
    )
    export.add_argument("--to", type=Path, metavar="DIR", required=True, help="the folder")
    export.flag(
        "--without-key",
        "leave out force references and the key to child labels, where central holds them",
    )


def _export(args: argparse.Namespace, context: Context) -> None:
    if not args.inspection:
        raise FieldkitError(
            "No inspection was named. Nothing was written. Name one with --inspection; “fieldkit "
            "central report” lists them."
        )
    central, _ = open_central(context)
    with central:
        planned = _planned(central, args.inspection)
        try:
            inspection = inspection_named(central.report(), args.inspection)
        except FieldkitError as missing:
            if planned is None or not planned.follows:
                raise
            raise FieldkitError(
                f"Nobody has sent anything of this {planned.phase} yet, so there is nothing of it "
                "to write: the roster brings it to every laptop. Nothing was written. What it "
                f"starts from is the inspection that it follows: --inspection {planned.follows[:8]}"
                "."
            ) from missing
        device = laptop_named(central.roster()[1], args.device)
        handed = central.hand_out(
            inspection, device.id, args.to, with_key=not args.without_key, progress=bar("Writing")
        )
    data = {
        "files": handed.paths,
        "device": device.id,
        "name": device.name,
        "inspection": inspection,
        "ops": handed.ops,
        "feeds": by_name(handed.feeds),
        "with_key": handed.with_key,
    }
    files = "\n".join(str(path) for path in handed.paths)
    context.show(
        data,
        f"{files}\n{handed.ops:,} entries of {len(handed.feeds)} feeds, for {device.name} "
        f"({device.person}), who takes them in with “fieldkit merge”.",
    )
    if planned is not None and planned.follows:
        context.terminal.say(
            f"It follows the inspection {planned.follows[:8]}, whose register it starts from: "
            "export that one for the laptop too."
        )
    if handed.with_key:
        context.terminal.say("Force references and the key to child labels are in it.")


def _planned(central: Central, wanted: str) -> PlannedInspection | None:
    """Return the inspection of the roster whose id is meant, or begins so."""
    text = wanted.strip().lower()
    named = [one for one in central.planned() if text and one.id.startswith(text)]
    return named[0] if len(named) == 1 else None
