"""The store: SQLModel over one SQLCipher connection, one session at a time, every write an op."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from storage import canonical, journal, search
from storage.errors import FieldkitError
from storage.feed import Desk
from storage.replay import settle
from storage.session import OpSession
from storage.tables import SCHEMA, house, meta

T = TypeVar("T")


class NewerVaultError(FieldkitError):
    """The store was written by a later fieldkit."""


class Store:
    """Tables, sessions and transactions over an open, keyed connection.

    Used by one thread only: the clerk's.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.engine = _engine(connection)
        self.desk: Desk | None = None

    def make(self, facts: dict[str, bytes]) -> None:
        """Make the empty tables and write the vault's own facts, in one transaction."""
        with self.engine.begin() as connection:
            house.create_all(connection)
            SQLModel.metadata.create_all(connection)
            search.create(connection)
            connection.execute(
                meta.insert(), [{"key": key, "value": value} for key, value in facts.items()]
            )
            connection.execute(text(f"PRAGMA user_version = {SCHEMA}"))

    def check_version(self) -> None:
        """Refuse a store of a later fieldkit; raises :class:`NewerVaultError`."""
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found > SCHEMA:
            raise NewerVaultError(
                f"This vault was written by a later fieldkit (store version {found}; this one "
                f"reads up to {SCHEMA}). Nothing was changed. Install the later fieldkit."
            )

    def facts(self) -> dict[str, bytes]:
        """The vault's own facts."""
        with self.engine.connect() as connection:
            return {row.key: row.value for row in connection.execute(select(meta))}

    def set_fact(self, key: str, value: bytes) -> None:
        """Write one of the vault's own facts, durably."""
        with self.engine.begin() as connection:
            connection.execute(meta.delete().where(meta.c.key == key))
            connection.execute(meta.insert().values(key=key, value=value))

    def _session(self) -> Session:
        if self.desk is None:
            raise FieldkitError("The vault is not open for work yet. Unlock it first.")
        session = OpSession(self.engine, autoflush=False, expire_on_commit=False)
        session.info["desk"] = self.desk
        return session

    def write(self, job: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a job in a transaction: all of it and its ops are durable on return, or none."""
        with self._session() as session:
            result = job(session, *args, **kwargs)
            session.flush()
            for kind, record in session.info.pop("refold", []):
                settle(session.connection(), kind, record)
            session.commit()
            return result

    def read(self, job: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a job that changes nothing; what it changed by mistake is an error."""
        with self._session() as session:
            result = job(session, *args, **kwargs)
            if session.new or session.dirty or session.deleted:
                raise FieldkitError("A reading tried to change a record; nothing was changed.")
            return result

    def consulted(self) -> None:
        """Write down the records opened since the last commit, if any."""
        if self.desk is not None and self.desk.pending:
            with self._session() as session:
                journal.record_consultations(session)
                session.commit()

    def close(self) -> None:
        """Fold the write-ahead log into the database file and close the connection."""
        try:
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.engine.dispose()
            self.connection.close()


def _engine(connection: Any) -> Engine:
    # The dialect's own pysqlcipher keys from a URL and pools per thread; the connection is opened
    # and keyed by storage.cipher instead, and StaticPool holds just that one.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connection,
        poolclass=StaticPool,
        json_serializer=canonical.text,
        echo=False,
        # What a person typed must not stand in an error.
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(begun: Any) -> None:
        # The driver would begin only before some statements; SQLAlchemy documents this cure.
        begun.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
