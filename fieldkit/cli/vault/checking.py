"""``fieldkit vault check``: pages, chain and tables."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.context import Context


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``check``."""
    check = commands.add_parser(
        "check", help="pages, chain and tables: ends with 1 where something is not sound"
    )
    check.set_defaults(run=_check)


def _check(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    found = vault.check_now()
    data = {
        "sound": found.sound,
        "ops": found.ops,
        "feeds": found.feeds,
        "pages": list(found.pages),
        "chain": list(found.chain),
        "tables": list(found.tables),
    }
    lines = [
        _verdict("pages of the database", found.pages),
        _verdict(f"chain of {found.ops} ops in {found.feeds} feeds", found.chain),
        _verdict("tables against a replay of the ops", found.tables),
    ]
    context.answer(data, "\n".join(lines))
    if not found.sound:
        context.say(
            "The vault is not sound. Nothing was changed. Keep this folder as it is, and put back "
            "the latest backup in another folder to go on working."
        )
    return 0 if found.sound else 1


def _verdict(what: str, found: tuple[str, ...]) -> str:
    if not found:
        return f"{what}: sound"
    return "\n".join([f"{what}: {len(found)} found", *(f"  {one}" for one in found)])
