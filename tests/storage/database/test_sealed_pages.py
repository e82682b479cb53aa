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


@pytest.mark.parametrize("size", [1, 3, 256])
def test_pages_are_copied_as_they_lie_unless_one_is_damaged(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sealed_pages, "_AT_ONCE", size * sealed_pages.PAGE)
    path, key = _closed(vault)
    whole = path.read_bytes()
    for damage in (None, 0, 2, 7, len(whole) // sealed_pages.PAGE - 1):
        data = bytearray(whole)
        if damage is not None:
            data[damage * sealed_pages.PAGE + 1000] ^= 1
        path.write_bytes(data)
        with FileIO(path) as file, (tmp_path / "copy").open("w+b") as copy:
            assert sealed_pages.copy_pages(file, copy, key) is (damage is None)
            if damage is None:
                assert sealed_pages.lies_as_copied(file, copy)
                copy.seek(0)
                assert copy.read() == whole
                copy.seek(-5, 2)
                copy.write(b"other")
                assert not sealed_pages.lies_as_copied(file, copy)
    path.write_bytes(whole + b"part of a page")
    with FileIO(path) as file, (tmp_path / "copy").open("w+b") as copy:
        assert not sealed_pages.copy_pages(file, copy, key)
