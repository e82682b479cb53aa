"""Ingesting: bundles verified and applied one by one, each wholly or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from storage import files
from storage.bundle.applying import Applied, apply
from storage.bundle.errors import BundleError, TooMuchHeldError, UnforeseenBundleError
from storage.bundle.limits import LARGEST
from storage.bundle.reader import Checked, Progress, Trust, opened, verify
from storage.bundle.stands import held
from storage.bundle.writer import SUFFIX
from storage.central import ledger, limits
from storage.central.keeping import Keeping
from storage.clock import wall_ms, wall_text
from storage.errors import FieldkitError
from storage.files import owner_only
from storage.oneline import tidy_line
from storage.receipt import Rejected

Outcome = Literal["taken", "known", "held", "refused"]
QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Ingested:
    """What became of one file.

    Attributes:
        path: the file.
        outcome: taken; known, so that nothing changed; held, for it follows on ops that have not
            come yet; or refused.
        sender: the laptop that made it, or empty where that is not certain.
        ops: how many ops were new.
        records: how many records were brought up to date.
        waiting: for each feed with a gap, the first and last op missing.
        revoked: ops left out, by feed, because their laptop had been revoked.
        word: of a refusal, the reason in a word.
        reason: of a refusal, the sentence.
    """

    path: Path
    outcome: Outcome
    sender: str = ""
    ops: int = 0
    records: int = 0
    waiting: dict[str, tuple[int, int]] = field(default_factory=dict)
    revoked: dict[str, int] = field(default_factory=dict)
    word: str = ""
    reason: str = ""


@dataclass(frozen=True)
class IngestSummary:
    """What became of all the files."""

    files: tuple[Ingested, ...]

    def count(self, outcome: Outcome) -> int:
        """How many files had an outcome."""
        return sum(one.outcome == outcome for one in self.files)

    @property
    def ops(self) -> int:
        """How many ops were new."""
        return sum(one.ops for one in self.files)


def bundles(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and the bundles in the folders named, each folder's in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                one for one in path.rglob(f"*{SUFFIX}") if not one.name.startswith(".")
            )
        else:
            yield path


def ingest(
    store: Keeping,
    folder: Path,
    trust: Trust,
    paths: Sequence[Path],
    progress: Progress | None = None,
) -> IngestSummary:
    """Take in bundles; refused ones are copied to ``folder/quarantine``, encrypted as they came.

    Args:
        store: where to.
        folder: central's own.
        trust: the roster and central's keys.
        paths: files, and folders to look through.
        progress: told, for each file anew, how many ops are verified, of how many.
    """
    return IngestSummary(
        tuple(_one(store, folder, trust, path, progress) for path in bundles(paths))
    )


def _one(
    store: Keeping, folder: Path, trust: Trust, path: Path, progress: Progress | None
) -> Ingested:
    try:
        with foreseen(path):
            applied = store.write_now(_take, verify(path, trust, progress))
    except BundleError as error:
        sender = sender_of(path, trust)
        quarantine(store, folder, path, error, sender)
        return Ingested(path, "refused", sender, word=error.word, reason=str(error))
    return outcome_of(path, applied)


def outcome_of(path: Path, applied: Applied) -> Ingested:
    """What became of a file that was not refused."""
    outcome: Outcome = "taken" if applied.changed else "held" if applied.waiting else "known"
    return Ingested(
        path,
        outcome,
        applied.sender,
        sum(applied.new.values()),
        applied.records,
        applied.waiting,
        applied.revoked,
    )


@contextmanager
def foreseen(path: Path) -> Iterator[None]:
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
    if applied.waiting and held(session.connection()) > limits.MOST_HELD:
        raise too_much_held()
    ledger.accept(session, checked.sha256)
    return applied


def sender_of(path: Path, trust: Trust) -> str:
    """Whose bundle was refused, where its table of contents is soundly signed."""
    with suppress(Exception), opened(path, trust) as (walk, _):
        device = trust.roster.device(walk.manifest.sender)
        if device is not None and device.sign_pk == walk.public:
            return device.id
    return ""


def quarantine(store: Keeping, folder: Path, path: Path, error: BundleError, sender: str) -> None:
    """Keep a refused file as it came, and write down why; one that cannot be read is only told.

    Where the quarantine is full the refusal is written down all the same, and says so.
    """
    reason = str(error)
    try:
        if not path.is_file() or path.stat().st_size > 2 * LARGEST:
            return
        sha256 = files.sha256(path)
        place = folder / QUARANTINE
        place.mkdir(exist_ok=True, mode=0o700)
        kept = place / (sha256[:16] + SUFFIX)
        if path.resolve() != kept.resolve() and not kept.exists():
            if _size(place) + path.stat().st_size > limits.QUARANTINE_BYTES:
                reason += " " + FULL
            else:
                part = kept.with_suffix(f".{os.getpid()}.part")
                with path.open("rb") as source, open(part, "wb", opener=owner_only) as target:
                    shutil.copyfileobj(source, target)
                part.replace(kept)
    except OSError:
        return
    refused = Rejected(
        name=tidy_line(path.name), sha256=sha256, reason=tidy(reason), at=wall_text(wall_ms())
    )
    store.write_now(ledger.refuse, refused, sender, error.word)


FULL = (
    f"The quarantine holds {limits.QUARANTINE_BYTES // 2**30} GiB and no more, so this file was "
    "not copied there: keep it where it is, and empty the quarantine of what was dealt with."
)


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.iterdir())


def tidy(reason: str) -> str:
    """A sentence that may stand in a database and on a terminal, whatever file it names."""
    plain = reason.encode("utf-8", "replace").decode()
    return "".join(one for one in plain if one.isprintable())


def too_much_held() -> TooMuchHeldError:
    """The refusal where the limit on what waits is reached."""
    return TooMuchHeldError(
        f"Central keeps at most {limits.MOST_HELD:,} entries that wait for earlier ones, and this "
        "bundle would go over that. Nothing of it was used. Ask its laptop for a full bundle "
        "(«fieldkit export --full»), which fills the gap."
    )
