"""``fieldkit export``, ``merge``, ``receipt`` and ``bundle``: out of this laptop, back.

The same services as the screens' own; only the ways of asking and telling are here.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli.exchange import enrol
from fieldkit.cli.kit.progress import bar
from fieldkit.cli.kit.terminal import flat

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from fieldkit.exchange.export import ExportSummary, ReceiptSummary

DONE, REFUSED = 0, 1


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands by which entries leave and come back."""
    enrol.add_parsers(subparsers)

    export = subparsers.add_parser(
        "export", help="write an encrypted bundle for central, and record that it left"
    )
    export.add_argument("--to", type=Path, metavar="DIR", required=True, help="the folder")
    export.add_argument(
        "--with-key",
        action="store_true",
        help="also force references and the key to child labels; recorded as a disclosure",
    )
    export.add_argument(
        "--full", action="store_true", help="everything, not only what central has not confirmed"
    )
    export.set_defaults(run=_export)

    merge = subparsers.add_parser("merge", help="take in bundles made for this laptop")
    merge.add_argument("bundles", metavar="BUNDLE", type=Path, nargs="+")
    merge.add_argument("--dry-run", action="store_true", help="only say what would change")
    merge.set_defaults(run=_merge)

    receipt = subparsers.add_parser("receipt", help="take in central's receipt")
    receipt.add_argument("file", metavar="FILE", type=Path)
    receipt.set_defaults(run=_receipt)

    bundle = subparsers.add_parser("bundle", help="look at a bundle without taking it in")
    commands = bundle.add_subparsers(title="commands", metavar="COMMAND", required=True)
    verify = commands.add_parser("verify", help="verify a bundle and say what it is")
    verify.add_argument("file", metavar="FILE", type=Path)
    verify.set_defaults(run=_verify)


def _export(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.exchange.export import export, export_text
    from fieldkit.inspections.reminders import ended

    vault = context.open_vault()
    if over := vault.read_now(ended):
        context.say(over)
    summary = export(
        vault,
        args.to,
        with_key=args.with_key,
        full=args.full,
        progress=bar("Exporting", context),
    )
    context.answer(_export_data(summary) | {"ended": over}, export_text(summary))
    return DONE


def _export_data(summary: ExportSummary) -> dict[str, Any]:
    return {
        "file": str(summary.path),
        "bundle": summary.bundle,
        "size": summary.size,
        "sha256": summary.sha256,
        "recipient": summary.recipient,
        "at": summary.at,
        "ops": summary.ops,
        "counts": summary.counts,
        "feeds": {str(feed): list(span) for feed, span in summary.feeds.items()},
        "with_key": summary.with_key,
    }


def _merge(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.exchange.exchange_report import entries
    from fieldkit.exchange.export import merge, receipt_text
    from fieldkit.exchange.file_kinds import refuse_other
    from fieldkit.inspections.join import after_coming, known
    from fieldkit.wording.labels import kinds, label, of_kind
    from storage.errors import FieldkitError
    from storage.ops.op import by_name

    vault = context.open_vault()
    before = vault.read_now(known)
    refused = False
    data: list[dict[str, Any]] = []
    lines: list[str] = []
    for path in args.bundles:
        name = flat(path.name)
        try:
            refuse_other(path, "bundle")
            progress = bar(f"Reading {name}", context)
            applied = merge(vault, path, progress, dry_run=args.dry_run)
        except FieldkitError as error:
            refused = True
            context.say(f"{name}: {error}")
            data.append({"file": str(path), "refused": str(error)})
            continue
        refused |= bool(applied.refused)
        for note in applied.notes:
            context.say(f"{name}: {note}")
        new = sum(applied.new.values())
        would = " It was only tried: nothing was changed." if args.dry_run else ""
        lines.append(f"{name}: {entries(new)} new, {of_kind(applied.records, 'record')}.{would}")
        receipt = applied.receipt if applied.receipt and applied.receipt.new else None
        if receipt is not None:
            lines += [f"{name}: {line}" for line in receipt_text(receipt).splitlines()]
        if applied.kinds:
            lines.append(f"{name}: {kinds(applied.kinds)}.")
        for kind, record in applied.conflicts:
            called = vault.read_now(label, kind, record) if not args.dry_run else f"{kind} {record}"
            lines.append(f"{name}: in conflict because of it: {called}.")
        for feed, (first, last) in applied.waiting.items():
            lines.append(f"{name}: waiting for entries {first} to {last} of {feed}.")
        for device in sorted(applied.ahead):
            lines.append(f"{name}: the clock of laptop {device} runs ahead of this one's.")
        for feed, left_out in applied.revoked.items():
            lines.append(
                f"{name}: {entries(left_out)} of {feed} kept apart, because that laptop was "
                "revoked before."
            )
        said = {
            "revoked": by_name(applied.revoked),
            "notes": applied.notes,
            "records": applied.kinds,
            "conflicts": [f"{kind}/{record}" for kind, record in applied.conflicts],
            "dry_run": args.dry_run,
            "receipt": None if receipt is None else _receipt_data(receipt),
        }
        data.append({"file": str(path), "new": new, "waiting": by_name(applied.waiting), **said})
    if lines or context.json:
        context.answer(data, "\n".join(lines))
    for note in after_coming(vault, before):
        context.say(note)
    return REFUSED if refused else DONE


def _receipt(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.exchange.export import receipt_text, take_receipt
    from fieldkit.exchange.file_kinds import refuse_other

    refuse_other(args.file, "receipt")
    summary = take_receipt(context.open_vault(), args.file)
    context.answer(_receipt_data(summary), receipt_text(summary))
    return DONE


def _receipt_data(summary: ReceiptSummary) -> dict[str, Any]:
    from storage.ops.op import by_name

    return {
        "at": summary.at,
        "new": summary.new,
        "covers": by_name(summary.covers),
        "held": by_name(summary.held),
        "rejected": [one.value() for one in summary.rejected],
        "left": summary.left,
        "forks": list(summary.forks),
    }


def _verify(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.exchange.export import explain, explain_text
    from fieldkit.exchange.file_kinds import refuse_other

    refuse_other(args.file, "bundle")
    found = explain(context.open_vault(), args.file)
    text = explain_text(flat(args.file.name), found)
    if found.manifest is None:
        made = found.disclosed
        at, recipient = (made.at, made.recipient) if made is not None else ("", "")
        data = {"file": str(args.file), "whole": True, "exported": at, "recipient": recipient}
        context.answer(data, text)
        return DONE
    manifest = found.manifest
    data = {
        "file": str(args.file),
        "whole": True,
        "bundle": manifest.bundle,
        "from": manifest.sender,
        "sender": found.sender,
        "created": manifest.created,
        "roster": manifest.roster,
        "ops": manifest.ops,
        "unknown": found.unknown,
        "feeds": {str(one.feed): [one.first, one.last] for one in found.parts},
        "known": {str(one.feed): one.known for one in found.parts},
        "records": found.records,
        "stubs": found.stubs,
        "forces": list(found.forces),
        "along": list(found.along),
    }
    context.answer(data, text)
    return DONE
