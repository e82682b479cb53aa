"""Sending to central and hearing back, and what left in words."""

from __future__ import annotations

from storage.enrolling import (
    FingerprintNotConfirmedError,
    NotEnrolledError,
    RosterTaken,
    enrol_request,
    read_roster_file,
    take_roster,
    take_signed_roster,
)
from storage.exporting import ExportSummary, NothingToExportError, export
from storage.fingerprint import fingerprint, same
from storage.receiving import ReceiptSummary, explain, merge, take_receipt

__all__ = [
    "ExportSummary",
    "FingerprintNotConfirmedError",
    "NotEnrolledError",
    "NothingToExportError",
    "ReceiptSummary",
    "RosterTaken",
    "enrol_request",
    "explain",
    "export",
    "export_text",
    "fingerprint",
    "merge",
    "read_roster_file",
    "receipt_text",
    "same",
    "take_receipt",
    "take_roster",
    "take_signed_roster",
]

_HOUSEKEEPING = ("consultation", "disclosure", "receipt", "epoch")


def export_text(summary: ExportSummary) -> str:
    """What left, for whom, and what stayed, in lines for a person."""
    counted = [(kind, n) for kind, n in summary.counts.items() if kind not in _HOUSEKEEPING]
    what = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in counted) or "no records"
    keys = (
        "Force references and the key to child labels are in it; this is recorded."
        if summary.with_key
        else "Force references and the key to child labels stayed on this laptop."
    )
    lines = [
        f"Exported {summary.path.name} for {summary.recipient}, {size(summary.size)}.",
        f"In it: {what} ({_number(summary.ops, 'entry', 'entries')}).",
        keys,
        "It was read back and is whole. It counts as received when central's receipt is taken in.",
    ]
    if summary.roster_expired:
        lines.append("The roster's time is over; ask central's administrator for a new one.")
    return "\n".join(lines)


def receipt_text(summary: ReceiptSummary) -> str:
    """What a receipt confirmed, in lines for a person."""
    if not summary.new:
        lines = [f"This receipt of {summary.at[:16].replace('T', ' ')} was taken in before."]
    else:
        ops = sum(summary.covers.values())
        lines = [f"Central has received {_number(ops, 'entry', 'entries')} of what is known here."]
    if summary.left:
        lines.append(f"{_number(summary.left, 'later entry', 'later entries')} not received yet.")
    for feed, (first, last) in summary.held.items():
        lines.append(f"Central waits for entries {first} to {last} of {feed}: export with --full.")
    for one in summary.rejected:
        lines.append(f"Central refused {one.name} ({one.reason}): export again.")
    return "\n".join(lines)


def size(number: int) -> str:
    """Bytes in words a person uses."""
    if number < 1024 * 1024:
        return f"{number / 1024:.0f} KiB"
    return f"{number / (1024 * 1024):.1f} MiB"


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
