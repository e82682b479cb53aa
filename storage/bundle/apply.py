"""Applying a verified bundle to a store: one transaction, all of it or nothing.

The same bundle again changes nothing. What follows on ops not yet known is held and named. The
same op id with other bytes is a fork: the bundle is refused and nothing is overwritten.
"""

from __future__ import annotations

from sqlalchemy import event, insert, update
from sqlmodel import Session

from storage.bundle.applied import Applied
from storage.bundle.errors import DamagedBundleError
from storage.bundle.revoked import Changed, refuse_too_many_held
from storage.bundle.stream import Line, SegmentEnd, SegmentStart
from storage.bundle.vault_segment import VaultSegment
from storage.bundle.verify import Checked, opened
from storage.database.tables import meta
from storage.database.transit import bundles_seen, make_transit_tables
from storage.feed import search
from storage.feed.projection import project_many
from storage.feed.read import cut_at, records_redacting
from storage.feed.refused import refused_entries
from storage.feed.writer import Author
from storage.ops.clock import Clock
from storage.redaction.stubs import enforce_redactions


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
                passed_on = step.segment.device not in (checked.manifest.sender, author.device)
                segment = VaultSegment(
                    connection, step.segment, device, author, cuts, changed, passed_on=passed_on
                )
            elif isinstance(step, SegmentEnd) and segment is not None:
                segment.finish(step, applied)
                if segment.latest and not clock.meet(segment.latest):
                    applied.ahead.add(step.segment.device)
        if walk.lines.digest.digest() != checked.plain or walk.manifest != checked.manifest:
            raise DamagedBundleError(
                f"{checked.path.name} was changed while it was being read. Nothing was used. Copy "
                "it to this computer first and try again."
            )
    if applied.waiting:
        refuse_too_many_held(connection)
    touched = changed.records | records_redacting(connection, changed.stubs)
    redacted = enforce_redactions(connection, touched | changed.waiting)
    refusals = project_many(connection, touched)
    applied.alarms += refused_entries(refusals, checked.trust.roster)
    applied.notes += applied.alarms
    applied.refused += len(applied.alarms)
    if redacted:
        search.scrub(connection)
        session.info["scrub"] = True
    applied.records = len(touched)
    applied.touched = touched
    # The same file is looked at again where a later roster may accept what was left out, and where
    # anything of it waits, as it says for what.
    if not applied.revoked and not applied.waiting:
        seen = insert(bundles_seen).prefix_with("OR IGNORE")
        connection.execute(seen.values(checked.seen_row()))
    _keep_clock(session, author, clock)
    return applied


def _keep_clock(session: Session, author: Author, clock: Clock) -> None:
    """Let the clock go on from what was seen, with the commit and not before."""
    if clock.last == author.clock.last:
        return
    session.connection().execute(
        update(meta).where(meta.c.key == "clock").values(value=clock.last.encode())
    )
    seen = clock.last
    event.listen(session, "after_commit", lambda _: author.clock.meet(seen), once=True)
