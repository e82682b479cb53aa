"""The workers on PostgreSQL: bundles taken in by one process, or by several at once.

Each worker has a connection of its own and central's keys in its memory, given through a pipe and
written nowhere. A file is claimed by a lock on its digest, so that two processes at one folder do
not verify the same bundle twice.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.bundle.applied import Applied
from storage.bundle.errors import BundleError, UnforeseenBundleError
from storage.bundle.verify import Trust
from storage.central.intake.ingest import (
    Ingested,
    IngestSummary,
    all_foreseen,
    bundles,
    digest_of,
    refused_file,
    taken_file,
)
from storage.central.postgres.apply import apply, lock_key, prepare
from storage.central.postgres.database import Database
from storage.central.postgres.segment import AloneError
from storage.crypto import age
from storage.crypto.signing import Signed
from storage.database.transit import sender_seen
from storage.errors import FieldkitError
from storage.ops.op import FeedId
from storage.ops.text import tidy_line
from storage.progress import Progress, silent
from storage.trust.roster_document import read_roster

MAX_WORKERS = 64
_CLAIM = b"file"


class WorkerLostError(FieldkitError):
    """A worker was ended from outside."""


@dataclass(frozen=True)
class WorkerInput:
    """What a worker is given: where the records are, and central's keys, for its memory only.

    Attributes:
        url: of the database.
        folder: for the quarantine.
        roster: as the root key signed it.
        identities: the secret texts of central's age keys.
        ended: where feeds of laptops end whose revocation is not signed yet.
    """

    url: str
    folder: Path
    roster: Signed
    identities: tuple[str, ...]
    ended: dict[str, dict[FeedId, int]]

    def trust(self) -> Trust:
        """Return what bundles are judged by."""
        identities = tuple(age.parse_identity(one) for one in self.identities)
        own = tuple(one.recipient().encode() for one in identities)
        return Trust(read_roster(self.roster).with_ended(self.ended), own, identities)

    def __repr__(self) -> str:
        return "WorkerInput()"


class Workers:
    """Takes bundles into the database; needs nothing of central's folder but its quarantine."""

    def __init__(self, material: WorkerInput) -> None:
        self._material = material
        self._database = Database(material.url)
        self._trust = material.trust()

    def ingest(
        self, paths: Sequence[Path], progress: Progress = silent, workers: int = 1
    ) -> IngestSummary:
        """Take in bundles, files or folders of them; the same again changes nothing.

        Args:
            paths: files, and folders to look through.
            progress: hears how many ops of a file are verified, of how many; with several workers,
                how many files are done.
            workers: how many processes work at once.

        Raises:
            DatabaseError: the database failed; what was taken in before stays.
            WorkerLostError: a worker was killed; what was taken in before stays.
        """
        files = list(bundles(paths))
        if workers > 1 and len(files) > 1:
            return IngestSummary(tuple(self._shared_out(files, progress, workers)))
        return IngestSummary(tuple(self._in_turn(files, progress)))

    def _in_turn(self, files: list[Path], progress: Progress) -> Iterator[Ingested]:
        """Take in one file after the other; what another process is at comes last."""
        with self._database.translate_errors(), self._database.engine.connect() as connection:
            prepare(connection)
            done: dict[int, Ingested] = {}
            for wait in (False, True):
                for number, path in enumerate(files):
                    if number not in done:
                        ingested = self._one(connection, path, progress, wait=wait)
                        if ingested is not None:
                            done[number] = ingested
            yield from (done[number] for number in range(len(files)))

    def _shared_out(self, files: list[Path], progress: Progress, workers: int) -> list[Ingested]:
        done: dict[int, Ingested] = {}
        try:
            with ProcessPoolExecutor(
                min(workers, len(files), MAX_WORKERS),
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(self._material,),
            ) as pool:
                for wait in (False, True):
                    futures: dict[Future[Ingested | None], int] = {
                        pool.submit(_take, path, wait): number
                        for number, path in enumerate(files)
                        if number not in done
                    }
                    try:
                        for each in as_completed(futures):
                            ingested = each.result()
                            if ingested is not None:
                                done[futures[each]] = ingested
                                progress("files", len(done), len(files))
                    except BaseException:
                        pool.shutdown(wait=False, cancel_futures=True)
                        raise
        except BrokenProcessPool:
            raise WorkerLostError(
                f"A worker was ended from outside, by the system perhaps, when {len(done)} of "
                f"{len(files)} bundles were done. Those are kept, and of the others each was taken "
                "in whole or not at all. Run it again, with fewer workers if memory was short."
            ) from None
        return [done[number] for number in range(len(files))]

    def _one(
        self, connection: Connection, path: Path, progress: Progress, *, wait: bool
    ) -> Ingested | None:
        """Take a file in; returns nothing where another process is at it, unless we wait."""
        with _claimed(connection, path, wait=wait) as claim:
            if not claim.ours:
                return None
            if claim.digest:
                sender = sender_seen(connection, claim.digest)
                connection.commit()
                if sender is not None:
                    return Ingested(path, "known", sender)
            try:
                with all_foreseen(path):
                    applied = self._applied(connection, path, progress)
            except BundleError as error:
                connection.rollback()
                return refused_file(self._database, self._material.folder, path, error, self._trust)
            except BaseException:
                connection.rollback()
                raise
        return taken_file(self._database, self._material.folder, path, applied)

    def _applied(self, connection: Connection, path: Path, progress: Progress) -> Applied:
        with self._database.translate_errors(), _blamed(path):
            try:
                applied = apply(connection, path, self._trust, progress)
            except AloneError:
                connection.rollback()
                applied = apply(connection, path, self._trust, progress, alone=True)
            connection.commit()
        return applied


@contextmanager
def _blamed(path: Path) -> Iterator[None]:
    """Turn what the database says against a file's own content into a refusal of that file.

    Such a file would fail again each time, and keep all others out. A lost connection, a full disk
    and the like are no fault of the file and are raised as they are.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(said, _OF_CONTENT) and not _over_a_limit(said):
            raise
        raise UnforeseenBundleError(
            f"{tidy_line(path.name)} could not be taken in, because the database does not take "
            f"what is in it ({type(said).__name__}). Nothing of it was used. Keep the file, and "
            "tell whoever looks after fieldkit."
        ) from error


_OF_CONTENT = (psycopg.DataError, psycopg.IntegrityError)


def _over_a_limit(error: BaseException | None) -> bool:
    """Say whether it is of PostgreSQL's class 54: a row, index or statement would be too large."""
    return (getattr(error, "sqlstate", None) or "").startswith("54")


@dataclass(frozen=True)
class _Claim:
    ours: bool
    digest: str


@contextmanager
def _claimed(connection: Connection, path: Path, *, wait: bool) -> Iterator[_Claim]:
    """Hold a lock on the content of a file by this connection until the end.

    What cannot be read is claimed by nobody; its verification says why.
    """
    digest = digest_of(path)
    if not digest:
        yield _Claim(True, "")
        return
    key = {"key": lock_key(_CLAIM + bytes.fromhex(digest)) - 2**62}
    if wait:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
        ours = True
    else:
        ours = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar())
    connection.commit()
    try:
        yield _Claim(ours, digest)
    finally:
        if ours and not connection.closed and not connection.invalidated:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
            connection.commit()


# --- in a worker

_working: list[tuple[Workers, Any]] = []


def _begin(material: WorkerInput) -> None:
    """Make this process a worker; it ends when its parent does, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    workers = Workers(material)
    with workers._database.translate_errors():
        connection = workers._database.engine.connect()
        prepare(connection)
    _working.append((workers, connection))


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _take(path: Path, wait: bool) -> Ingested | None:
    workers, connection = _working[0]
    return workers._one(connection, path, silent, wait=wait)
