"""Another program reads what fieldkit keeps: SQLite3 Multiple Ciphers, by no code of ours.

So that a vault can be read should SQLCipher ever be gone: the recipe is one of three pragmas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldkit.evidence.notes import add_note
from storage.crypto.keyslots.kdf import database_key
from storage.ops.op import FeedId, decode, digest, first_head, next_head
from storage.vault.vault import Vault

apsw = pytest.importorskip(
    "apsw", reason="apsw-sqlite3mc is not installed: no other program to read the file with"
)


def opened(path: Path, key: str) -> Any:
    other = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    for pragma in ("cipher = 'sqlcipher'", "legacy = 4", f"key = \"x'{key}'\""):
        other.execute(f"PRAGMA {pragma}")
    return other


def test_another_program_reads_every_op(vault: Vault, cases: dict[str, str]) -> None:
    for number in range(40):
        vault.write_now(add_note, "case", cases["WST-001"], f"remark {number} " * 50)
    key = database_key(vault._key)
    expected = vault.read_now(
        lambda s: s.connection().exec_driver_sql("SELECT bytes FROM op ORDER BY 1").fetchall()
    )
    vault.lock()
    other = opened(vault.folder / "vault.db", key)
    assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    found = other.execute("SELECT bytes FROM op ORDER BY 1").fetchall()
    assert [one for (one,) in found] == [one for (one,) in expected]
    heads: dict[FeedId, bytes] = {}
    for data, head in other.execute("SELECT bytes, head FROM op ORDER BY device, epoch, kind, seq"):
        feed = decode(data).id.feed
        heads[feed] = next_head(heads.get(feed, first_head(feed)), digest(data))
        assert heads[feed] == head
    words = other.execute("SELECT count(*) FROM words WHERE words MATCH 'remark'").fetchall()
    assert words == [(40,)]
    other.close()


def test_another_program_is_refused_without_the_key(vault: Vault) -> None:
    vault.lock()
    other = opened(vault.folder / "vault.db", "00" * 32)
    with pytest.raises(apsw.NotADBError):
        other.execute("SELECT count(*) FROM sqlite_master").fetchall()
    other.close()
