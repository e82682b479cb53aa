"""Applying a verified bundle to a store: one transaction, all of it or nothing.

The same bundle again changes nothing. What follows on ops not yet known is held and named. The
same op id with other bytes is a fork: the bundle is refused and nothing is overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, event, insert, select, update
from sqlmodel import Session

from storage.bundle.errors import DamagedBundleError
from storage.bundle.revoked import refuse_too_much
from storage.bundle.segment import Part
from storage.bundle.stream import Begun, Ended, Line
from storage.bundle.verify import Checked, opened
from storage.database.tables import meta
from storage.database.transit import bundles_seen, ready
from storage.feed import search
from storage.feed.projection import project_many
from storage.feed.read import cut_at, telling_of
from storage.feed.writer import Author
from storage.ops.clock import Clock, wall_ms, wall_text
from storage.ops.op import FeedId, OpId
from storage.progress import Progress, silent
from storage.redaction.stubs import enforce_redactions
from storage.trust.receipt import ReceiptSummary


@dataclass
class Applied:
    """What a bundle changed.

    Attributes:
        bundle: its id.
        sender: who made it.
        new: how many ops were not known before, by feed.
        waiting: for each feed with a gap, the first and the last op that are missing.
        revoked: ops kept apart, by feed, because their laptop had been revoked before.
        records: how many records were brought up to date.
        ahead: laptops whose clock runs ahead of ours by more than fifteen minutes.
        notes: what else a person has to know, in sentences.
        refused: how many documents that travelled along were refused, as the notes say.
        touched: the kind and id of each record that was brought up to date.
        kinds: how many of them there are of each kind.
        conflicts: those of them in conflict that were not, or not in all of their fields, before.
        settled: how many records were in conflict before and are no more.
        alarms: of feeds that were passed on, what is wrong with them, in sentences; nothing of
            those was used, and the rest of the bundle was.
        receipt: what a receipt of this laptop that travelled along confirmed.
    """

    bundle: str
    sender: str
    new: dict[FeedId, int] = field(default_factory=dict)
    waiting: dict[FeedId, tuple[int, int]] = field(default_factory=dict)
    revoked: dict[FeedId, int] = field(default_factory=dict)
    records: int = 0
    ahead: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    refused: int = 0
    touched: set[tuple[str, str]] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    settled: int = 0
    alarms: list[str] = field(default_factory=list)
    receipt: ReceiptSummary | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was not known before."""
        return bool(self.new)


def apply(session: Session, checked: Checked, progress: Progress = silent) -> Applied:
    """Apply a verified bundle within a writing session.

    A feed that its own laptop forked must not keep colleagues from each other: where somebody else
    passes it on, it is left out with an alarm, and the rest is taken in.

    Raises:
        ForkError: an op of its maker or of this laptop is known here with other bytes.
        OwnFeedAheadError: the bundle knows more of this laptop's feed than the laptop does.
        DamagedBundleError: the file is no longer the one that was verified.
    """
    connection = session.connection()
    ready(connection)
    author: Author = session.info["author"]
    applied = Applied(checked.manifest.bundle, checked.manifest.sender)
    touched: set[tuple[str, str]] = set()
    later: set[tuple[str, str]] = set()
    blank: set[OpId] = set()
    clock = Clock(author.clock.last, author.clock.wall)
    part: Part | None = None
    done, total = 0, checked.manifest.ops
    cuts = cut_at(connection, checked.cut)
    with opened(checked.path, checked.trust) as (walk, _):
        for step in walk.events():
            if isinstance(step, Line):
                if part is not None:
                    part.line(step)
                done += 1
                if done % 1000 == 0 or done == total:
                    progress("taking in", done, total)
            elif isinstance(step, Begun):
                device = checked.trust.person_of(step.segment.device)
                passed_on = step.segment.device not in (checked.manifest.sender, author.device)
                part = Part(connection, step.segment, device, author, cuts, passed_on=passed_on)
            elif isinstance(step, Ended) and part is not None:
                part.end(step)
                _tell(applied, part)
                touched |= part.touched
                later |= part.later
                blank |= part.blank
                _meet(clock, part, applied)
        if walk.lines.digest.digest() != checked.plain or walk.manifest != checked.manifest:
            raise DamagedBundleError(
                f"{checked.path.name} was changed while it was being read. Nothing was used. Copy "
                "it to this computer first and try again."
            )
    if applied.waiting:
        refuse_too_much(connection)
    touched |= telling_of(connection, blank)
    redacted, alarms = enforce_redactions(connection, touched | later)
    project_many(connection, touched)
    applied.alarms += [one.said for one in alarms if concerns(applied, one.tell, one.place)]
    applied.notes += applied.alarms
    applied.refused += len(applied.alarms)
    if redacted:
        search.scrub(connection)
        session.info["scrub"] = True
    applied.records = len(touched)
    applied.touched = touched
    _remember(connection, checked, applied)
    _keep_clock(session, author, clock)
    return applied


def _tell(applied: Applied, part: Part) -> None:
    feed = part.segment.feed
    if part.alarm:
        applied.alarms.append(part.alarm)
    if part.new or part.filled:
        applied.new[feed] = applied.new.get(feed, 0) + part.new + part.filled
    if part.waiting is not None:
        applied.waiting[feed] = part.waiting
    else:
        applied.waiting.pop(feed, None)
    if part.left_out:
        applied.revoked[feed] = applied.revoked.get(feed, 0) + part.left_out


def _meet(clock: Clock, part: Part, applied: Applied) -> None:
    if part.latest and not clock.meet(part.latest):
        applied.ahead.add(part.segment.device)


def _keep_clock(session: Session, author: Author, clock: Clock) -> None:
    """The clock goes on from what was seen, with the commit and not before."""
    if clock.last == author.clock.last:
        return
    session.connection().execute(
        update(meta).where(meta.c.key == "clock").values(value=clock.last.encode())
    )
    seen = clock.last
    event.listen(session, "after_commit", lambda _: author.clock.meet(seen), once=True)


def _remember(connection: Connection, checked: Checked, applied: Applied) -> None:
    if applied.revoked or applied.waiting:
        # The same file is looked at again: a later roster may accept what was left out, and while
        # anything of it waits it says for what.
        return
    known = connection.execute(
        select(bundles_seen.c.bundle).where(bundles_seen.c.bundle == applied.bundle)
    ).one_or_none()
    if known is None:
        connection.execute(
            insert(bundles_seen).values(
                bundle=applied.bundle,
                sender=applied.sender,
                sha256=checked.sha256,
                at=wall_text(wall_ms()),
                ops=checked.manifest.ops,
            )
        )


def concerns(applied: Applied, *places: OpId) -> bool:
    """Whether one of these feeds brought something with this bundle."""
    return any(one.feed in applied.new for one in places)
