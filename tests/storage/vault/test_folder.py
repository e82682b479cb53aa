"""What is told of a vault's folder before anything opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.vault.folder import ClosedFolderError, exists
from storage.vault.unlock import open_vault


def test_a_part_of_a_vault_is_one(tmp_path: Path) -> None:
    assert not exists(tmp_path / "nowhere")
    assert not exists(tmp_path)
    (tmp_path / "vault.db-wal").touch()
    assert exists(tmp_path)


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of somebody else; for root, who may look everywhere, as if it were."""

    def refuse(path: Path, **_: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    return tmp_path


def test_a_folder_that_may_not_be_looked_into(closed: Path) -> None:
    for opening in (lambda: exists(closed), lambda: open_vault(closed, "four words of tests")):
        with pytest.raises(ClosedFolderError, match=r"may not be looked into .*try again\.$"):
            opening()
