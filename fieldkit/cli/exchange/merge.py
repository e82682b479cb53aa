"""``fieldkit merge``: bundles made for this laptop, taken in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fieldkit.cli.exchange.export import receipt_data
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED
from fieldkit.cli.kit.progress import bar
from fieldkit.exchange.export import receipt_text
from fieldkit.exchange.file_kinds import refuse_other
from fieldkit.history.deleted import sentences
from fieldkit.inspections.join import after_coming, known
from fieldkit.wording.format import entries, flat
from fieldkit.wording.labels import kinds, label, of_kind
from storage.bundle.applied import Applied
from storage.errors import FieldkitError
from storage.exchange.merge import merge
from storage.ops.op import by_name
from storage.trust.receipt import ReceiptSummary
from storage.vault.vault import Vault


def define_merge(merge: CommandParser) -> None:
    """Say what “merge” takes."""
    merge.handle(_merge)
    merge.add_argument("bundles", metavar="BUNDLE", type=Path, nargs="+", help="the bundles")
    merge.flag("--dry-run", "only say what would change")


def _merge(args: argparse.Namespace, context: Context) -> int:
    vault = context.open_vault()
    before = vault.read_now(known)
    refused = False
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    for path in args.bundles:
        name = flat(path.name)
        try:
            refuse_other(path, "bundle")
            applied = merge(vault, path, bar(f"Reading {name}"), dry_run=args.dry_run)
        except FieldkitError as error:
            refused = True
            context.terminal.say(f"{name}: {error}")
            data.append({"file": path, "refused": str(error)})
            continue
        refused |= bool(applied.refused)
        for note in applied.notes:
            context.terminal.say(f"{name}: {note}")
        receipt = applied.receipt if applied.receipt and applied.receipt.new else None
        lines += [f"{name}: {line}" for line in _lines(vault, applied, receipt, args.dry_run)]
        data.append(
            {
                "file": path,
                "new": sum(applied.new.values()),
                "waiting": by_name(applied.waiting),
                "revoked": by_name(applied.revoked),
                "notes": applied.notes,
                "records": applied.kinds,
                "conflicts": [f"{kind}/{record}" for kind, record in applied.conflicts],
                "taken_away": vault.read_now(sentences, applied.removals),
                "dry_run": args.dry_run,
                "receipt": None if receipt is None else receipt_data(receipt),
            }
        )
    context.show(data, "\n".join(lines) if lines else None)
    for note in after_coming(vault, before):
        context.terminal.say(note)
    return REFUSED if refused else DONE


def _lines(
    vault: Vault, applied: Applied, receipt: ReceiptSummary | None, dry_run: bool
) -> Iterator[str]:
    """Say what came of one bundle."""
    tried = " It was only tried: nothing was changed." if dry_run else ""
    new = entries(sum(applied.new.values()))
    yield f"{new} new, {of_kind(applied.records, 'record')}.{tried}"
    if receipt is not None:
        yield from receipt_text(receipt).splitlines()
    if applied.kinds:
        yield f"{kinds(applied.kinds)}."
    for kind, record in applied.conflicts:
        title = f"{kind} {record}" if dry_run else vault.read_now(label, kind, record)
        yield f"in conflict because of it: {title}."
    yield from (f"{one}." for one in vault.read_now(sentences, applied.removals))
    for feed, (first, last) in applied.waiting.items():
        yield f"waiting for entries {first} to {last} of {feed}."
    for device in sorted(applied.ahead):
        yield f"the clock of laptop {device} runs ahead of this one's."
    for feed, number in applied.revoked.items():
        yield f"{entries(number)} of {feed} kept apart, because that laptop was revoked before."
