"""What can be got ready for the first page while the passphrase is typed."""

from __future__ import annotations

from fieldkit.methodology import load, versions
from storage.feed.session import prepare


def warm() -> None:
    """Bind the records to their tables and read the methodologies."""
    prepare()
    for version in versions():
        load(version)
