"""What came of an exchange: in headed lists for a page, for print, and as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldkit.wording.format import entries
from storage.exchange.export import ExportSummary
from storage.ops.text import many, size

IN_CONFLICT = "In conflict because of it"
"""The heading of what has two answers now."""
TAKEN_AWAY = "Deleted, withdrawn, closed, cleared or redacted by colleagues"
"""The heading of what no conflict names, since whoever did it had seen the record."""


@dataclass(frozen=True, slots=True)
class MissingLine:
    """Entries of a laptop that are not here, in words and figures."""

    laptop: str
    first: int
    last: int
    holders: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that was taken in or refused.

    Attributes:
        name: the file's.
        outcome: as :class:`storage.exchange.inbox.FileResult` has it.
        sender: who made it, in words; empty where that is not certain.
        made: when, ISO 8601 in UTC; empty where it does not say.
        new: how many entries were new.
        kinds: how many records of each kind were brought up to date.
        conflicts: what records are in conflict because of it, in words.
        removed: what of it took a record away, by whom and of whose, in sentences.
        text: all of it in a line.
        said: what else there is to say, in sentences.
    """

    name: str
    outcome: str
    sender: str
    new: int
    kinds: dict[str, int]
    conflicts: tuple[str, ...]
    text: str
    said: tuple[str, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchanged:
    """What an exchange did.

    Attributes:
        came: the files that were read and were for this laptop, or were refused.
        others: how many were made for somebody else.
        passed_over: how many had been read before.
        written: the bundles that were written.
        removed: our own earlier files that were taken away.
        missing: what is not here yet.
        silent: the laptops nothing has come from.
        conflicts: how many records are in conflict now.
        refused: how many files were refused.
        notes: what else the person has to know, in sentences.
        failed: why not all bundles were written, in sentences; empty where they were.
        new_of: how many entries of each laptop were new, by its id.
    """

    came: list[FileLine]
    others: int
    passed_over: int
    written: list[ExportSummary]
    removed: list[str]
    missing: list[MissingLine] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    conflicts: int = 0
    refused: int = 0
    notes: list[str] = field(default_factory=list)
    failed: str = ""
    new_of: dict[str, int] = field(default_factory=dict)

    @property
    def left_alone(self) -> str:
        """Say in a sentence which files were left as they are; empty where there are none."""
        others = [f"{many(self.others, 'file')} for somebody else"] if self.others else []
        before = [f"{many(self.passed_over, 'file')} read before"] if self.passed_over else []
        return f"Left as they are: {', '.join(others + before)}." if others or before else ""

    @property
    def words(self) -> str:
        """Return what it did in a few words: how much came in, and what was written."""
        new = sum(one.outcome == "taken" for one in self.came)
        came = f"{many(new, 'file')} came in" if new else "nothing new came in"
        written = f"{many(len(self.written), 'bundle')} written"
        return f"{came}, {written}" + (", but not all that were due" if self.failed else "")


def exchange_lines(done: Exchanged) -> list[tuple[str, list[str]]]:
    """Return what an exchange did, in headed lists for a page and for print."""
    came = [f"{one.name}  {one.text}" for one in done.came if one.outcome != "refused"]
    refused = [
        f"{one.name}  {' '.join(one.said) or one.text}"
        for one in done.came
        if one.outcome in ("refused", "aside")
    ]
    also = [said for one in done.came if one.outcome not in ("refused", "aside")
            for said in one.said]  # fmt: skip
    also += done.notes
    conflicts = [text for one in done.came for text in one.conflicts]
    removed = [text for one in done.came for text in one.removed]
    nothing = [] if done.failed else ["everyone is up to date"]
    lists = [
        ("Came in", came or ["nothing new"]),
        ("Not taken in", refused),
        ("Note", also),
        (IN_CONFLICT, conflicts),
        (TAKEN_AWAY, removed),
        ("Not all was written", [done.failed] if done.failed else []),
        ("Written", [written_text(one) for one in done.written] or nothing),
        ("Still missing here", [one.text for one in done.missing]),
        ("Nothing has come yet from", done.silent),
    ]
    return [one for one in lists if one[1]]


def written_text(bundle: ExportSummary) -> str:
    """Say of a bundle that was written for whom it is, and how much is in it."""
    amount = entries(bundle.ops) if bundle.ops else "no entries, only how far this laptop has come"
    return f"{bundle.path.name}  for {bundle.recipient}: {amount}, {size(bundle.size)}"


def exchange_text(done: Exchanged) -> str:
    """Return what an exchange did, for print."""
    lines = []
    for head, items in exchange_lines(done):
        lines.append(head)
        lines += [f"  {one}" for one in items]
    if done.left_alone:
        lines.append(done.left_alone)
    if done.conflicts:
        lines.append(
            f"{many(done.conflicts, 'record')} with two answers: “fieldkit conflicts” shows them."
        )
    return "\n".join(lines)


def exchange_data(done: Exchanged) -> dict[str, Any]:
    """Return what an exchange did, as data."""
    return {
        "came": [
            {
                "file": one.name,
                "outcome": one.outcome,
                "from": one.sender,
                "new": one.new,
                "records": one.kinds,
                "conflicts": list(one.conflicts),
                "taken_away": list(one.removed),
                "said": list(one.said),
            }
            for one in done.came
        ],
        "others": done.others,
        "read_before": done.passed_over,
        "written": [
            {
                "file": one.path.name,
                "for": list(one.devices),
                "recipient": one.recipient,
                "ops": one.ops,
                "size": one.size,
                "sha256": one.sha256,
                "with_key": one.with_key,
            }
            for one in done.written
        ],
        "removed": done.removed,
        "missing": [
            {"laptop": one.laptop, "first": one.first, "last": one.last, "has": list(one.holders)}
            for one in done.missing
        ],
        "silent": done.silent,
        "conflicts": done.conflicts,
        "notes": done.notes,
        "failed": done.failed,
    }
