"""What a process does with what the one before it passed on when it locked."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from fieldkit.vault.after_lock import AfterLock
from screens.kit.shell import Shell
from screens.kit.unsaved import Texts
from screens.vault.lock import UNSAVED, what_was_cut_short

if TYPE_CHECKING:
    from storage.vault.vault import Vault

OPENING = (
    "The vault was being opened, made or restored when it was locked, and that was broken off. "
    "Nothing is lost; begin again."
)
KEPT = "What was being typed is kept."
LOST = (
    "What you typed last could not be saved when the vault was locked: the disk did not take it, "
    "and it was too much to be kept in memory. Everything committed is there."
)


def notices(after: AfterLock) -> list[str]:
    """Return what the unlock page says of the lock before it."""
    cut_short = what_was_cut_short(after.staged, broken_off=after.broken_off)
    sentences = [
        (after.opening, OPENING),
        (bool(cut_short), cut_short),
        (after.lost, LOST),
        (bool(after.sealed), UNSAVED),
    ]
    said = [sentence for holds, sentence in sentences if holds]
    locked = [f"{after.locked} {KEPT}" if not said else after.locked] if after.locked else []
    return [*locked, *said]


def take_back(app: Shell, vault: Vault, sealed: bytes) -> None:
    """Hold the texts again that could not be written at the lock; they are saved next."""
    text = vault.unseal_text(sealed) if sealed else None
    if text is not None:
        app.typing.take_back(unpacked(text))


def packed(texts: Texts) -> bytes:
    """Return texts as bytes that :func:`unpacked` reads."""
    rows = [[place, field, label, text] for (place, field), (label, text) in texts.items()]
    return zlib.compress(json.dumps(rows).encode())


def unpacked(data: bytes) -> Texts:
    """Return the texts of :func:`packed`."""
    rows = json.loads(zlib.decompress(data))
    return {(place, field): (label, text) for place, field, label, text in rows}
