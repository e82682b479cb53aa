"""Does a long job in slices that give way to keys, all of it or nothing, whenever it is cut short.

The *stage* is a table of the encrypted store that holds what is still to be done of one long job.
It fills slice by slice, each in a short transaction of its own; nothing of it counts or is shown
meanwhile, and whatever goes wrong drops it. Then one commit makes the job certain: the stage is
*ready*. From there on each slice is applied in a transaction that also takes it off the stage, and
between two of them the clerk does what was asked of it. A lock, a crash or a full disk leaves the
rest on the stage, and the next unlocking does it before anybody sees a page. A job of one slice
goes without a stage, unless steps of its own come after the slices (:meth:`StagedJob.settle`).

**A new kind of job** is a subclass of :class:`StagedJob`, named in the list of
:mod:`fieldkit.inspections.unfinished`, which whoever unlocks asks to go on with what was cut short.
It is done on a thread that is not the clerk's::

    with undisturbed(vault):                      # no export or other long job begins meanwhile
        job = vault.read_now(prepare)             # every refusal is known here or while filling
        return do(vault, job, slices_of(job))     # an iterator of bytes, about 100 ms of work each

What has to be refused is refused by the iterator: what it raises drops the stage, and nothing was
changed. :meth:`StagedJob.apply` finds the vault as the slices before and whoever typed between them
left it, refuses nothing, and leaves it valid, or so that the steps after the slices make it so.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import Any, ClassVar, Generic, Self, TypeVar

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table
from sqlmodel import Session

from storage.database.connection import driver, make_missing, write_log, write_much
from storage.database.errors import BrokenOffError, DiskError
from storage.errors import FieldkitError
from storage.progress import Progress, silent
from storage.vault.clerk import ClosedError
from storage.vault.store import SCRUB
from storage.vault.vault import STAGED, Vault

T = TypeVar("T")

FILLING, READY = "filling", "ready"
"""The states of a stage: nothing of it counts, or all of it is certain."""

_house = MetaData()
stage = Table(
    "stage",
    _house,
    Column("position", Integer, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)
"""What is still to be done, slice by slice from position 1; made where it is first needed."""
_KEPT, _ABOUT = -1, 0
"""The positions of what a job keeps from slice to slice, and of what it is about."""

_PUT = "INSERT OR REPLACE INTO stage(position, payload) VALUES (?, ?)"
_GET = "SELECT payload FROM stage WHERE position = ?"
_NEXT = "SELECT position, payload FROM stage WHERE position > 0 ORDER BY position LIMIT 1"
_LEFT = "SELECT count(*) FROM stage WHERE position > 0"
_TAKE = "DELETE FROM stage WHERE position = ?"
_EMPTY = "DELETE FROM stage"


class UnfinishedError(FieldkitError):
    """A long job is certain and was cut short: it has to be finished before anything like it."""

    code = "unfinished"


class StagedJob(ABC, Generic[T]):
    """Is a long job of one kind, done in slices; ``T`` is what it returns.

    Attributes:
        NAME: the kind, as it stands in the vault while a job of it is staged; for ever.
        SETTLES: steps of its own come after the slices, so that even one slice is staged.
        words: what is taken in, as the subject of a sentence: "the bundle 7c2e.fkb".
        kept: what the job keeps from slice to slice, as JSON; written with each of them. What a
            job keeps elsewhere in itself is lost where it is cut short.
    """

    NAME: ClassVar[str]
    SETTLES: ClassVar[bool] = False

    def __init__(self, words: str) -> None:
        self.words = words
        self.kept: dict[str, Any] = {}

    @abstractmethod
    def about(self) -> dict[str, Any]:
        """Return what :meth:`restored` makes the job of again, as JSON; asked before ``begin``."""

    @classmethod
    @abstractmethod
    def restored(cls, words: str, about: dict[str, Any]) -> Self:
        """Return the job again that was cut short; ``kept`` is set afterwards."""

    def begin(self, session: Session) -> None:
        """Do what comes before the first slice, in the transaction that makes the job certain."""

    @abstractmethod
    def apply(self, session: Session, payload: bytes) -> None:
        """Apply one slice in a writing session, in about 100 ms; what it raises undoes the slice.

        A slice is applied once, in its order. Keys may have been written since the one before.
        """

    def unsettled(self, session: Session) -> int:
        """Return how many steps come after the slices, as it seems after each slice and step."""
        return 0

    def settle(self, session: Session) -> None:
        """Do the next of them, as a slice is applied; of a job that :attr:`SETTLES`."""

    @abstractmethod
    def finish(self, session: Session) -> T:
        """Do what comes after the last slice, in its transaction; return what the job returns."""

    @classmethod
    def give_up(cls, session: Session) -> None:
        """Make the vault valid as it is, where an error cuts a job short for good."""

    def after(self, vault: Vault, result: T) -> list[str]:
        """Do what has transactions of its own once a job that was cut short is finished.

        Not on the clerk's thread. Returns what a person has to know of the result, in sentences.
        """
        return []


@contextmanager
def undisturbed(vault: Vault) -> Iterator[None]:
    """Let no other long job begin until this one is done; wait for one that is on its way.

    Not to be entered on the clerk's own thread. Raises :class:`UnfinishedError` where a job is
    staged that was cut short since the vault was unlocked, for whatever reason.
    """
    with vault.alone:
        if (staged := vault.fact_now(STAGED)) is not None and staged["state"] == READY:
            raise _unfinished(staged["words"])
        yield


def refuse_while_staged(session: Session) -> None:
    """Raise :class:`UnfinishedError` where a job is staged, for a step that cannot be beside it."""
    if (staged := STAGED.within(session.connection())) is not None:
        raise UnfinishedError(
            f"{_begun(staged['words'])} is being taken in. Nothing was changed. Wait until that is "
            "done, and do this again; if nothing is going on, lock the vault (ctrl+l) and unlock "
            "it first."
        )


def do(vault: Vault, job: StagedJob[T], slices: Iterable[bytes], progress: Progress = silent) -> T:
    """Do a job whose slices are given, within :func:`undisturbed`; not on the clerk's own thread.

    Raises what ``slices`` raises, nothing being changed then, and :class:`UnfinishedError` where
    the job became certain and could not be finished.
    """
    coming = iter(slices)
    several = list(islice(coming, 2))
    if len(several) < (1 if job.SETTLES else 2):
        return vault.write_now(_at_once, job, several)
    vault.staged = FILLING
    try:
        vault.write_now(_fill, job)
        for position, payload in enumerate(chain(several, coming), 1):
            vault.write_now(_put, position, payload)
        vault.write_now(_make_certain, job)
    except BaseException:
        vault.staged = ""
        # Locked, or the disk is full: then it is dropped at the next unlocking or by the next job.
        with suppress(FieldkitError):
            vault.write_now(_drop)
        raise
    try:
        return _roll_on(vault, job, progress)
    except Exception as error:
        if isinstance(error, ClosedError | BrokenOffError):
            raise _unfinished(job.words, locked=True) from error
        raise _unfinished(job.words, str(error) if isinstance(error, DiskError) else "") from error


def resume(
    vault: Vault, jobs: Callable[[], Iterable[type[StagedJob[Any]]]], progress: Progress = silent
) -> list[str]:
    """Drop what was being staged when the vault was last locked, or do what was certain.

    Not to be called on the clerk's own thread.

    Args:
        vault: unlocked.
        jobs: gives every kind of job; only asked where one is to be finished.
        progress: hears how many slices are done.

    Returns:
        What became of it, in sentences; nothing where no job was cut short.
    """
    staged = vault.fact_now(STAGED)
    if staged is None:
        return []
    words = str(staged["words"])
    with vault.alone:
        if staged["state"] != READY:
            vault.write_now(_drop)
            vault.staged = ""
            return [
                f"{_begun(words)} was not whole in the vault when it was cut short, so nothing of "
                "it counts and nothing else was changed. Take it in again."
            ]
        kinds = {kind.NAME: kind for kind in jobs()}
        if staged["job"] not in kinds:
            return [
                f"{_begun(words)} was being taken in by a later fieldkit and is not finished. "
                "Nothing is lost. Open the vault with that fieldkit; until then nothing can be "
                "exported."
            ]
        return _finish_later(vault, kinds[staged["job"]], words, progress)


def _finish_later(
    vault: Vault, kind: type[StagedJob[T]], words: str, progress: Progress
) -> list[str]:
    try:
        job = kind.restored(words, vault.read_now(_get, _ABOUT))
        job.kept = vault.read_now(_get, _KEPT)
        result = _roll_on(vault, job, progress)
    except (DiskError, ClosedError, BrokenOffError) as error:
        return [f"{_unfinished(words)} {error}"]
    except Exception as error:
        # What was applied is as valid as if less had come; a vault that can never export is not.
        with suppress(Exception):
            vault.write_now(kind.give_up)
        vault.write_now(_drop)
        vault.staged = ""
        return [
            f"{_begun(words)} was taken in in part only, because of an error that fieldkit does "
            f"not foresee ({type(error).__name__}). What came in stands. Take it in again, and "
            "tell whoever looks after fieldkit."
        ]
    return [
        f"{_begun(words)}, cut short before, is taken in wholly now.",
        *job.after(vault, result),
    ]


def _roll_on(vault: Vault, job: StagedJob[T], progress: Progress) -> T:
    """Apply what is staged, slice by slice, giving way between two."""
    vault.staged = READY
    done, left = 0, vault.read_now(_left)
    result: T
    while True:
        progress(job.words, done, done + left)
        left, result = vault.write_now(_apply_next, job)
        done += 1
        if not left:
            break
    vault.staged = ""
    with suppress(FieldkitError):  # locked meanwhile, or the disk is full: the log stays
        vault.upkeep_now(lambda store: write_log(store.connection.execute))
    progress(job.words, done, done)
    return result


def _at_once(session: Session, job: StagedJob[T], slices: list[bytes]) -> T:
    job.begin(session)
    for payload in slices:
        job.apply(session, payload)
    return job.finish(session)


def _fill(session: Session, job: StagedJob[T]) -> None:
    """Begin a stage, in place of one that could not be dropped."""
    connection = session.connection()
    make_missing(connection, _house)
    driver(connection).execute(_EMPTY)
    STAGED.put(connection, {"job": job.NAME, "words": job.words, "state": FILLING})
    _keep(session, _ABOUT, job.about())


def _put(session: Session, position: int, payload: bytes) -> None:
    driver(session.connection()).execute(_PUT, (position, payload))


def _make_certain(session: Session, job: StagedJob[T]) -> None:
    job.begin(session)
    _keep(session, _KEPT, job.kept)
    STAGED.put(session.connection(), {"job": job.NAME, "words": job.words, "state": READY})


def _apply_next(session: Session, job: StagedJob[T]) -> tuple[int, Any]:
    """Do the next slice or step, and finish after the last; return how many are left, and that."""
    connection = session.connection()
    run = driver(connection).execute
    write_much(run)
    if (following := run(_NEXT).fetchone()) is not None:
        job.apply(session, following[1])
        run(_TAKE, following[:1])
    else:
        job.settle(session)
    left = _left(session) + job.unsettled(session)
    if left:
        _keep(session, _KEPT, job.kept)
        if session.info.pop("scrub", False):
            # Once, at the end: what was taken out may still lie in the slices that are left.
            SCRUB.put(connection, True)
        return left, None
    result = job.finish(session)
    if SCRUB.within(connection):
        session.info["scrub"] = True
    _drop(session)
    return 0, result


def _drop(session: Session) -> None:
    connection = session.connection()
    make_missing(connection, _house)
    driver(connection).execute(_EMPTY)
    STAGED.drop(connection)


def _left(session: Session) -> int:
    (left,) = driver(session.connection()).execute(_LEFT).fetchone()
    return int(left)


def _keep(session: Session, position: int, value: dict[str, Any]) -> None:
    _put(session, position, json.dumps(value).encode())


def _get(session: Session, position: int) -> Any:
    (payload,) = driver(session.connection()).execute(_GET, (position,)).fetchone()
    return json.loads(payload)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _unfinished(words: str, why: str = "", *, locked: bool = False) -> UnfinishedError:
    reason = "the vault was locked" if locked else "it was cut short"
    next_step = "Unlock the vault" if locked else "Lock the vault (ctrl+l) and unlock it"
    return UnfinishedError(
        f"{_begun(words)} is not taken in wholly yet, because {reason}. It is kept in the vault "
        f"and nothing is lost. {why and why + ' '}{next_step}: it is finished then, before "
        "anything else is done."
    )
