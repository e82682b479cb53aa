"""Ingesting: bundles verified and applied one by one, each wholly or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from storage import files
from storage.bundle import limits
from storage.bundle.applied import Applied
from storage.bundle.apply import apply
from storage.bundle.errors import (
    AlarmError,
    BundleError,
    NotForUsError,
    TooMuchHeldError,
    UnforeseenBundleError,
)
from storage.bundle.limits import MAX_BUNDLE_BYTES
from storage.bundle.verify import Checked, Trust, verify
from storage.bundle.write import SUFFIX
from storage.central.intake import ledger
from storage.central.intake.quarantine import quarantine, sender_of
from storage.central.store import OpStore
from storage.database.transit import sender_seen
from storage.errors import FieldkitError
from storage.feed.positions import held
from storage.ops.op import FeedId
from storage.ops.text import tidy_line
from storage.progress import Progress, silent
from storage.vault.folder import closed_folders

Outcome = Literal["taken", "known", "held", "other", "refused"]


@dataclass(frozen=True)
class Ingested:
    """What became of one file.

    Attributes:
        path: the file.
        outcome: taken; known, so that nothing changed; held, for it follows on ops that have not
            come yet; other, for it is made for somebody else; or refused.
        sender: the laptop that made it, or empty where that is not certain.
        ops: how many ops were new.
        records: how many records were brought up to date.
        waiting: for each feed with a gap, the first and last op missing.
        revoked: ops left out, by feed, because their laptop had been revoked.
        word: of what was not taken, or not all of it, the reason in a word.
        reason: of that, the sentence.
    """

    path: Path
    outcome: Outcome
    sender: str = ""
    ops: int = 0
    records: int = 0
    waiting: dict[FeedId, tuple[int, int]] = field(default_factory=dict)
    revoked: dict[FeedId, int] = field(default_factory=dict)
    word: str = ""
    reason: str = ""


@dataclass(frozen=True)
class IngestSummary:
    """What became of all the files."""

    files: tuple[Ingested, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many files had an outcome."""
        return sum(one.outcome == outcome for one in self.files)

    @property
    def ops(self) -> int:
        """Return how many ops were new."""
        return sum(one.ops for one in self.files)


def bundles(paths: Iterable[Path]) -> Iterator[Path]:
    """Return the files named, and the bundles in the folders named, each folder's in order.

    A link is followed where it was named, and never where it lies in a folder: whoever may write
    there could have us tell of, or copy, another file.
    """
    for path in paths:
        if path.is_dir():
            # Each is then said not to be readable, as a file would be.
            yield from closed_folders(path)
            yield from sorted(
                one
                for one in path.rglob(f"*{SUFFIX}")
                if not one.name.startswith(".") and files.is_plain(one)
            )
        else:
            yield Path(os.path.realpath(path)) if path.is_symlink() else path


def ingest(
    store: OpStore,
    folder: Path,
    trust: Trust,
    paths: Sequence[Path],
    progress: Progress = silent,
) -> IngestSummary:
    """Take in bundles; refused ones are copied into quarantine.

    Args:
        store: where to.
        folder: central's own.
        trust: the roster and central's keys.
        paths: files, and folders to look through.
        progress: hears, for each file anew, how many ops are verified, of how many.
    """
    return IngestSummary(
        tuple(_one(store, folder, trust, path, progress) for path in bundles(paths))
    )


def _one(store: OpStore, folder: Path, trust: Trust, path: Path, progress: Progress) -> Ingested:
    sha256 = digest_of(path)
    sender = store.read_now(_maker, sha256) if sha256 else None
    if sender is not None:
        return Ingested(path, "known", sender)
    try:
        with all_foreseen(path):
            applied = store.write_now(_take, verify(path, trust, progress))
    except BundleError as error:
        return refused_file(store, folder, path, error, trust)
    return taken_file(store, folder, path, applied)


def _maker(session: Session, sha256: str) -> str | None:
    """Return the maker of a bundle that has nothing to say any more."""
    return sender_seen(session.connection(), sha256)


def digest_of(path: Path) -> str:
    """Return the digest of a file, or empty where it cannot be read or is no bundle by its size."""
    try:
        with files.open_plain(path) as file:
            return (
                "" if os.fstat(file.fileno()).st_size > 2 * MAX_BUNDLE_BYTES else files.digest(file)
            )
    except OSError:
        return ""


def refused_file(
    store: OpStore, folder: Path, path: Path, error: BundleError, trust: Trust
) -> Ingested:
    """Return what becomes of a file that was not taken in: kept aside, unless somebody else's.

    A stick that a team exchanges by holds bundles for colleagues as well as for central.
    """
    if isinstance(error, NotForUsError):
        return Ingested(path, "other", word=error.word, reason=str(error))
    sender = sender_of(path, trust)
    quarantine(store, folder, path, error, sender)
    return Ingested(path, "refused", sender, word=error.word, reason=str(error))


def taken_file(store: OpStore, folder: Path, path: Path, applied: Applied) -> Ingested:
    """Return what became of a file that was not refused; with an alarm it is kept as well."""
    outcome: Outcome = "taken" if applied.changed else "held" if applied.waiting else "known"
    alarm = AlarmError(" ".join(applied.alarms)) if applied.alarms else None
    if alarm is not None and not store.read_now(ledger.was_refused_for, str(alarm)):
        quarantine(store, folder, path, alarm, applied.sender)
    return Ingested(
        path,
        outcome,
        applied.sender,
        sum(applied.new.values()),
        applied.records,
        applied.waiting,
        applied.revoked,
        word=AlarmError.word if alarm else "",
        reason=str(alarm or ""),
    )


@contextmanager
def all_foreseen(path: Path) -> Iterator[None]:
    """Turn whatever is wrong with a file into a ``BundleError``: one must not keep others out.

    What the store itself has to say against going on is no fault of the file and is raised as it
    is.
    """
    try:
        yield
    except FieldkitError:
        raise
    except Exception as error:
        raise UnforeseenBundleError(
            f"{tidy_line(path.name)} could not be taken in, because of an error that fieldkit does "
            f"not foresee ({type(error).__name__}). Nothing of it was used. Keep the file, and "
            "tell whoever looks after fieldkit."
        ) from error


def _take(session: Session, checked: Checked) -> Applied:
    applied = apply(session, checked)
    if applied.waiting and held(session.connection()) > limits.MAX_HELD_OPS:
        raise too_much_held()
    ledger.forget_refusal(session, checked.sha256)
    return applied


def too_much_held() -> TooMuchHeldError:
    """Return the refusal where the limit on what waits is reached."""
    return TooMuchHeldError(
        f"Central keeps at most {limits.MAX_HELD_OPS:,} entries that wait for earlier ones, and "
        "this bundle would go over that. Nothing of it was used. Ask its laptop for a full bundle "
        "(“fieldkit export --full”), which fills the gap."
    )
