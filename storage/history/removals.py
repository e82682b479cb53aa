"""Tells what came in that took a record away: deleted, withdrawn, closed, cleared or redacted.

None of this is a conflict where whoever did it had seen the record, so without a word the author
would never hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select
from sqlmodel import Session

from storage.database.connection import driver
from storage.database.facts import Fact
from storage.database.tables import meta, ops
from storage.feed.projection import table_of
from storage.feed.read import among
from storage.feed.writer import Author
from storage.ops.op import DELETED, FeedId, Op, OpId, decode
from storage.ops.redactions import REDACT, redacted_ids
from storage.records.registry import KINDS

DELETED_WORD, REDACTED_WORD = "deleted", "redacted"
MAX_TOLD = 500
"""Deletions kept for home to tell; whoever has more is told of the latest."""
UNTOLD = Fact.json("deleted/untold")
"""The vault's own fact: what colleagues deleted or redacted of this person's, not looked at yet."""

_SAYS_DELETED = f'"{DELETED}":true'.encode()
_ROWS = (
    "SELECT bytes FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ? AND seq <= ? "
    "AND bytes IS NOT NULL AND (verb = ? OR record_kind IN ({marks}) OR instr(bytes, ?) > 0) "
    "ORDER BY seq"
)
_WRITERS = (
    "SELECT device, epoch, kind, seq, who FROM op INDEXED BY op_of_record "
    "WHERE record = ? AND record_kind = ? AND hlc <> '' ORDER BY hlc, device, epoch, kind, seq"
)


@dataclass(frozen=True, slots=True)
class Removal:
    """Says that an op took a record away.

    Attributes:
        op: which op, as ``device/epoch/kind/seq``.
        kind, record: of which record.
        did: "deleted", "redacted", or the verb of the kind's own (``ENDS`` of its class).
        who: the id of the person who did it.
        whose: the id of the person who began the record; where that is the same, of the first
            other person who wrote in it.
        wall: when, by the writing laptop's clock, ISO 8601 in UTC.
        reason: why, or empty.
    """

    op: str
    kind: str
    record: str
    did: str
    who: str
    whose: str
    wall: str
    reason: str


def removals(session: Session, before: Mapping[FeedId, int]) -> list[Removal]:
    """Return what other people's new ops took away and is away now, feed by feed.

    What somebody made and took away again since is nobody's loss and is left out.

    Args:
        session: a session in which the ops are taken in already.
        before: how far each feed was known before they came.
    """
    connection = session.connection()
    author: Author = session.info["author"]
    run = driver(connection).execute
    ending = sorted(kind for kind, known in KINDS.items() if known.ENDS)
    query = _ROWS.format(marks=",".join("?" * len(ending)))
    feeds = run("SELECT device, epoch, kind, seq FROM feed").fetchall()
    taken_away: list[Removal] = []
    for device, epoch, kind, last in feeds:
        known = before.get(FeedId(device, epoch, kind), 0)
        if device == author.device or last <= known:
            continue
        place = (device, epoch, kind, known, last)
        for (data,) in run(query, (*place, REDACT, *ending, _SAYS_DELETED)).fetchall():
            op = decode(data, trusted=True)
            did = _did(op) if op.who != author.person else ""
            if did and _is_away(connection, op, did) and not _began_after(connection, op, before):
                taken_away.append(
                    Removal(
                        op=str(op.id),
                        kind=op.record[0],
                        record=op.record[1],
                        did=did,
                        who=op.who,
                        whose=_whose(connection, op, author.person),
                        wall=op.wall,
                        reason=op.reason or "",
                    )
                )
    return taken_away


def whose(connection: Connection, kind: str, record: str, actor: str) -> str:
    """Return who began a record; where that is ``actor``, who else wrote in it first, if anybody.

    All are ids of persons.
    """
    rows = driver(connection).execute(_WRITERS, (record, kind))
    people = list(dict.fromkeys(who for *_, who in rows))
    if people[:1] == [actor]:
        return next((who for who in people if who != actor), actor)
    return people[0] if people else ""


def _whose(connection: Connection, op: Op, person: str) -> str:
    """Return whose it was that an op took away; words are ``person``'s who wrote some of them."""
    if op.op == REDACT:
        writers = select(ops.c.who).where(among(ops, redacted_ids(op)), ops.c.who == person)
        if connection.execute(writers.limit(1)).first() is not None:
            return person
    return whose(connection, *op.record, op.who)


def keep_untold(session: Session, taken_away: Iterable[Removal]) -> None:
    """Keep what of this person's is gone until they have looked at it, with the transaction."""
    connection = session.connection()
    author: Author = session.info["author"]
    mine = [
        asdict(one)
        for one in taken_away
        if one.did in (DELETED_WORD, REDACTED_WORD) and one.whose == author.person
    ]
    if mine:
        _put(connection, [*_kept(connection), *mine][-MAX_TOLD:])


def untold(session: Session) -> list[Removal]:
    """Return what colleagues deleted or redacted of this person's and nobody has looked at."""
    connection = session.connection()
    kept = [Removal(**one) for one in _kept(connection)]
    return [
        one
        for one in kept
        if one.did == REDACTED_WORD or _is_missing(connection, one.kind, one.record)
    ]


def told(session: Session) -> None:
    """Note that the person has looked at what was deleted."""
    if _kept(session.connection()):
        _put(session.connection(), [])


def _kept(connection: Connection) -> list[dict[str, str]]:
    kept = UNTOLD.within(connection)
    names = set(Removal.__dataclass_fields__)
    return [one for one in kept or [] if isinstance(one, dict) and one.keys() == names]


def _put(connection: Connection, rows: list[dict[str, str]]) -> None:
    value = UNTOLD.encode(rows)
    connection.execute(insert(meta).prefix_with("OR REPLACE").values(key=UNTOLD.key, value=value))


def _did(op: Op) -> str:
    """Return what an op did in a word, where it takes a record away; empty otherwise."""
    known = KINDS.get(op.record[0])
    if known is None or not known.COUNTED:
        return ""
    if op.op == REDACT:
        return REDACTED_WORD
    if op.fields.get(DELETED) is True:
        return DELETED_WORD
    for name, ends in known.ENDS.items():
        value = op.fields.get(name)
        if isinstance(value, str | bool) and value in ends:
            return ends[value]
    return ""


def _is_away(connection: Connection, op: Op, did: str) -> bool:
    if did == REDACTED_WORD:
        return True
    if did == DELETED_WORD:
        return _is_missing(connection, *op.record)
    known = KINDS[op.record[0]]
    table = table_of(known)
    row = connection.execute(select(table).where(table.c.id == op.record[1])).mappings().first()
    return row is not None and any(row[name] in ends for name, ends in known.ENDS.items())


def _is_missing(connection: Connection, kind: str, record: str) -> bool:
    known = KINDS.get(kind)
    if known is None:
        return False
    table = table_of(known)
    query = select(table.c.id).where(table.c.id == record)
    return connection.execute(query).first() is None


def _began_after(connection: Connection, op: Op, before: Mapping[FeedId, int]) -> bool:
    """Say whether everything of a record was written by one person and came together with an op."""
    rows = driver(connection).execute(_WRITERS, (op.record[1], op.record[0])).fetchall()
    places = [(OpId(*place), who) for *place, who in rows]
    return all(who == op.who and id.seq > before.get(id.feed, 0) for id, who in places)
