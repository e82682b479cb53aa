"""``fieldkit vault check``: everything a vault is, verified; and what is derived, made anew."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``check``."""
    check = commands.add_parser(
        "check",
        help="everything the vault is, verified: ends with 1 where something is not sound",
        description="Verify pages, chain, tables, search index, unfinished texts, key file and how "
        "far the vault had come. Nothing is changed. Ends with 1 where something is not sound, and "
        "says what to do.",
    )
    which = check.add_mutually_exclusive_group()
    which.add_argument("--last", action="store_true", help="tell only when it was last checked")
    which.add_argument(
        "--mend-search", action="store_true", help="make the search index anew, then check"
    )
    which.add_argument(
        "--rebuild",
        action="store_true",
        help="make a backup, make the tables anew from the entries, then check",
    )
    check.set_defaults(run=_check)


def _check(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.progress import ProgressLine
    from fieldkit.vault import backups
    from storage.vault.check import check_vault

    vault = context.open_vault()
    if args.last:
        kept = backups.kept(vault.facts_now())
        context.answer(
            {"at": kept.checked_at or None, "findings": kept.findings}, backups.check_line(kept)
        )
        return 0
    with ProgressLine(context) as line:
        if args.mend_search:
            from storage.vault.check import mend_search

            context.say(f"The search index was made anew: {mend_search(vault):,} records.")
        if args.rebuild:
            from storage.vault.migrate import bring_up_to_date

            made = bring_up_to_date(vault, line)
            context.say(
                f"The tables were made anew: {made.records:,} records. As they were before: "
                f"{made.backup}"
            )
        found = check_vault(vault, line)
    data = {
        "sound": found.sound,
        "ops": found.ops,
        "feeds": found.feeds,
        **{part: list(several) for part, several in found.parts.items()},
        "next": found.advice,
    }
    context.answer(data, backups.checked_text(found))
    if not found.sound:
        context.say("The vault is not sound. Nothing was changed by looking.")
    return 0 if found.sound else 1
