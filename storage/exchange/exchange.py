"""What an exchange writes: a bundle for each colleague's laptop, and one for central.

Whoever is known to hold the same gets the same file. A bundle is written where somebody lacks
something that is waited for, or does not know yet that what they sent has come. A file that an
earlier exchange left in the folder, and that a new one makes superfluous, is taken away; nobody
else's ever is.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from storage.bundle.errors import NotWrittenError, TooLargeError
from storage.durable import delete
from storage.errors import FieldkitError
from storage.exchange import sent_files
from storage.exchange.enrol import signed_roster
from storage.exchange.export import (
    ExportSummary,
    central_of,
    confirmed,
    export_to,
    refuse_missing,
)
from storage.exchange.peers import basis_of, peers_known
from storage.exchange.plan import Plan, Receiver, StubReasons, effective_ends, plan
from storage.exchange.sent_files import Reached
from storage.feed.writer import Author
from storage.history.delivery import known_feeds
from storage.ops.op import KEY
from storage.progress import Progress, silent
from storage.trust.roster import Device, Roster
from storage.vault.stage import undisturbed
from storage.vault.vault import Vault

MAX_RECIPIENTS = 20
"""Laptops that share a file; an age header may hold no more."""


class PartlyWrittenError(NotWrittenError):
    """Not all bundles could be written; those before the failure are there, and count as sent.

    Attributes:
        written: those that are there.
    """

    def __init__(self, why: FieldkitError, written: list[ExportSummary], due: list[Due]) -> None:
        lacking = ", ".join(f"for {one.receiver.words}" for one in due[len(written) :])
        there = " ".join(f"{one.path.name} for {one.recipient} is there." for one in written)
        first = (
            f"Not every bundle was written. {there} Not written: {lacking}."
            if written
            else f"No bundle was written ({lacking})."
        )
        super().__init__(f"{first} {why}")
        self.written = written


@dataclass(frozen=True)
class Due:
    """A bundle that is to be written.

    Attributes:
        receiver: for whom.
        plan: what is in it.
        brings: how far it brings them in each feed.
        lacks: they lack something; else they only hear how far we have come.
    """

    receiver: Receiver
    plan: Plan
    brings: Reached
    lacks: bool


def write_bundles(
    vault: Vault, folder: Path, *, full: bool = False, progress: Progress = silent
) -> tuple[list[ExportSummary], list[str]]:
    """Write what colleagues and central lack; returns what was written, and what was taken away.

    Args:
        vault: unlocked and enrolled.
        folder: where to.
        full: everything, whatever anybody is known to hold: the repair.
        progress: hears, of all the bundles together, how many ops are done, of how many.

    Raises:
        NotEnrolledError, NotWrittenError, UnfinishedError.
        PartlyWrittenError: some were written, which it names.
    """
    with undisturbed(vault):
        return _write_bundles(vault, folder, full=full, progress=progress)


def _write_bundles(
    vault: Vault, folder: Path, *, full: bool, progress: Progress
) -> tuple[list[ExportSummary], list[str]]:
    _, roster = signed_roster(vault)
    refuse_missing(folder)
    lying = sent_files.lying_in(folder, vault.read_now(_left))
    due, have = vault.read_now(_due, roster, lying, full)
    total = sum(2 * size_of(one.plan) for one in due)
    before = 0
    made: list[ExportSummary] = []
    for one in due:

        def ahead(what: str, done: int, _: int, start: int = before) -> None:
            progress(what, start + done, total)

        try:
            left = export_to(vault, folder, one.receiver, one.plan, ahead)
        except (NotWrittenError, TooLargeError) as error:
            raise PartlyWrittenError(error, made, due) from error
        vault.write_now(sent_files.remember, left, one.brings, have, lacked=one.lacks)
        made.append(left)
        before += 2 * size_of(one.plan)
    removed = _tidy(vault, folder, roster, lying, {one.path.name for one in made})
    return made, removed


def size_of(planned: Plan) -> int:
    """Return how many ops a plan holds."""
    return sum(segment.last - segment.first + 1 for segment, _ in planned.segments)


def receivers(session: Session, roster: Roster, *, full: bool = False) -> list[Receiver]:
    """Return central and each colleague's laptop, with what they are known to hold."""
    connection = session.connection()
    author: Author = session.info["author"]
    central = {} if full else confirmed(session, roster)
    known, peers = known_feeds(connection), peers_known(connection)
    receivers = [central_of(roster, central)]
    for one in colleagues(roster, author.device):
        held = {} if full else basis_of(connection, peers.get(one.id), known)
        named = one.name.casefold().startswith(one.person.casefold())
        words = one.name if named else f"{one.person} ({one.name})"
        receivers.append(
            Receiver((one.id,), (one.recipients[roster.central.kind],), words, True, held)
        )
    return receivers


def colleagues(roster: Roster, own: str) -> list[Device]:
    """Return the laptops that bundles are written for: on the roster, not our own, not revoked."""
    return [one for one in roster.devices if one.id != own and one.until is None]


def _due(
    session: Session, roster: Roster, lying: Collection[str], full: bool
) -> tuple[list[Due], Reached]:
    connection = session.connection()
    author: Author = session.info["author"]
    waited = effective_ends(connection)
    written = sent_files.sent_files(connection)
    told_to: dict[str, Reached] = {}
    for one in written:
        for device in one.devices:
            told_to[device] = one.have
    there = [one for one in written if one.name in lying]
    reasons = StubReasons(connection)
    groups: dict[tuple[object, ...], list[tuple[Receiver, Due]]] = {}
    for receiver in receivers(session, roster, full=full):
        planned = plan(session, receiver.basis, receiver.with_key, reasons)
        brings = _brings(planned, receiver, waited)
        (device,) = receiver.devices
        here = (
            any(device in one.devices and _reaches(one.brings, brings) for one in there)
            and not full
        )
        lacks = any(seq > receiver.basis.get(feed, 0) for feed, seq in brings.items())
        unaware = not receiver.central and any(
            seq > told_to.get(device, {}).get(feed, 0)
            for feed, seq in waited.items()
            if feed.device != author.device
        )
        if (lacks and not here) or unaware or (full and planned.segments):
            alike = (receiver.central, lacks, *(segment for segment, _ in planned.segments))
            groups.setdefault(alike, []).append((receiver, Due(receiver, planned, brings, lacks)))
    due = []
    for several in groups.values():
        for first in range(0, len(several), MAX_RECIPIENTS):
            due.append(_together(several[first : first + MAX_RECIPIENTS]))
    return due, waited


def _together(several: list[tuple[Receiver, Due]]) -> Due:
    first = several[0][1]
    receiver = Receiver(
        devices=tuple(one.devices[0] for one, _ in several),
        recipients=tuple(text for one, _ in several for text in one.recipients),
        words=", ".join(one.words for one, _ in several),
        with_key=first.receiver.with_key,
        basis=first.receiver.basis,
    )
    return Due(receiver, first.plan, first.brings, first.lacks)


def _brings(planned: Plan, receiver: Receiver, waited: Reached) -> Reached:
    """Return how far the receiver will have come in what is waited for, once this is taken in."""
    reached = dict(receiver.basis)
    reached.update((segment.feed, segment.last) for segment, _ in planned.segments)
    return {
        feed: min(seq, reached[feed])
        for feed, seq in waited.items()
        if reached.get(feed) and (receiver.with_key or feed.kind != KEY)
    }


def _reaches(one: Reached, other: Reached) -> bool:
    return all(one.get(feed, 0) >= seq for feed, seq in other.items())


def _left(session: Session) -> list[sent_files.SentFile]:
    return sent_files.sent_files(session.connection())


def _tidy(
    vault: Vault, folder: Path, roster: Roster, lying: set[str], fresh: set[str]
) -> list[str]:
    """Take away our own earlier files in a folder that nobody needs any more."""
    removed = []
    for name in vault.read_now(_superfluous, roster, lying | fresh, fresh):
        with suppress(OSError):
            delete(folder / name)
            removed.append(name)
    if removed:
        vault.write_now(sent_files.forget, removed)
    return removed


def _superfluous(session: Session, roster: Roster, lying: set[str], fresh: set[str]) -> list[str]:
    """Return the files whose addressees each have it all, get it by a later one, or have left."""
    written = _left(session)
    there = [one for one in written if one.name in lying]
    holding = {one.devices[0]: one.basis for one in receivers(session, roster)}
    found = []
    for number, one in enumerate(there):
        later = [each for each in there[number + 1 :] if each.name in fresh]
        if all(
            device not in holding
            or (one.lacked and _reaches(dict(holding[device]), one.brings))
            or any(device in each.devices and _reaches(each.brings, one.brings) for each in later)
            for device in one.devices
        ):
            found.append(one.name)
    # A bundle just written may say no more than how far we have come; it stays until the next.
    return [name for name in found if name not in fresh]
