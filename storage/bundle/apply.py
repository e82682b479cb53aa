"""Applying a verified bundle to a store: in one transaction, or slice by slice from a stage.

The same bundle again changes nothing. What follows on ops not yet known is held and named. The
same op id with other bytes is a fork: the bundle is refused and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlmodel import Session

from storage.bundle.applied import Applied
from storage.bundle.errors import changed_meanwhile
from storage.bundle.manifest import Manifest
from storage.bundle.parts import unpack
from storage.bundle.revoked import Changed, refuse_too_many_held
from storage.bundle.stream import Line, SegmentEnd, SegmentStart
from storage.bundle.touched import put_touched
from storage.bundle.vault_segment import VaultSegment
from storage.bundle.verify import Checked, Trust, opened
from storage.database.tables import meta
from storage.database.transit import bundles_seen, make_transit_tables
from storage.feed import search
from storage.feed.judge import Refusal
from storage.feed.projection import project_many
from storage.feed.read import cut_at, records_redacting
from storage.feed.refused import refused_entries
from storage.feed.writer import SEEN, Author
from storage.ops.clock import Clock
from storage.ops.op import FeedId
from storage.redaction.stubs import enforce_redactions
from storage.trust.roster import Roster


def apply(session: Session, checked: Checked) -> Applied:
    """Apply a verified bundle within a writing session.

    A feed that its own laptop forked must not keep colleagues from each other: where somebody else
    passes it on, it is left out with an alarm, and the rest is taken in.

    Raises:
        ForkError: an op of its maker or of this laptop is known here with other bytes.
        OwnFeedAheadError: the bundle knows more of this laptop's feed than the laptop does.
        DamagedBundleError: the file is no longer the one that was verified.
    """
    connection = session.connection()
    make_transit_tables(connection)
    author: Author = session.info["author"]
    applied = Applied(checked.manifest.bundle, checked.manifest.sender)
    changed = Changed()
    clock = Clock(author.clock.last, author.clock.wall)
    segment: VaultSegment | None = None
    cuts = cut_at(connection, checked.cut)
    with opened(checked.path, checked.trust) as (walk, _):
        for step in walk.events():
            if isinstance(step, Line) and segment is not None:
                segment.take(step)
            elif isinstance(step, SegmentStart):
                device = checked.trust.person_of(step.segment.device)
                passed_on = checked.manifest.passes_on(step.segment.device, author.device)
                segment = VaultSegment(
                    connection, step.segment, device, author, cuts, changed, passed_on=passed_on
                )
            elif isinstance(step, SegmentEnd) and segment is not None:
                segment.finish(step, applied)
                if segment.latest and not clock.meet(segment.latest):
                    applied.ahead.add(step.segment.device)
        if walk.lines.digest.digest() != checked.plain or walk.manifest != checked.manifest:
            raise changed_meanwhile(checked.path.name)
    if applied.waiting:
        refuse_too_many_held(connection)
    applied.touched = _touched(connection, changed)
    waiting = _redact(session, changed.waiting)
    refusals, redacted = settle(session, applied.touched)
    scrub = waiting or redacted
    conclude(session, applied, checked.seen_row(), refusals, checked.trust.roster, scrub=scrub)
    _keep_clock(session, author, clock)
    return applied


def append_slice(
    session: Session,
    payload: bytes,
    manifest: Manifest,
    trust: Trust,
    cuts: Mapping[FeedId, int],
    applied: Applied,
) -> bool:
    """Append the ops of a slice of a bundle (:mod:`storage.bundle.foresee`) to their feeds.

    Which records they touch is noted (:mod:`storage.bundle.touched`); :func:`settle` brings those
    up to date once all ops are here.

    Args:
        session: a writing session.
        payload: the slice.
        manifest: what the bundle says of itself.
        trust: the roster in use, by which it was verified.
        cuts: from which op on nothing of a feed is used.
        applied: told what changed.

    Returns:
        Whether words were taken away, which :func:`conclude` then has to be told.
    """
    connection = session.connection()
    make_transit_tables(connection)
    author: Author = session.info["author"]
    changed = Changed()
    clock = Clock(author.clock.last, author.clock.wall)
    for part, lines in unpack(payload):
        whole = manifest.segments[part.number]
        segment = VaultSegment(
            connection,
            whole,
            trust.person_of(whole.device),
            author,
            cuts,
            changed,
            passed_on=manifest.passes_on(whole.device, author.device),
            part=part,
        )
        for line in lines:
            segment.take(line)
        if (end := part.end_of(whole)) is not None:
            segment.alarm = segment.alarm or part.alarm
            segment.finish(end, applied)
        else:
            segment.pause(applied)
        if segment.latest and not clock.meet(segment.latest):
            applied.ahead.add(whole.device)
    put_touched(connection, _touched(connection, changed))
    _keep_clock(session, author, clock)
    return _redact(session, changed.waiting)


def settle(session: Session, records: Collection[tuple[str, str]]) -> tuple[list[Refusal], bool]:
    """Bring the tables of records up to date with the ops that came.

    Returns the ops that are refused since, and whether words were taken away.
    """
    redacted = _redact(session, records)
    return project_many(session.connection(), records), redacted


def _touched(connection: Connection, changed: Changed) -> set[tuple[str, str]]:
    """Return the records that have to be brought up to date."""
    return changed.records | records_redacting(connection, changed.stubs)


def _redact(session: Session, records: Iterable[tuple[str, str]]) -> bool:
    """Take away what redactions of these records name; say whether anything was."""
    redacted = bool(enforce_redactions(session.connection(), records))
    if redacted:
        session.info["scrub"] = True
    return redacted


def conclude(
    session: Session,
    applied: Applied,
    seen: dict[str, Any],
    refusals: Iterable[Refusal],
    roster: Roster,
    *,
    scrub: bool,
) -> None:
    """Say what of the whole bundle a person has to know, and that it was taken in.

    Args:
        session: the session in which its last op was applied.
        applied: what it changed.
        seen: its row of the bundles taken in.
        refusals: the ops that count for nothing since.
        roster: the roster in use.
        scrub: whether words were taken away, so that the index has to be written anew.
    """
    connection = session.connection()
    applied.alarms += refused_entries(sorted(refusals, key=lambda one: one.op), roster)
    applied.notes += applied.alarms
    applied.refused += len(applied.alarms)
    if scrub:
        search.scrub(connection)
    applied.records = len(applied.touched)
    # The same file is looked at again where a later roster may accept what was left out, and where
    # anything of it waits, as it says for what.
    if not applied.revoked and not applied.waiting:
        connection.execute(insert(bundles_seen).prefix_with("OR IGNORE").values(seen))


def _keep_clock(session: Session, author: Author, clock: Clock) -> None:
    """Let the clock go on from what was seen, with the commit and not before."""
    if clock.last == author.clock.last:
        return
    session.connection().execute(
        update(meta).where(meta.c.key == "clock").values(value=clock.last.encode())
    )
    session.info[SEEN] = clock.last
