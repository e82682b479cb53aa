"""Searches texts inside the vault by SQLite's FTS5, encrypted with the rest of the file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text

from storage.database.connection import BATCH, CACHE_KIB_FOR_SEARCH, batches, driver, set_cache_size
from storage.ops.text import folded, without_mark
from storage.records.model.base import Record

SHOWN = 24
"""Words of an excerpt."""


BEFORE = 6
"""Of these, at most so many stand before the first that was searched for."""


_WORD = re.compile(r"[^\W_]+")


class Finder:
    """Finds words in texts as the index does: by their :func:`folded` letters.

    Args:
        words: each to be found whole.
        begun: the last of them may be the beginning of a word.
    """

    def __init__(self, words: Sequence[str], *, begun: bool) -> None:
        texts = [re.escape(one) for each in words for one in _WORD.findall(folded(each).text)]
        if texts and begun:
            texts[-1] += r"[^\W_]*"
        # The longest first, so that a word is not taken for the one it begins with.
        either = "|".join(sorted(texts, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])" if texts else "(?!)")

    def excerpt(self, text: str) -> str:
        """Return the place around the first of the words; each found is between ``«`` and ``»``."""
        letters = folded(text)
        spans = [letters.span(*one.span()) for one in self._pattern.finditer(letters.text)]
        starts = [one.start() for one in _WORD.finditer(text)]
        first, after = 0, len(text)
        if spans and len(starts) > SHOWN:
            at = min(bisect_left(starts, spans[0][0]) - BEFORE, len(starts) - SHOWN)
            if at > 0:
                first = starts[at]
            if max(at, 0) + SHOWN < len(starts):
                after = starts[max(at, 0) + SHOWN]
        parts = ["…" if first else ""]
        done = first
        for start, end in spans:
            if done <= start and end <= after:  # “¼” is two numbers, and marked once
                parts += [text[done:start], "«", text[start:end], "»"]
                done = end
        parts.append(text[done:after].rstrip() + "…" if after < len(text) else text[done:])
        return "".join(parts)


ALSO = "\x1f"
"""Stands in the index between a text and the words of it that are spelled otherwise when folded; no
text that is kept has it (:func:`storage.ops.text.clean_text`)."""
FORM = (
    "each text, then the words of it that are spelled otherwise when folded; "
    "the texts of an inspection in places of their own"
)
"""What the index holds; with other words here, an index is made anew when its vault is opened."""
CREATE = 'CREATE VIRTUAL TABLE words USING fts5(body, tokenize="unicode61 remove_diacritics 2")'
SCRUB = "INSERT INTO words(words) VALUES('optimize')"
"""Merges the whole index, which drops what is only marked as removed (FTS5 manual, 6.5)."""
LIMIT = 100
"""Most hits shown at once; the person is told when there were more."""
MOST = 10_000
"""Most hits asked for in one query."""


@dataclass(frozen=True)
class Hit:
    """Is a record that holds the words, with the place marked by ``«`` and ``»``."""

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
    if record.SEARCH:
        inspection = getattr(record, "inspection_id", record.id)
        put(connection, (record.KIND, record.id), inspection, record.words(), fresh=fresh)


def put(
    connection: Connection,
    record: tuple[str, str],
    inspection: str,
    words: str,
    *,
    fresh: bool = False,
) -> None:
    """Do as :func:`index` for a record of which only its kind, id and words are known."""
    if not fresh:
        forget(connection, *record)
    if words:
        put_many(connection, [(*record, inspection, words)])


def put_many(connection: Connection, entries: Iterable[tuple[str, str, str, str]]) -> None:
    """Do as :func:`put` for records of which nothing is in the index yet.

    ``entries`` are the kind, id, inspection and words of each.
    """
    run = driver(connection)
    by_inspection: dict[str, list[tuple[str, str, str, str]]] = {}
    for entry in entries:
        if entry[3]:
            by_inspection.setdefault(entry[2], []).append(entry)
    texts: list[tuple[int, str]] = []
    for inspection, several in by_inspection.items():
        first, beyond = places_of(connection, inspection)
        ((last,),) = run.execute(_LAST, (first, beyond)).fetchall()
        run.executemany(
            _ENTER, [(at, *of, len(words)) for at, (*of, words) in enumerate(several, last + 1)]
        )
        texts += [(at, body(words)) for at, (*_, words) in enumerate(several, last + 1)]
    # In growing places, as the index writes a segment of its own where they go back.
    run.executemany("INSERT INTO words(rowid, body) VALUES (?, ?)", sorted(texts))


_LAST = "SELECT coalesce(max(id), ?1) FROM searchable WHERE id > ?1 AND id < ?2"
_ENTER = "INSERT INTO searchable(id, record_kind, record, inspection, size) VALUES (?, ?, ?, ?, ?)"
ROOM = 1 << 32
"""Places in the index that each inspection has; more than anybody could write in one."""
_NEXT = "SELECT id, inspection FROM searchable WHERE id > ? ORDER BY id LIMIT 1"


def places_of(connection: Connection, inspection: str) -> tuple[int, int]:
    """Return the places of an inspection in the index: those after the first and before the last.

    So a search of one walks past no words of others, however many these are. One that has no
    texts yet is given places that are free.
    """
    run = driver(connection).execute
    known: dict[str, int] = connection.info.setdefault("places", {})
    first = known.get(inspection)
    if first is None or (run(_NEXT, (first,)).fetchone() or ("", ""))[1] != inspection:
        first = 0
        while (row := run(_NEXT, (first,)).fetchone()) is not None:
            first = row[0] // ROOM * ROOM
            if row[1] == inspection:
                break
            first += ROOM
        known[inspection] = first
    return first, first + ROOM


def body(words: str) -> str:
    """Return what the index holds of a text: itself, and as typed what its tokeniser does not fold.

    FTS5's unicode61 folds capitals and diacritics; a ligature, ß or a word with a soft hyphen in it
    would be found by nobody who types plain letters.
    """
    if words.isascii():
        return words
    plain = set(_WORD.findall("".join(map(without_mark, words))))
    also = sorted(set(_WORD.findall(folded(words).text)) - plain)
    return ALSO.join([words, " ".join(also)]) if also else words


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
    """Return what a person typed as an FTS5 query: every word, the last one as a beginning.

    Operators of the query language are taken as words, so nothing typed can be an error.
    """
    quoted = [f'"{one}"' for one in _typed(typed)]
    if quoted and _begun(typed):
        quoted[-1] += "*"
    return " ".join(quoted)


def _typed(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text).text)


def _begun(typed: str) -> bool:
    return not typed.endswith(" ")


# FTS5's own ranking looks up the length of each text by itself, which with memory security on takes
# five times as long; where every word must stand in a text, the shortest text is the best match.
_FIND = (
    "SELECT s.id, s.record_kind, s.record FROM words JOIN searchable s ON s.id = words.rowid "
    "WHERE words MATCH ?1{here} ORDER BY s.size, s.record LIMIT ? OFFSET ?"
)
_HERE = " AND s.inspection = ?2 AND words.rowid > ?3 AND words.rowid < ?4"
_BODIES = "SELECT rowid, body FROM words WHERE rowid IN "


def find(
    connection: Connection, typed: str, inspection: str | None = None, limit: int = LIMIT
) -> list[Hit]:
    """Return the records that hold all the words typed, the shortest text first."""
    return list(islice(matches(connection, typed, inspection), limit))


Only = Callable[[str, str], bool]
"""Says of a record, by its kind and id, whether it is wanted at all."""


def matches(
    connection: Connection,
    typed: str,
    inspection: str | None = None,
    only: Only = lambda kind, record: True,
    *,
    most: int = LIMIT,
    told: bool = True,
) -> Iterator[Hit]:
    """Yield what :func:`find` returns, one by one; no text is read of what is not wanted.

    Args:
        connection: to the vault.
        typed: by a person.
        inspection: of which records are found; of all where it is left out.
        only: says what is wanted.
        most: how many will be taken: the texts of so many are read at once.
        told: give the excerpts; without, no text is read at all.
    """
    if wanted := expression(typed):
        run, finder = driver(connection).execute, Finder(_typed(typed), begun=_begun(typed))
        query, values = _FIND.format(here=""), tuple[Any, ...]((wanted,))
        if inspection is not None:
            query = _FIND.format(here=_HERE)
            values = (wanted, inspection, *places_of(connection, inspection))
        yield from _hits(run, _wanted(run, query, values, only), finder, most, told)


_Row = tuple[int, str, str]
"""The place of a text in the index, and the kind and id of its record."""


def _wanted(run: Any, query: str, values: tuple[Any, ...], only: Only) -> Iterator[_Row]:
    """Yield the rows of a query that are wanted; each is asked about when it is taken."""
    set_cache_size(run, CACHE_KIB_FOR_SEARCH)
    first, most = 0, LIMIT
    # Keeping the best hundred costs a fifth of sorting five thousand. Whoever goes on, because what
    # was found may not be shown, takes ever more at once.
    while rows := run(query, (*values, most, first)).fetchall():
        yield from (row for row in rows if only(row[1], row[2]))
        if len(rows) < most:
            return
        first, most = first + most, min(most * 4, MOST)


def _hits(run: Any, rows: Iterator[_Row], finder: Finder, most: int, told: bool) -> Iterator[Hit]:
    """Yield the hits of rows, the texts of so many read at once."""
    if not told:
        yield from (Hit(kind, record, "") for _, kind, record in rows)
        return
    for several in batches(rows, min(most, BATCH)):
        marks = ",".join("?" * len(several))
        bodies = dict(run(f"{_BODIES}({marks})", [row[0] for row in several]))
        for row, kind, record in several:
            # In a damaged index a text may be gone; what was found is told all the same.
            yield Hit(kind, record, finder.excerpt((bodies.get(row) or "").partition(ALSO)[0]))


_LISTED = (
    "SELECT s.id, s.record_kind, s.record FROM searchable s WHERE s.inspection = ? "
    "AND s.id > ? AND s.id < ? ORDER BY s.id DESC LIMIT ? OFFSET ?"
)


def listed(
    connection: Connection,
    inspection: str,
    only: Only = lambda kind, record: True,
    *,
    most: int = LIMIT,
    told: bool = True,
) -> Iterator[Hit]:
    """Yield every record of an inspection that has words, the one written last first."""
    run, finder = driver(connection).execute, Finder((), begun=False)
    values = (inspection, *places_of(connection, inspection))
    yield from _hits(run, _wanted(run, _LISTED, values, only), finder, most, told)


def vocabulary(connection: Connection) -> list[str]:
    """Return every word of the index, folded: of all inspections, and of what may not be shown.

    Whoever offers one of them to a person looks first whether it finds what that person may see.
    """
    run = driver(connection).execute
    run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.known_words USING fts5vocab('main','words','row')")
    return [term for (term,) in run("SELECT term FROM temp.known_words")]
