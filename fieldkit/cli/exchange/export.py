"""``fieldkit export`` and ``receipt``: entries leave for central, and it confirms them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.progress import bar
from fieldkit.exchange.export import export_text, receipt_text
from fieldkit.exchange.file_kinds import refuse_other
from fieldkit.inspections.reminders import ended
from storage.exchange.export import ExportSummary, export
from storage.exchange.receipts import take_receipt
from storage.ops.op import by_name
from storage.trust.receipt import ReceiptSummary


def define_export(export: CommandParser) -> None:
    """Say what “export” takes."""
    export.handle(_export)
    export.add_argument("--to", type=Path, metavar="DIR", required=True, help="the folder")
    export.flag(
        "--with-key", "also force references and the key to child labels; recorded as a disclosure"
    )
    export.flag("--full", "everything, not only what central has not confirmed")


def define_receipt(receipt: CommandParser) -> None:
    """Say what “receipt” takes."""
    receipt.handle(_receipt)
    receipt.add_argument("file", metavar="FILE", type=Path, help="the file of the receipt")


def _export(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    if over := vault.read_now(ended):
        context.terminal.say(over)
    summary = export(
        vault, args.to, with_key=args.with_key, full=args.full, progress=bar("Exporting")
    )
    context.show(_export_data(summary) | {"ended": over}, export_text(summary))


def _export_data(summary: ExportSummary) -> dict[str, Any]:
    return {
        "file": summary.path,
        "bundle": summary.bundle,
        "size": summary.size,
        "sha256": summary.sha256,
        "recipient": summary.recipient,
        "at": summary.at,
        "ops": summary.ops,
        "counts": summary.counts,
        "feeds": by_name(summary.feeds),
        "with_key": summary.with_key,
    }


def _receipt(args: argparse.Namespace, context: Context) -> None:
    refuse_other(args.file, "receipt")
    summary = take_receipt(context.open_vault(), args.file)
    context.show(receipt_data(summary), receipt_text(summary))


def receipt_data(summary: ReceiptSummary) -> dict[str, Any]:
    """Return what a receipt brought, for ``--json``."""
    return {
        "at": summary.at,
        "new": summary.new,
        "covers": by_name(summary.covers),
        "held": by_name(summary.held),
        "rejected": [one.value() for one in summary.rejected],
        "left": summary.left,
        "forks": summary.forks,
    }
