"""A throw-away store in memory, on which is done once what is slow the first time in a process.

The first statement of a process prepares SQLAlchemy, the driver and what signs and encrypts. That
can be done while somebody types the passphrase, and nothing of it needs the vault.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3.dbapi2 as sqlcipher

from storage.crypto.keyslots.kdf import KEY_BYTES, database_key, key_file_key
from storage.feed.writer import Author
from storage.ops.clock import Clock
from storage.trust.identity import Identity, new_facts
from storage.vault.store import Store
from storage.vault.unlock import close_to_others


@contextmanager
def rehearsal() -> Iterator[Store]:
    """Give an empty store of nobody's in memory; closed at the end, and never on a disk."""
    close_to_others()
    nobody = bytearray(KEY_BYTES)
    database_key(nobody)
    key_file_key(nobody)
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA temp_store = MEMORY")
    store = Store(connection)
    try:
        facts = new_facts(str(uuid.uuid4()), "Nobody")
        store.make(facts)
        identity = Identity(store.facts())
        store.author = Author(identity.device, 1, identity.person.id, Clock(""))
        yield store
    finally:
        store.engine.dispose()
        connection.close()
