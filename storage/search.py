"""Full-text search inside the vault: SQLite's FTS5, encrypted with the rest of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, text

from storage.driver import driver
from storage.records.base import Record

CREATE = 'CREATE VIRTUAL TABLE words USING fts5(body, tokenize="unicode61 remove_diacritics 2")'
SCRUB = "INSERT INTO words(words) VALUES('optimize')"
"""Merges the whole index, which drops what is only marked as removed (FTS5 manual, 6.5)."""
LIMIT = 100
"""Most hits shown at once; the person is told when there were more."""


@dataclass(frozen=True)
class Hit:
    """A record that holds the words, with the place marked by ``«`` and ``»``."""

    kind: str
    record: str
    excerpt: str


def create(connection: Connection) -> None:
    """Make the empty index."""
    connection.execute(text(CREATE))


def scrub(connection: Connection) -> None:
    """Overwrite what was taken out of the index; for whoever takes the bytes of an op away.

    An edit does not need it: what stood there before lies in the op's own bytes, in the same
    encrypted file. FTS5's ``secure-delete`` would do it at each edit, and cost 6 ms of the clerk's
    time for each edited note among 20,000, ten times as much as all the rest.
    """
    connection.execute(text(SCRUB))


def index(connection: Connection, record: Record, *, fresh: bool = False) -> None:
    """Put a record's words in place of what stood there before.

    Args:
        connection: within a transaction.
        record: the record as it now stands.
        fresh: it is known that nothing of it is in the index yet.
    """
    if not record.SEARCH:
        return
    if not fresh:
        forget(connection, record.KIND, record.id)
    words = record.words()
    if words:
        run = driver(connection).execute
        made = run(
            "INSERT INTO searchable(record_kind, record, inspection) VALUES (?, ?, ?)",
            (record.KIND, record.id, getattr(record, "inspection_id", record.id)),
        )
        run("INSERT INTO words(rowid, body) VALUES (?, ?)", (made.lastrowid, words))


def forget(connection: Connection, kind: str, record: str) -> None:
    """Take a record out of the index."""
    run = driver(connection).execute
    row = run(
        "SELECT id FROM searchable WHERE record = ? AND record_kind = ?", (record, kind)
    ).fetchone()
    if row is not None:
        run("DELETE FROM words WHERE rowid = ?", row)
        run("DELETE FROM searchable WHERE id = ?", row)


def expression(typed: str) -> str:
    """What a person typed as an FTS5 query: every word, the last one as a beginning.

    Operators of the query language are taken as words, so nothing typed can be an error.
    """
    words = re.findall(r"\w+", typed)
    quoted = [f'"{one}"' for one in words]
    if quoted and not typed.endswith(" "):
        quoted[-1] += "*"
    return " ".join(quoted)


_FIND = (
    "SELECT s.record_kind, s.record, snippet(words, 0, '«', '»', '…', 24) "
    "FROM words JOIN searchable s ON s.id = words.rowid "
    "WHERE words MATCH ?1 AND (?2 IS NULL OR s.inspection = ?2) ORDER BY words.rank"
)


def find(
    connection: Connection, typed: str, inspection: str | None = None, limit: int = LIMIT
) -> list[Hit]:
    """The records that hold all the words typed, the best match first."""
    return list(islice(matches(connection, typed, inspection), limit))


def matches(connection: Connection, typed: str, inspection: str | None = None) -> Iterator[Hit]:
    """As :func:`find`, one by one: a hit that is never taken costs no excerpt."""
    wanted = expression(typed)
    if wanted:
        for row in driver(connection).execute(_FIND, (wanted, inspection)):
            yield Hit(*row)
