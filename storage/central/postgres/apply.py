"""How a bundle is applied on PostgreSQL: one walk, one COPY, and a few statements over sets.

While a bundle is verified its ops are copied into a temporary table that only this connection
sees. When all of it has held, one transaction takes from there what is new. The identity of an op
is the table's key and each feed is locked while it grows, so however many processes are at it,
and wherever one of them is killed, every op is there once or not at all.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, delete, text
from sqlalchemy.dialects.postgresql import insert

from storage.bundle.applied import Applied
from storage.bundle.errors import ForkError, TooManyFeedsError
from storage.bundle.manifest import Segment
from storage.bundle.stream import Line
from storage.bundle.verify import Checked, Trust, verify
from storage.central.intake import ledger
from storage.central.postgres.segment import STATEMENTS, TEXT_COLUMNS, PostgresSegment, texts
from storage.central.postgres.standing import forget
from storage.database.connection import driver
from storage.database.transit import bundles_seen
from storage.feed.judge import Refusal, judge
from storage.feed.read import cut_at
from storage.feed.refused import refused_entries
from storage.ops.op import FeedId, Op
from storage.progress import Progress, silent
from storage.redaction.stubs import enforce_redactions

_TYPES = ["int4", "int8", *TEXT_COLUMNS, "bytea", "bytea", "bytea"]
_REDACTING = 2**62
"""The lock between what redacts and what might be redacted; a feed's own lock is below it."""


def prepare(connection: Connection) -> None:
    """Make the temporary table, once a connection, and commit."""
    connection.execute(text(STATEMENTS["make"]))
    connection.commit()


def apply(
    connection: Connection,
    path: Path,
    trust: Trust,
    progress: Progress = silent,
    *,
    alone: bool = False,
) -> Applied:
    """Verify a bundle and take in what is new, in the connection's transaction.

    The caller commits; whatever is raised, it rolls back. With ``alone`` nobody else takes
    anything in at the same time.

    Raises:
        BundleError: the bundle is refused.
        AloneError: it has to be applied again, alone.
    """
    segments: list[Segment] = []
    refusals: list[Refusal] = []
    raw: psycopg.Connection[Any] = driver(connection)
    connection.execute(text("SELECT 1"))
    with raw.cursor() as cursor, cursor.copy(STATEMENTS["copy"]) as copy:
        copy.set_types(_TYPES)

        def lay_aside(segment: Segment, line: Line, op: Op | None) -> None:
            if not segments or segments[-1] is not segment:
                segments.append(segment)
            refusals.extend(judge(op.record[0], [op]).refusals if op else ())
            links = line.data, line.inner, line.head
            copy.write_row((len(segments) - 1, line.seq, *texts(op), *links))

        checked = verify(path, trust, progress, lay_aside)
    return _apply(connection, checked, refusals, alone=alone)


def lock_key(name: FeedId | bytes) -> int:
    """Return a number for PostgreSQL's advisory locks, below 2^62."""
    data = name if isinstance(name, bytes) else str(name).encode()
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> 2


def _apply(
    connection: Connection, checked: Checked, refusals: list[Refusal], *, alone: bool
) -> Applied:
    """Take in a verified bundle, all of whose ops lie in the temporary table.

    Of ops that count for nothing those are told here that show it by themselves (``refusals``);
    what is seen only beside others, a report tells, which adds up the ops of a record.
    """

    def ask(name: str, **values: Any) -> Any:
        return connection.execute(text(STATEMENTS[name]), values)

    applied = Applied(checked.manifest.bundle, checked.manifest.sender)
    # A redaction waits for everybody: what it names may be on its way in another bundle. Whoever
    # else is at the same feeds is waited for in one order, so that nobody waits for ever.
    alone = alone or bool(ask("redacts").scalar_one())
    ask("alone" if alone else "together", key=_REDACTING)
    for key in sorted({lock_key(one.segment.feed) for one in checked.ended}):
        ask("alone", key=key)
    cuts = cut_at(connection, checked.cut)
    released: set[str] = set()
    fresh: dict[FeedId, range] = {}
    for number, ended in enumerate(checked.ended):
        device = checked.trust.person_of(ended.segment.device)
        passed_on = device.id != applied.sender
        segment = PostgresSegment(
            connection, number, ended, device, cuts, passed_on=passed_on, alone=alone
        )
        try:
            with connection.begin_nested():
                segment.take(applied)
        except (ForkError, TooManyFeedsError) as error:
            # Nothing is used of a feed that is passed on; its own laptop's bundle is refused.
            if not passed_on:
                raise
            applied.alarms.append(str(error))
        released |= segment.released
        refusals += segment.refusals
        fresh[segment.segment.feed] = segment.fresh
    # What redactions name is taken away, whichever of the two came first.
    touched = {tuple(row) for row in ask("redacted", released=list(released))}
    if touched:
        enforce_redactions(connection, touched)
    # Entries that were here before may count no longer, as one that came in is dated after them.
    no_longer = (one.record[1] for one in refusals)
    forget(connection, [*released, *(record for _, record in touched), *no_longer])
    told = [one for one in refusals if one.op.seq in fresh.get(one.op.feed, ())]
    applied.alarms += refused_entries(told, checked.trust.roster)
    if applied.changed:
        applied.records = int(ask("records").scalar_one())
    refused = ledger.refusals.c.sha256 == checked.sha256
    connection.execute(delete(ledger.refusals).where(refused))
    # A later roster may accept what was left out; the same file is then looked at again.
    if not applied.revoked:
        seen = insert(bundles_seen).values(checked.seen_row())
        connection.execute(seen.on_conflict_do_nothing())
    return applied
