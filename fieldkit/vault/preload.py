"""Gets ready what the first page needs while the passphrase is typed."""

from __future__ import annotations

from fieldkit.methodology import load, versions
from storage.feed.session import prepare


def preload() -> None:
    """Bind the records to their tables and read the methodologies."""
    prepare()
    for version in versions():
        load(version)
