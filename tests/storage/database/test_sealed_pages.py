"""Pages judged without SQLite: damage is found page by page, and waited for only once."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

import pytest

from storage.crypto.keyslots.kdf import database_key
from storage.database import sealed_pages
from storage.vault.vault import Vault


def _closed(vault: Vault) -> tuple[Path, str]:
    key = database_key(vault._key)
    vault.lock()
    return vault.folder / "vault.db", key


def test_damaged_pages_are_named_and_waited_for_together(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = _closed(vault)
    data = bytearray(path.read_bytes())
    wrong = [1, 2, 5, 9, len(data) // sealed_pages.PAGE]
    for number in wrong:
        data[number * sealed_pages.PAGE - 200] ^= 1
    path.write_bytes(data)
    slept: list[float] = []
    monkeypatch.setattr("storage.database.sealed_pages.time.sleep", slept.append)
    with FileIO(path) as file:
        assert sealed_pages.damaged_pages(file, key) == wrong
    assert len(slept) == sealed_pages._LOOKS


def test_a_page_that_was_just_being_written_is_sound(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = _closed(vault)
    whole = path.read_bytes()
    torn = bytearray(whole)
    torn[3 * sealed_pages.PAGE - 200] ^= 1
    path.write_bytes(torn)
    monkeypatch.setattr(
        "storage.database.sealed_pages.time.sleep", lambda _: path.write_bytes(whole)
    )
    with FileIO(path) as file:
        assert sealed_pages.damaged_pages(file, key) == []
