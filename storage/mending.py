"""What is derived, made anew where a check found it wanting."""

from __future__ import annotations

from storage import replay
from storage.store import Store
from storage.vault import Vault


def mend_search(vault: Vault) -> int:
    """Make the search index anew from the tables; returns how many records it finds now.

    All of it happens in one transaction; not to be called on the clerk's own thread.
    """

    def mend(store: Store) -> int:
        with store.engine.begin() as connection:
            return replay.mend_search(connection)

    return vault.upkeep_now(mend)
