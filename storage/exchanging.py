"""What an exchange writes: a bundle for each colleague's laptop, and one for central.

Whoever is known to hold the same gets the same file. A bundle is written where somebody lacks
something that is waited for, or does not know yet that what they sent has come. A file that an
earlier exchange left in the folder, and that a new one makes superfluous, is taken away; nobody
else's ever is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
)
from sqlmodel import Session

from storage import files
from storage.bundle.writer import Progress
from storage.clock import wall_ms, wall_text
from storage.driver import make_missing
from storage.enrolling import signed_roster
from storage.exporting import ExportSummary, central_of, confirmed, export_to, refuse_missing
from storage.feed import Desk
from storage.op import KEY
from storage.outgoing import CENTRAL, Plan, Receiver, counted, plan
from storage.peers import basis, heard
from storage.roster import Device, Roster
from storage.sent import known_feeds
from storage.vault import Vault

MOST_RECIPIENTS = 20
"""Laptops that share a file; an age header may hold no more."""

_house = MetaData()
files_written = Table(
    "file_written",
    _house,
    Column("name", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("devices", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("brings", Text, nullable=False),
    Column("have", Text, nullable=False),
    Column("lacked", Integer, nullable=False),
)
"""The bundles that exchanges wrote: for whom, how far they bring them, and what we had then."""
digests_written = Table(
    "file_digest",
    _house,
    Column("name", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
)
"""What their bytes are; a table of its own, because vaults have the other one already."""

Stands = dict[str, int]


@dataclass(frozen=True)
class Written:
    """A bundle that an exchange left in a folder; one of long ago has no digest, but ""."""

    name: str
    size: int
    sha256: str
    devices: tuple[str, ...]
    brings: Stands
    have: Stands
    lacked: bool


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
    brings: Stands
    lacks: bool


def write_bundles(
    vault: Vault, folder: Path, *, full: bool = False, progress: Progress | None = None
) -> tuple[list[ExportSummary], list[str]]:
    """Write what colleagues and central lack; returns what was written, and what was taken away.

    Args:
        vault: unlocked and enrolled.
        folder: where to.
        full: everything, whatever anybody is known to hold: the repair.
        progress: told, of all the bundles together, how many ops are done, of how many.

    Raises:
        NotEnrolledError, NotWrittenError, TooLargeError.
    """
    _, roster = signed_roster(vault)
    refuse_missing(folder)
    lying = _lying(folder, vault.read_now(lambda s: _written(s.connection())))
    due, have = vault.read_now(_due, roster, lying, full)
    total = sum(2 * len_of(one.plan) for one in due)
    before = 0
    made: list[ExportSummary] = []
    for one in due:

        def told(done: int, _: int, start: int = before) -> None:
            if progress is not None:
                progress(start + done, total)

        left = export_to(vault, folder, one.receiver, one.plan, told)
        vault.write_now(_wrote, left, one, have)
        made.append(left)
        before += 2 * len_of(one.plan)
    removed = _tidy(vault, folder, roster, lying, {one.path.name for one in made})
    return made, removed


def len_of(planned: Plan) -> int:
    """How many ops a plan holds."""
    return sum(segment.last - segment.first + 1 for segment, _ in planned.segments)


def receivers(session: Session, roster: Roster, *, full: bool = False) -> list[Receiver]:
    """Central and each colleague's laptop, with what they are known to hold."""
    connection = session.connection()
    desk: Desk = session.info["desk"]
    central = {} if full else confirmed(session, roster)
    known, told = known_feeds(connection), heard(connection)
    found = [central_of(roster, central)]
    for one in colleagues(roster, desk.device):
        held = {} if full else basis(connection, told.get(one.id), known)
        named = one.name.casefold().startswith(one.person.casefold())
        words = one.name if named else f"{one.person} ({one.name})"
        found.append(Receiver((one.id,), (one.recipients[roster.central.kind],), words, True, held))
    return found


def colleagues(roster: Roster, own: str) -> list[Device]:
    """The laptops of the roster that bundles are written for: not our own, and none revoked."""
    return [one for one in roster.devices if one.id != own and one.until is None]


def _due(
    session: Session, roster: Roster, lying: Collection[str], full: bool
) -> tuple[list[Due], Stands]:
    connection = session.connection()
    desk: Desk = session.info["desk"]
    waited = counted(connection)
    written = _written(connection)
    told: dict[str, Stands] = {}
    for one in written:
        for device in one.devices:
            told[device] = one.have
    there = [one for one in written if one.name in lying]
    groups: dict[tuple[object, ...], list[tuple[Receiver, Due]]] = {}
    for receiver in receivers(session, roster, full=full):
        planned = plan(session, receiver.basis, receiver.with_key)
        brings = _brings(planned, receiver, waited)
        (device,) = receiver.devices
        here = (
            any(device in one.devices and _reaches(one.brings, brings) for one in there)
            and not full
        )
        lacks = any(seq > receiver.basis.get(feed, 0) for feed, seq in brings.items())
        unaware = not receiver.central and any(
            seq > told.get(device, {}).get(feed, 0)
            for feed, seq in waited.items()
            if not feed.startswith(f"{desk.device}/")
        )
        if (lacks and not here) or unaware or (full and planned.segments):
            alike = (receiver.central, lacks, *(segment for segment, _ in planned.segments))
            groups.setdefault(alike, []).append((receiver, Due(receiver, planned, brings, lacks)))
    due = []
    for several in groups.values():
        for first in range(0, len(several), MOST_RECIPIENTS):
            due.append(_together(several[first : first + MOST_RECIPIENTS]))
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


def _brings(planned: Plan, receiver: Receiver, waited: Stands) -> Stands:
    """How far the receiver will have come in what is waited for, once this is taken in."""
    reached = dict(receiver.basis)
    reached.update((segment.feed, segment.last) for segment, _ in planned.segments)
    return {
        feed: min(seq, reached[feed])
        for feed, seq in waited.items()
        if reached.get(feed) and (receiver.with_key or not feed.endswith(f"/{KEY}"))
    }


def _reaches(one: Stands, other: Stands) -> bool:
    return all(one.get(feed, 0) >= seq for feed, seq in other.items())


def _lying(folder: Path, written: Iterable[Written]) -> set[str]:
    """The names of our own earlier bundles that lie in a folder as we wrote them.

    A stick may fail, and others write to it: what has other bytes is no bundle of ours, so what it
    brought is written anew. Only what has the right size is read.
    """
    found = set()
    for one in written:
        path = folder / one.name
        with suppress(OSError):
            if files.is_plain(path) and path.lstat().st_size == one.size:
                with files.open_plain(path) as file:
                    if one.sha256 in ("", files.digest(file)):
                        found.add(one.name)
    return found


def written_here(session: Session) -> set[str]:
    """The names of the bundles that this laptop's exchanges wrote."""
    return {one.name for one in _written(session.connection())}


def _written(connection: Connection) -> list[Written]:
    make_missing(connection, _house)
    # In the order they were written, whatever the clock said: it may have been set back since.
    digests = {row.name: row.sha256 for row in connection.execute(select(digests_written))}
    rows = connection.execute(select(files_written).order_by(text("rowid")))
    return [
        Written(
            row.name,
            row.size,
            digests.get(row.name, ""),
            tuple(json.loads(row.devices)),
            json.loads(row.brings),
            json.loads(row.have),
            bool(row.lacked),
        )
        for row in rows
    ]


def _wrote(session: Session, left: ExportSummary, due: Due, have: Stands) -> None:
    connection = session.connection()
    make_missing(connection, _house)
    connection.execute(
        insert(files_written).values(
            name=left.path.name,
            size=left.size,
            devices=json.dumps(list(left.devices)),
            at=wall_text(wall_ms()),
            brings=json.dumps(due.brings),
            have=json.dumps(have),
            lacked=int(due.lacks),
        )
    )
    connection.execute(insert(digests_written).values(name=left.path.name, sha256=left.sha256))


def _tidy(
    vault: Vault, folder: Path, roster: Roster, lying: set[str], fresh: set[str]
) -> list[str]:
    """Take away our own earlier files in a folder that nobody needs any more."""
    removed = []
    for name in vault.read_now(_superfluous, roster, lying | fresh, fresh):
        with suppress(OSError):
            (folder / name).unlink()
            removed.append(name)
    if removed:
        vault.write_now(_forget, roster, removed)
    return removed


def _superfluous(session: Session, roster: Roster, lying: set[str], fresh: set[str]) -> list[str]:
    """A file is when each of its addressees has it all, gets it by a later file, or has left."""
    written = _written(session.connection())
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


def _forget(session: Session, roster: Roster, names: list[str]) -> None:
    """Forget files that were taken away, but for the latest word given to each laptop."""
    connection = session.connection()
    latest = {device: one.name for one in _written(connection) for device in one.devices}
    kept = set(latest.values())
    gone = [name for name in names if name not in kept]
    for table in (files_written, digests_written):
        connection.execute(delete(table).where(table.c.name.in_(gone)))


__all__ = ["CENTRAL", "Due", "colleagues", "receivers", "write_bundles", "written_here"]
