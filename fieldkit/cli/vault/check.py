"""``fieldkit vault check``: everything a vault is, verified; and what is derived, made anew."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DAMAGED, DONE
from fieldkit.cli.kit.progress import ProgressLine
from fieldkit.vault import backups
from storage.vault.check import check_vault, mend_search
from storage.vault.location import warnings
from storage.vault.migrate import bring_up_to_date


def define_check(parser: CommandParser) -> None:
    """Say what “check” takes."""
    parser.handle(
        _check,
        "Verify pages, chain, tables, search index, unfinished texts, key file and how "
        "far the vault had come. Nothing is changed. Ends with 6 where something is not sound, and "
        "says what to do.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--last", action="store_true", help="tell only when it was last checked")
    which.add_argument(
        "--mend-search", action="store_true", help="rebuild the search index, then check"
    )
    which.add_argument(
        "--rebuild",
        action="store_true",
        help="make a backup, rebuild the tables from the entries, then check",
    )


def _check(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    if args.last:
        upkeep = backups.upkeep_of(vault.facts_now())
        last = {"at": upkeep.checked_at or None, "findings": upkeep.findings}
        context.show(last, backups.check_line(upkeep))
        return DONE
    with ProgressLine(context.terminal) as line:
        if args.mend_search:
            context.terminal.say(f"The search index was made anew: {mend_search(vault):,} records.")
        if args.rebuild:
            rebuilt = bring_up_to_date(vault, line)
            context.terminal.say(
                f"The tables were made anew: {rebuilt.records:,} records. As they were before: "
                f"{rebuilt.backup}"
            )
        check = check_vault(vault, line)
    warned = warnings(vault.folder)
    data: dict[str, object] = {
        "sound": check.sound,
        "ops": check.ops,
        "feeds": check.feeds,
        **{part: list(findings) for part, findings in check.parts.items()},
        "refused": list(check.refused),
        "next": check.advice,
        "warnings": [{"kind": one.kind, "name": one.name, "text": one.text} for one in warned],
    }
    beware = [f"Beware: {one.text}" for one in warned]
    context.show(data, "\n".join([backups.check_text(check), *beware]))
    if not check.sound:
        context.terminal.say("The vault is not sound. Nothing was changed by looking.")
    return DONE if check.sound else DAMAGED
