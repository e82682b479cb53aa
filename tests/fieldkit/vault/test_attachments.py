"""The file of an import is moved into the vault: durable and equal first, removed only then."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.evidence.notes import add_note
from fieldkit.history.redact import reach_of, redact, redaction_text
from fieldkit.service import NotThereError, RefusedError
from fieldkit.vault.attachments import CASE_LIST, WORKBOOK, bytes_of, find_file, kept_files, move_in
from storage import files
from storage.files import FileRefusedError
from storage.vault import attachments as stored
from storage.vault.backup.make import back_up
from storage.vault.backup.restore import restore
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

DATA = b"force ref,grade\n" * (stored.PART_BYTES // 16 * 2 + 7)
"""In three parts, the last one short."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lies = tmp_path / "Self-assessment.csv"
    lies.write_bytes(DATA)
    return lies


def sha256(data: bytes = DATA) -> str:
    return hashlib.sha256(data).hexdigest()


def test_it_is_kept_whole_and_the_file_is_gone(vault: Vault, inspection: str, path: Path) -> None:
    moved = move_in(vault, inspection, WORKBOOK, path, sha256())
    assert moved.removed and not path.exists() and "solid-state disk" in moved.text
    [kept] = vault.read_now(kept_files, inspection, WORKBOOK)
    assert (kept.name, kept.size, kept.sha256, kept.parts) == (path.name, len(DATA), sha256(), 3)
    assert bytes_of(vault, kept) == DATA and check_vault(vault).sound
    assert vault.read_now(kept_files, inspection, CASE_LIST) == []
    assert vault.read_now(kept_files, "another inspection", WORKBOOK) == []
    with pytest.raises(NotThereError):
        vault.read_now(find_file, inspection, CASE_LIST)


def test_a_file_that_changed_is_neither_kept_nor_removed(
    vault: Vault, inspection: str, path: Path
) -> None:
    path.write_bytes(DATA + b"x")
    with pytest.raises(RefusedError, match="has changed since"):
        move_in(vault, inspection, WORKBOOK, path, sha256())
    path.unlink()
    with pytest.raises(FileRefusedError, match="There is no file"):
        move_in(vault, inspection, WORKBOOK, path, sha256())
    assert vault.read_now(kept_files, inspection, WORKBOOK) == []


def test_what_does_not_read_back_leaves_the_file(
    vault: Vault, inspection: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bent(s: Session, attachment: str, number: int) -> bytes:
        return b"y" if number == 1 else original(s, attachment, number)

    original = stored.read_part
    monkeypatch.setattr(stored, "read_part", bent)
    with pytest.raises(RefusedError, match="did not read back"):
        move_in(vault, inspection, WORKBOOK, path, sha256())
    monkeypatch.undo()
    assert path.read_bytes() == DATA and vault.read_now(kept_files, inspection, WORKBOOK) == []
    assert move_in(vault, inspection, WORKBOOK, path, sha256()).removed
    assert len(vault.read_now(kept_files, inspection, WORKBOOK)) == 1
    rows = "SELECT COUNT(*) FROM attachment_part"
    parts = vault.read_now(lambda s: s.connection().exec_driver_sql(rows).scalar_one())
    assert parts == 3, "what the first attempt left is gone"


def test_a_link_and_a_file_changed_meanwhile_stay(
    vault: Vault, inspection: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = path.with_name("link.csv")
    link.symlink_to(path)
    moved = move_in(vault, inspection, WORKBOOK, link, sha256())
    assert not moved.removed and "a link" in moved.text and link.is_symlink() and path.exists()
    monkeypatch.setattr(files, "sha256", lambda _: "another")
    again = move_in(vault, inspection, WORKBOOK, path, sha256())
    assert not again.removed and "changed meanwhile" in again.text and path.exists()
    assert again.attachment == moved.attachment, "the same bytes are kept once"


def test_backup_and_restore_bring_it_along_and_removing_takes_it_out(
    vault: Vault, inspection: str, path: Path, tmp_path: Path
) -> None:
    move_in(vault, inspection, WORKBOOK, path, sha256())
    backup = back_up(vault, tmp_path / "backups").backup
    restore(backup.path, tmp_path / "restored", lambda keys: keys.unlock(PASSPHRASE))
    with open_vault(tmp_path / "restored", PASSPHRASE) as restored:
        file = restored.read_now(find_file, inspection, WORKBOOK)
        assert bytes_of(restored, file) == DATA
    vault.write_now(stored.remove, file.id)
    assert vault.read_now(kept_files, inspection, WORKBOOK) == []


def test_a_check_names_a_file_whose_bytes_are_others(
    vault: Vault, inspection: str, path: Path
) -> None:
    move_in(vault, inspection, WORKBOOK, path, sha256())
    spoil = "UPDATE attachment_part SET bytes = x'00' WHERE number = 1"
    vault.write_now(lambda s: s.connection().exec_driver_sql(spoil))
    checkup = check_vault(vault)
    assert checkup.files == ("file Self-assessment.csv: its bytes are not those that were kept",)
    assert "ask whoever sent it" in checkup.advice[0]
    with pytest.raises(RefusedError, match="damaged"):
        bytes_of(vault, vault.read_now(find_file, inspection, WORKBOOK))


def test_a_redaction_names_it_among_what_it_does_not_reach(
    vault: Vault, inspection: str, cases: dict[str, str], path: Path
) -> None:
    move_in(vault, inspection, WORKBOOK, path, sha256())
    about = ("case", cases["WST-001"])
    note = vault.write_now(add_note, *about, "canary of 42")
    done = vault.write_now(redact, "note", note.id, "text", "a child was named")
    reach = vault.read_now(reach_of, done, [])
    [named] = reach.files
    assert named.startswith(f"{path.name}, kept ")
    assert f"which may hold them: {path.name}" in redaction_text("Note", done, reach, [])
