"""Keeps records over one SQLCipher connection, one session at a time, every write an op."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from storage.database.connection import driver
from storage.database.errors import translate_errors
from storage.database.facts import Fact
from storage.database.remembered import state
from storage.database.tables import SCHEMA, house, meta
from storage.errors import FieldkitError
from storage.feed import journal, search
from storage.feed.derived import SHAPE, make_indexes, outdated, present
from storage.feed.projection import project
from storage.feed.session import OpSession, Steps
from storage.feed.tallies import make_tallies
from storage.feed.writer import Author
from storage.ops import canonical_json
from storage.ops.clock import Clock
from storage.vault import epochs, leftovers
from storage.vault.clerk import closed

T = TypeVar("T")

SCRUB = Fact.flag("scrub")
"""That bytes were taken out of the store and the file is not yet written anew."""


class NewerVaultError(FieldkitError):
    """The store was written by a later fieldkit."""


class UnfinishedVaultError(FieldkitError):
    """The making of the vault was interrupted before anything could be kept in it."""


class Store:
    """Holds tables, sessions and transactions over an open, keyed connection.

    Used by one thread only: the clerk's.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.engine = _engine(connection)
        self._kept = self.engine.connect()
        self.author: Author | None = None
        self.epoch_change: epochs.EpochChange | None = None
        """That the next write begins an epoch, whose number the author has already."""

    def stand_in_for(self, other: Store) -> None:
        """Write on for a store whose connection was taken over.

        Nothing is shared with it that its thread may be changing still.
        """
        self.epoch_change = other.epoch_change
        if (author := other.author) is not None:
            clock = Clock(author.clock.last, author.clock.wall)
            self.author = replace(
                author,
                clock=clock,
                consulted=set(),
                pending=list(author.pending),
                undoable=[],
                redoable=[],
                when_kept=None,
            )

    def make(self, facts: dict[str, bytes]) -> None:
        """Make the empty tables and write the vault's own facts, in one transaction."""
        with translate_errors(), self.engine.begin() as connection:
            house.create_all(connection)
            SQLModel.metadata.create_all(connection)
            search.create(connection)
            make_indexes(connection)
            make_tallies(connection)
            rows = (facts | SHAPE.item(present())).items()
            connection.execute(meta.insert(), [{"key": key, "value": data} for key, data in rows])
            connection.execute(text(f"PRAGMA user_version = {SCHEMA}"))

    def check_version(self) -> None:
        """Refuse a store of a later fieldkit, or one that was never finished.

        Raises :class:`NewerVaultError` and :class:`UnfinishedVaultError`.
        """
        version = self._version()
        if version == 0:
            raise UnfinishedVaultError(
                "The making of this vault was interrupted, by a power cut perhaps, before anything "
                "was kept in it, so nothing is lost. Give its folder another name, or choose "
                "another folder, and make the vault again."
            )
        if version > SCHEMA:
            raise NewerVaultError(
                f"This vault was written by a later fieldkit (store version {version}; this one "
                f"reads up to {SCHEMA}). Nothing was changed. Install the later fieldkit."
            )

    def outdated(self) -> bool:
        """Say whether derived tables have to be made again (:mod:`storage.vault.migrate`)."""
        return outdated(self._version(), self.facts())

    def _version(self) -> int:
        with translate_errors(), self.engine.connect() as connection:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def facts(self) -> dict[str, bytes]:
        """Return the vault's own facts."""
        with translate_errors(), self.engine.connect() as connection:
            return dict(driver(connection).execute("SELECT key, value FROM meta"))

    def set_fact(self, fact: Fact[T], value: T) -> None:
        """Write one of the vault's own facts, durably."""
        with translate_errors(), self.engine.begin() as connection:
            fact.put(connection, value)

    def _session(self) -> OpSession:
        if self.author is None:
            raise FieldkitError("The vault is not open for work yet. Unlock it first.")
        return OpSession(self._kept, self.author)

    def write(self, job: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a job in a transaction: all of it and its ops are durable on return, or none."""
        with translate_errors(), self._session() as session:
            session.begin_writing()
            self._begin_epoch(session)
            result = job(session, *args, **kwargs)
            session.flush()
            for kind, record in session.info.pop("refold", []):
                project(session.connection(), kind, record)
            scrub = session.info.pop("scrub", False)
            if scrub:
                SCRUB.put(session.connection(), True)
            session.commit()
        self.epoch_change = None
        if scrub:
            # What was asked for is committed; where the disk is full, it is tried again at lock.
            with suppress(FieldkitError):
                self.scrub()
        return result

    def scrub(self) -> None:
        """Write the file anew without what was taken out of it; raises ``FieldkitError``.

        Deleted rows are overwritten as they go (``secure_delete``), but SQLite may have left a
        copy in the free part of a page it had split, and the write-ahead log has older pages. What
        an interrupted check had copied goes too.
        """
        if (path := getattr(self.connection, "path", None)) is not None:
            leftovers.sweep(path.parent)
        with translate_errors():
            self.connection.execute("VACUUM")
            with self.engine.begin() as connection:
                SCRUB.drop(connection)
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def read(self, job: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run a job that changes nothing; what it changed by mistake is an error."""
        with translate_errors(), self._session() as session:
            result = job(session, *args, **kwargs)
            _refuse_changes(session)
            return result

    def reading(
        self, steps: Callable[[Session], Steps[T]], locked: Callable[[], bool]
    ) -> Reading[T]:
        """Return a reading job that is done step by step, with other jobs between the steps."""
        return Reading(self._session, steps, locked)

    def write_last(self, job: Callable[..., object] | None) -> None:
        """Run a writing job, if there is one, and write down what was opened since the commit."""
        if job is not None:
            self.write(job)
        self.consulted()

    def consulted(self) -> None:
        """Write down the records opened since the last commit, if any."""
        if self.author is not None and self.author.pending:
            with translate_errors(), self._session() as session:
                session.begin_writing()
                self._begin_epoch(session)
                journal.record_consultations(session)
                session.commit()
            self.epoch_change = None

    def _begin_epoch(self, session: Session) -> None:
        if self.epoch_change is not None and self.author is not None:
            epochs.begin_epoch(session.connection(), self.author, self.epoch_change)

    def close(self) -> None:
        """Fold the write-ahead log into the database file and close the connection."""
        try:
            with suppress(FieldkitError):
                if SCRUB.of(self.facts()):
                    self.scrub()
            # Where the disk does not let it, the log stays and is merged at the next opening.
            with suppress(sqlcipher.Error):
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._kept.close()
            self.engine.dispose()
            self.connection.close()


class Reading(Generic[T]):
    """Reads in steps, as if at once: it begins anew where an op was written between two.

    So it does where tables were brought up to date with ops that had come before.

    Args:
        open_session: opens a session.
        steps: reads, and yields where others may be served; what it returns is what is read.
        locked: says that the vault is locked, and no step may begin.

    Attributes:
        result: what was read, once :meth:`go_on` says so.
    """

    ATTEMPTS: ClassVar[int] = 3
    """How often it begins, the last time without a pause: somebody may write on and on."""

    result: T

    def __init__(
        self,
        open_session: Callable[[], OpSession],
        steps: Callable[[Session], Steps[T]],
        locked: Callable[[], bool],
    ) -> None:
        self._open, self._steps_in, self._locked = open_session, steps, locked
        self._session: OpSession | None = None
        self._steps: Steps[T] | None = None
        self._begun_at: object = None
        self._begun = 0

    def go_on(self) -> bool:
        """Do the next step, on the clerk; say whether that was the last."""
        if self._locked():
            raise closed()
        with translate_errors():
            try:
                session, steps = self._begin_or_go_on()
                next(steps)
                while self._begun == self.ATTEMPTS:
                    next(steps)
                session.rest()
            except StopIteration as done:
                _refuse_changes(session)
                self.result = done.value
                self._stop()
                return True
            except BaseException:
                self._stop()
                raise
            return False

    def _begin_or_go_on(self) -> tuple[OpSession, Steps[T]]:
        if self._session is not None and self._steps is not None:
            if self._begun_at == state(self._session.connection()):
                return self._session, self._steps
            self._stop()
        self._begun += 1
        session = self._session = self._open()
        self._begun_at = state(session.connection())
        steps = self._steps = self._steps_in(session)
        return session, steps

    def _stop(self) -> None:
        if self._steps is not None:
            self._steps.close()
        if self._session is not None:
            self._session.close()
        self._session = self._steps = None


def _refuse_changes(session: Session) -> None:
    if session.new or session.dirty or session.deleted:
        raise FieldkitError("A reading tried to change a record; nothing was changed.")


def _engine(connection: Any) -> Engine:
    # The dialect's own pysqlcipher keys from a URL and pools per thread; the connection is opened
    # and keyed by storage.database.cipher instead, and StaticPool holds just that one.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connection,
        poolclass=StaticPool,
        json_serializer=canonical_json.text,
        echo=False,
        # What a person typed must not stand in an error.
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(begun: Any) -> None:
        # The driver would begin only before some statements; SQLAlchemy documents this cure. A
        # writing step has begun already.
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")

    return engine
