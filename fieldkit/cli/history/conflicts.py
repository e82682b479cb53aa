"""``fieldkit conflicts``: what has two answers, and deciding it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, TypeVar

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.history import conflicts
from fieldkit.history.conflicts import Conflict
from fieldkit.service import NotThereError
from fieldkit.wording.format import set_in

T = TypeVar("T")


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
    resolve.text("--instead", "what stands there from now on", within=answer)
    resolve.text("--reason", "why this answer", default="")


def _list(args: argparse.Namespace, context: Context) -> None:
    open_conflicts = _read(context)
    lines = []
    for number, conflict in enumerate(open_conflicts, 1):
        lines.append(f"{number}. {conflict.label}: {conflict.word}")
        for answer, side in enumerate(conflict.sides, 1):
            reason = f" (because {side.reason})" if side.reason else ""
            lines.append(f"   {answer}) {side.text}")
            lines.append(f"      {side.writer}, {side.at}{reason}")
    data = {"conflicts": [_data(conflict) for conflict in open_conflicts]}
    context.show(data, "\n".join(map(set_in, lines)) or "Nothing is in conflict.", marked=True)


def _read(context: Context) -> list[Conflict]:
    vault = context.open_vault()
    inspection_id = ""
    if context.wanted is not None:
        inspection_id = context.inspection_id()
    else:
        vault.read_now(context.mark)
    return vault.read_now(conflicts.listing, inspection_id)


def _resolve(args: argparse.Namespace, context: Context) -> None:
    open_conflicts = _read(context)
    conflict = _numbered(args.conflict, open_conflicts) or next(
        (conflict for conflict in open_conflicts if conflict.id == args.conflict), None
    )
    if conflict is None:
        raise NotThereError(
            f"No conflict is called “{args.conflict}”. Nothing was changed. “fieldkit conflicts” "
            "numbers them."
        )
    side = _numbered(args.keep or "", conflict.sides)
    sentence = context.open_vault().write_now(
        conflicts.decide,
        conflict.id,
        keep=side.op if side else args.keep or "",
        instead=args.instead,
        reason=args.reason,
    )
    context.show({"conflict": conflict.id, "said": sentence}, sentence)


def _numbered(wanted: str, items: Sequence[T]) -> T | None:
    """Return the item of that number, counted from 1."""
    number = int(wanted) if wanted.isdecimal() else 0
    return items[number - 1] if 0 < number <= len(items) else None


def _data(conflict: Conflict) -> dict[str, Any]:
    names = ("op", "values", "who", "laptop", "at", "reason", "shown")
    return {
        "id": conflict.id,
        "what": conflict.label,
        "field": conflict.word,
        "fields": conflict.fields,
        "deletion": conflict.deletion,
        "hidden": conflict.hidden,
        "answers": [{name: getattr(side, name) for name in names} for side in conflict.sides],
    }
