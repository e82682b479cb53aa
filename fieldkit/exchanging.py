"""The exchange at half past four: what lies in a folder is taken in, then bundles are written.

After two passes of one stick all laptops agree, in whatever order it went round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.exporting import size
from fieldkit.naming import label
from fieldkit.wordings import many
from fieldkit.writing import desk
from storage.conflicts import conflicted
from storage.enrolling import NotEnrolledError, roster_in
from storage.exchanging import write_bundles
from storage.exporting import ExportSummary, refuse_missing
from storage.identity import device_id
from storage.incoming import Came, take_folder
from storage.missing import BELIEVED, missing, silent
from storage.outgoing import CENTRAL
from storage.people import laptops, people
from storage.roster import Roster
from storage.sent import UNCOUNTED
from storage.vault import Vault

UNBELIEVED = (
    ". No laptop writes so many, so a program told what is not so. Nothing here is wrong or lost: "
    "go on, and tell whoever administers central"
)

Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it, and of how much."""


@dataclass(frozen=True, slots=True)
class MissingLine:
    """Entries of a laptop that are not here, in words and figures."""

    laptop: str
    first: int
    last: int
    holders: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CameLine:
    """A file that was taken in or refused.

    Attributes:
        name: the file's.
        outcome: as :class:`storage.incoming.Came` has it.
        sender: who made it, in words; empty where that is not certain.
        made: when, ISO 8601 in UTC; empty where it does not say.
        new: how many entries were new.
        kinds: how many records of each kind were brought up to date.
        conflicts: what records are in conflict because of it, in words.
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
    """

    came: list[CameLine]
    others: int
    passed_over: int
    written: list[ExportSummary]
    removed: list[str]
    missing: list[MissingLine] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    conflicts: int = 0
    refused: int = 0


def exchange(
    vault: Vault, folder: Path, *, full: bool = False, told: Told | None = None
) -> Exchanged:
    """Take in what is new in a folder, and write what colleagues and central lack.

    Not to be called on the clerk's own thread. With ``full`` the bundles hold everything, whatever
    anybody is known to have.

    Raises:
        NotEnrolledError, NotWrittenError: nothing was changed, or what is said to be.
    """
    refuse_missing(folder)
    came, passed_over = take_folder(vault, folder, told)

    def progress(done: int, total: int) -> None:
        if told is not None:
            told("writing bundles", done, total)

    written, removed = write_bundles(vault, folder, full=full, progress=progress)
    return vault.read_now(_summary, came, passed_over, written, removed)


def _summary(
    s: Session,
    came: list[Came],
    passed_over: int,
    written: list[ExportSummary],
    removed: list[str],
) -> Exchanged:
    connection = s.connection()
    roster = roster_in(connection)
    if roster is None:
        raise NotEnrolledError("There is no roster in this vault any more. Nothing is lost.")
    who = _names(s, roster)
    return Exchanged(
        came=[_line(s, one, who) for one in came if one.outcome != "other"],
        others=sum(one.outcome == "other" for one in came),
        passed_over=passed_over,
        written=written,
        removed=removed,
        missing=missing_lines(s),
        silent=[who.get(one, one) for one in silent(connection, roster, desk(s).device)],
        conflicts=len(conflicted(connection)),
        refused=sum(one.outcome in ("refused", "aside") for one in came),
    )


def missing_lines(s: Session) -> list[MissingLine]:
    """What is known to exist and is not here."""
    connection = s.connection()
    roster = roster_in(connection)
    if roster is None:
        return []
    who = _names(s, roster)
    found = []
    for one in missing(connection, desk(s).device):
        holders = tuple(who.get(each, f"laptop {each[:4]}") for each in one.holders)
        laptop = who.get(one.device, f"laptop {one.device[:4]}")
        number = _entries(one.number) if one.believed else f"more than {_entries(BELIEVED)}"
        text = f"{number} of {laptop}"
        if holders:
            told = " and ".join(holders)
            text += f", which {told} has" if one.believed else f", by the word of {told}"
        if one.held_back:
            text += "; later ones are here and wait for them"
        if not one.believed:
            text += UNBELIEVED
        found.append(MissingLine(laptop, one.first, one.last, holders, text))
    return found


def _names(s: Session, roster: Roster) -> dict[str, str]:
    """What each laptop is called: whose it is, and its own name where the person has several."""
    named = laptops(s.connection()) | {device_id(roster.central.sign_pk): CENTRAL}
    persons = people(s.connection())
    owned = Counter(one.person_id for one in roster.devices)
    for one in roster.devices:
        person = persons.get(one.person_id, one.person)
        named[one.id] = f"{person} ({one.name})" if owned[one.person_id] > 1 else person
    return named


def _line(s: Session, one: Came, who: dict[str, str]) -> CameLine:
    sender, new = "", 0
    kinds: dict[str, int] = {}
    conflicts: tuple[str, ...] = ()
    said = list(one.said)
    if one.applied is not None:
        applied = one.applied
        sender = who.get(applied.sender, f"laptop {applied.sender[:4]}")
        new = sum(applied.new.values())
        kinds = {kind: n for kind, n in applied.kinds.items() if kind not in UNCOUNTED}
        conflicts = tuple(label(s, *record) for record in applied.conflicts)
        for feed, left_out in applied.revoked.items():
            laptop = who.get(feed.partition("/")[0], feed)
            said.append(
                f"{_entries(left_out)} of {laptop} {'is' if left_out == 1 else 'are'} kept apart: "
                "that laptop's time on the roster ended before. Ask central's administrator if "
                "they should count."
            )
        what = ", ".join(many(n, kind.replace("_", " ")) for kind, n in kinds.items())
        text = f"from {sender}: " + (
            f"{_entries(new)} new" + (f" ({what})" if what else "") if new else "nothing new"
        )
        if conflicts:
            text += f"; {many(len(conflicts), 'conflict')}"
    elif one.receipt is not None:
        sender = CENTRAL
        left = one.receipt.left
        text = "central's receipt: " + (
            f"{_entries(left)} of this laptop not received yet" if left else "all has been received"
        )
    elif one.roster:
        sender, text = CENTRAL, f"version {one.roster} of the roster"
        text += " is in use now" if one.outcome == "taken" else " was in use already"
    else:
        text = {"refused": "refused", "aside": "kept aside"}.get(one.outcome, one.outcome)
    return CameLine(one.name, one.outcome, sender, new, kinds, conflicts, text, tuple(said))


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def exchange_lines(done: Exchanged) -> list[tuple[str, list[str]]]:
    """What an exchange did, in headed lists for a page and for print."""
    came = [f"{one.name}  {one.text}" for one in done.came if one.outcome != "refused"]
    refused = [
        f"{one.name}  {' '.join(one.said) or one.text}"
        for one in done.came
        if one.outcome in ("refused", "aside")
    ]
    also = [said for one in done.came if one.outcome not in ("refused", "aside")
            for said in one.said]  # fmt: skip
    conflicts = [text for one in done.came for text in one.conflicts]
    lists = [
        ("Came in", came or ["nothing new"]),
        ("Not taken in", refused),
        ("Note", also),
        ("In conflict because of it", conflicts),
        ("Written", [written_text(one) for one in done.written] or ["nothing was lacking"]),
        ("Still missing here", [one.text for one in done.missing]),
        ("Nothing has come yet from", done.silent),
    ]
    return [one for one in lists if one[1]]


def written_text(one: ExportSummary) -> str:
    """A bundle that was written: for whom, and how much."""
    what = _entries(one.ops) if one.ops else "no entries, only how far this laptop has come"
    return f"{one.path.name}  for {one.recipient}: {what}, {size(one.size)}"


def exchange_text(done: Exchanged) -> str:
    """What an exchange did, for print."""
    lines = []
    for head, several in exchange_lines(done):
        lines.append(head)
        lines += [f"  {one}" for one in several]
    tail = []
    if done.others:
        tail.append(f"{many(done.others, 'file')} for somebody else")
    if done.passed_over:
        tail.append(f"{many(done.passed_over, 'file')} read before")
    if tail:
        lines.append(f"Left as they are: {', '.join(tail)}.")
    if done.conflicts:
        lines.append(
            f"{many(done.conflicts, 'record')} with two answers: «fieldkit conflicts» shows them."
        )
    return "\n".join(lines)


def exchange_data(done: Exchanged) -> dict[str, Any]:
    """What an exchange did, as data."""
    return {
        "came": [
            {
                "file": one.name,
                "outcome": one.outcome,
                "from": one.sender,
                "new": one.new,
                "records": one.kinds,
                "conflicts": list(one.conflicts),
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
    }


__all__ = [
    "CameLine",
    "Exchanged",
    "MissingLine",
    "exchange",
    "exchange_data",
    "exchange_lines",
    "exchange_text",
    "missing_lines",
    "written_text",
]
