"""Refused bundles, kept as they came: encrypted, in central's own folder, with the reason."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from storage import files
from storage.bundle.errors import BundleError
from storage.bundle.limits import MAX_BUNDLE_BYTES
from storage.bundle.verify import Trust, opened
from storage.bundle.write import SUFFIX
from storage.central.intake import ledger
from storage.central.store import OpStore
from storage.ops.clock import wall_ms, wall_text
from storage.ops.text import tidy_line
from storage.trust.receipt import Rejected

QUARANTINE_BYTES = 2 * 1024**3
"""Bytes of refused files kept; twice the largest bundle would be half a gigabyte."""


QUARANTINE = "quarantine"
FULL = (
    f"The quarantine holds {QUARANTINE_BYTES // 2**30} GiB and no more, so this file was "
    "not copied there: keep it where it is, and empty the quarantine of what was dealt with."
)


def sender_of(path: Path, trust: Trust) -> str:
    """Return whose bundle was refused, where its table of contents is soundly signed."""
    with suppress(Exception), opened(path, trust) as (walk, _):
        device = trust.roster.device(walk.manifest.sender)
        if device is not None and device.sign_pk == walk.public:
            return device.id
    return ""


def quarantine(store: OpStore, folder: Path, path: Path, error: BundleError, sender: str) -> None:
    """Keep a refused file in ``folder/quarantine``, and write down why.

    One that cannot be read is only told. Where the quarantine is full the refusal is written down
    all the same, and says so.
    """
    reason = str(error)
    try:
        with files.open_plain(path) as source:
            size = os.fstat(source.fileno()).st_size
            if size > 2 * MAX_BUNDLE_BYTES:
                return
            sha256 = files.digest(source)
            place = folder / QUARANTINE
            place.mkdir(exist_ok=True, mode=0o700)
            copy = place / (sha256[:16] + SUFFIX)
            if path.resolve() != copy.resolve() and not copy.exists():
                if _size(place) + size > QUARANTINE_BYTES:
                    reason += " " + FULL
                else:
                    source.seek(0)
                    files.replace(copy, source)
    except OSError:
        return
    refused = Rejected(
        name=tidy_line(path.name), sha256=sha256, reason=tidy(reason), at=wall_text(wall_ms())
    )
    store.write_now(ledger.record_refusal, refused, sender, error.word)


def _size(folder: Path) -> int:
    size = 0
    for file in folder.iterdir():
        # Another worker's unfinished copy may have got its name meanwhile.
        with suppress(OSError):
            size += file.stat().st_size
    return size


def tidy(reason: str) -> str:
    """Return a sentence that may stand in a database and on a terminal, whatever file it names."""
    plain = reason.encode("utf-8", "replace").decode()
    return "".join(one for one in plain if one.isprintable())
