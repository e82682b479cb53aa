"""Sending to central and hearing back, and what left in words."""

from __future__ import annotations

from fieldkit.wording.dates import at_words, short_moment
from fieldkit.wording.format import entries
from fieldkit.wording.labels import kinds
from storage.exchange.export import ExportSummary
from storage.exchange.inspect import BundleSummary, FeedPart
from storage.ops.op import KEY
from storage.ops.text import many, size
from storage.records.registry import is_counted
from storage.trust.receipt import ReceiptSummary


def export_text(summary: ExportSummary) -> str:
    """Return what left, for whom, and what stayed, in lines for a person."""
    counted = {kind: n for kind, n in summary.counts.items() if is_counted(kind)}
    records = kinds(counted) or "no records"
    keys = (
        "Force references and the key to child labels are in it; this is recorded."
        if summary.with_key
        else "Force references and the key to child labels stayed on this laptop."
    )
    lines = [
        f"Exported {summary.path.name} for {summary.recipient}, {size(summary.size)}.",
        f"In it: {records} ({entries(summary.ops)}).",
        keys,
        "It was read back and is whole. It counts as received when central's receipt is taken in.",
    ]
    if summary.roster_expired:
        lines.append("The roster's time is over; ask central's administrator for a new one.")
    return "\n".join(lines)


def explain_text(name: str, found: BundleSummary) -> str:
    """Return what a bundle is, in lines for a person; ``name`` is the file's."""
    if found.manifest is None:
        disclosure = found.disclosed
        at, recipient = (
            (disclosure.at, disclosure.recipient) if disclosure is not None else ("", "")
        )
        return (
            f"{name} is byte for byte what this laptop exported {at_words(at)} "
            f"for {recipient}. It is encrypted for its recipient and does not open here."
        )
    manifest = found.manifest
    records = kinds(found.records)
    lines = [
        f"{name} is whole: every part of it was verified, and nothing of it was taken in.",
        f"Made by  {found.sender}, {short_moment(manifest.created)}, and signed by that key",
        f"Of       {', '.join(found.forces) or 'no inspection'}",
        f"Holds    {entries(manifest.ops)}, {found.unknown:,} of them not known here yet",
        *([f"         {records}"] if records else []),
        *(f"         {_part(one)}" for one in found.parts),
        *([f"         {entries(found.stubs)} without its words, which were "
           "redacted, erased or are not for this inspection"] if found.stubs else []),
        f"Along    {', '.join(found.along) or 'nothing else'}",
    ]  # fmt: skip
    if found.unknown:
        lines.append("Take it in with “fieldkit merge”, or all of a folder with “exchange”.")
    return "\n".join(lines)


def _part(part: FeedPart) -> str:
    which = "entry 1" if part.last == 1 else f"entries {part.first} to {part.last}"
    of = " of its force references and key to child labels" if part.feed.kind == KEY else ""
    entries_text = f"{part.laptop}: {which}{of}"
    if part.limit is not None and part.last > part.limit:
        accepted = f"the roster accepts them to {part.limit}, later ones would be kept apart"
        return f"{entries_text}; {accepted}"
    if part.first > part.known + 1:
        return (
            f"{entries_text}; {part.known + 1} to {part.first - 1} are not here, so they would wait"
        )
    return entries_text if part.fresh else f"{entries_text}, all known here"


def receipt_text(summary: ReceiptSummary) -> str:
    """Return what a receipt confirmed, in lines for a person."""
    if not summary.new:
        lines = [f"This receipt of {short_moment(summary.at)} was taken in before."]
    else:
        ops = sum(summary.covers.values())
        lines = [f"Central has received {entries(ops)} of what is known here."]
    if summary.left:
        lines.append(f"{many(summary.left, 'later entry', 'later entries')} not received yet.")
    for feed, (first, last) in summary.held.items():
        lines.append(f"Central waits for entries {first} to {last} of {feed}: export with --full.")
    for one in summary.rejected:
        lines.append(f"Central refused {one.name} ({one.reason}): export again.")
    lines.extend(summary.forks)
    return "\n".join(lines)
