"""``fieldkit conflicts``: what has two answers, and deciding it."""

from __future__ import annotations

import argparse
from typing import Any

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.history import conflicts
from fieldkit.history.conflicts import Conflict
from fieldkit.service import NotThereError


def define_conflicts(conflicts: CommandParser) -> None:
    """Say what “conflicts” takes."""
    conflicts.handle(
        _list,
        "Each conflict with its answers, numbered; the first is shown everywhere "
        "until somebody decides. “conflicts resolve NUMBER --keep 2” keeps the second answer; "
        "--instead writes another wording in place of all.",
    )
    resolve = conflicts.command("resolve", _resolve, "decide a conflict")
    resolve.add_argument("conflict", metavar="CONFLICT", help="its number in the list, or its id")
    answer = resolve.add_mutually_exclusive_group(required=True)
    answer.add_argument("--keep", metavar="ANSWER", help="the answer's number, or its entry")
    answer.add_argument("--instead", metavar="TEXT", help="what stands there from now on")
    resolve.add_argument("--reason", default="", help="why")


def _list(args: argparse.Namespace, context: Context) -> None:
    found = _found(context)
    lines = []
    for number, one in enumerate(found, 1):
        lines.append(f"{number}. {one.what}: {one.word}")
        for answer, side in enumerate(one.sides, 1):
            reason = f" (because {side.reason})" if side.reason else ""
            lines.append(f"   {answer}) {side.text}")
            lines.append(f"      {side.writer}, {side.at}{reason}")
    lines = lines or ["Nothing is in conflict."]
    context.show({"conflicts": [_data(one) for one in found]}, "\n".join(lines), marked=True)


def _found(context: Context) -> list[Conflict]:
    vault = context.open_vault()
    inspection = ""
    if context.wanted is not None:
        inspection = context.inspection_id()
    else:
        vault.read_now(context.mark)
    return vault.read_now(conflicts.listing, inspection)


def _resolve(args: argparse.Namespace, context: Context) -> None:
    found = _found(context)
    wanted: str = args.conflict
    if wanted.isdecimal() and 0 < int(wanted) <= len(found):
        wanted = found[int(wanted) - 1].id
    chosen = next((one for one in found if one.id == wanted), None)
    if chosen is None:
        raise NotThereError(
            f"No conflict is called “{args.conflict}”. Nothing was changed. “fieldkit conflicts” "
            "numbers them."
        )
    keep: str = args.keep or ""
    if keep.isdecimal() and 0 < int(keep) <= len(chosen.sides):
        keep = chosen.sides[int(keep) - 1].op
    said = context.open_vault().write_now(
        conflicts.decide, chosen.id, keep=keep, instead=args.instead, reason=args.reason
    )
    context.show({"conflict": chosen.id, "said": said}, said)


def _data(one: Conflict) -> dict[str, Any]:
    return {
        "id": one.id,
        "what": one.what,
        "field": one.word,
        "fields": list(one.fields),
        "deletion": one.deletion,
        "hidden": one.hidden,
        "answers": [
            {
                "op": side.op,
                "values": side.values,
                "who": side.who,
                "laptop": side.laptop,
                "at": side.at,
                "reason": side.reason,
                "shown": side.shown,
            }
            for side in one.sides
        ],
    }
