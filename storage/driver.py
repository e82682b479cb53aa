"""The driver's own connection under SQLAlchemy's, for the few statements on the way of every key.

Building and compiling an expression costs more than SQLite takes to run it. These statements run
on the same connection and in the same transaction as everything else.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection


def driver(connection: Connection) -> Any:
    """The DBAPI connection; it must not be committed, rolled back or closed through this."""
    return connection.connection.dbapi_connection
