"""Keeps how far this laptop's feeds had come in the key file beside the database: anchors.

Authentication of pages does not notice that a whole database was put back to an older state. The
key file, under its own authentication, remembers where the feeds stood at the last export, receipt
or backup; a database that is behind that was restored or rolled back, and must not go on in the
same feeds, where two pasts would grow from one (a fork).
"""

from __future__ import annotations

from contextlib import suppress

from storage.crypto.keyslots.document import Anchor
from storage.errors import FieldkitError
from storage.vault.epochs import behind
from storage.vault.snapshot import Snapshot, snapshot_of
from storage.vault.vault import Vault

__all__ = ["anchor", "behind", "own"]

MOST = 64
"""Feeds remembered: those of the latest lives of this vault."""


def own(device: str, held: Snapshot) -> dict[str, Anchor]:
    """Return the anchors of a laptop's own feeds, as a database holds them."""
    latest = sorted(feed for feed in held.feeds if feed.device == device)[-MOST:]
    return {
        str(feed): Anchor(seq, head.hex())
        for feed, (seq, head) in held.feeds.items()
        if feed in latest
    }


def anchor(vault: Vault, held: Snapshot | None = None) -> None:
    """Remember where this laptop's feeds stand; not to be called on the clerk's own thread.

    What was just done is not to fail for this: where the key file cannot be written, the anchors
    of before stay, which are true as well.
    """
    with suppress(FieldkitError):
        if held is None:
            held = vault.upkeep_now(lambda store: snapshot_of(store.connection))
        anchors = own(vault.identity.device, held)
        vault.with_key(lambda keys, key: keys.set_anchors(key, anchors))
