"""The driver's own connection under SQLAlchemy's, for the few statements on the way of every key.

Building and compiling an expression costs more than SQLite takes to run it. These statements run
on the same connection and in the same transaction as everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

ROOMY_KIB = 32_000
"""Page cache of a step over thousands of records, which would decrypt the same pages anew."""


def driver(connection: Connection) -> Any:
    """The DBAPI connection; it must not be committed, rolled back or closed through this."""
    return connection.connection.dbapi_connection


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Hold more pages within, and as many as before at the end."""
    run = driver(connection).execute
    (before,) = run("PRAGMA cache_size").fetchone()
    run(f"PRAGMA cache_size = -{ROOMY_KIB}")
    try:
        yield
    finally:
        run(f"PRAGMA cache_size = {int(before)}")
