"""Gets ready what the first page needs while the passphrase is typed."""

from __future__ import annotations

import gc
from functools import cache

from fieldkit.methodology import load, versions
from fieldkit.vault import garbage
from storage.feed.session import prepare


def preload() -> None:
    """Bind the records to their tables and read the methodologies."""
    prepare()
    for version in versions():
        load(version)
    _keep_for_good()


@cache
def _keep_for_good() -> None:
    """Leave what was imported out of the search for garbage; once for each process.

    It is never garbage, and looking through all of it stops every key for a sixth of a second. What
    comes later is looked through while nobody types (:mod:`fieldkit.vault.garbage`).
    """
    gc.freeze()
    garbage.often()
