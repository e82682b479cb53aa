"""Searching 20,000 notes: words to the first screen of hits with their labels."""

from __future__ import annotations

import sqlite3

from benchmarks.copies import raw
from benchmarks.row import Bench, Measured, NotMeasuredError, Row, alternate
from fieldkit.history.search import SCREEN, search
from storage.feed.search import CREATE, expression

TYPED = ("alder7", "strategy disc", "supervisor reviewed plan", "birch12 ", "siblings")
"""What is searched for: rare words and common ones, whole and begun."""
QUERY = (
    "SELECT rowid, snippet(words, 0, '«', '»', '…', 24) FROM words "
    "WHERE words MATCH ? ORDER BY rank LIMIT ?"
)


def measure(bench: Bench) -> Measured:
    """Search the vault, and an unencrypted database with the same index."""
    made = bench.made
    place = bench.place("search")
    plain = sqlite3.connect(place / "plain.db")
    try:
        plain.execute(CREATE)
    except sqlite3.OperationalError:
        raise NotMeasuredError("this Python's sqlite3 has no FTS5") from None
    encrypted = raw(made, place / "raw")
    plain.executemany(
        "INSERT INTO words(rowid, body) VALUES (?, ?)",
        encrypted.execute("SELECT rowid, body FROM words"),
    )
    plain.commit()
    encrypted.close()

    def same() -> None:
        for typed in TYPED:
            plain.execute(QUERY, (expression(typed), SCREEN)).fetchall()

    with made.open() as vault:

        def ours() -> None:
            for typed in TYPED:
                vault.read_now(search, made.inspection, typed, SCREEN)

        measured = alternate(bench.turns(15), ours, same)
    plain.close()
    return measured


ROW = Row(
    "search",
    "search of 20,000 notes, first screen",
    "the same FTS5 query in plain sqlite3",
    1.6,
    measure,
)
