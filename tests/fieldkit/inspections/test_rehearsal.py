"""What is done in memory while the passphrase is typed: all of it without a file, or broken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.inspections import rehearsal
from storage.vault.rehearsal import rehearsal as throw_away


def test_all_of_it_is_done_and_no_file_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done: list[str] = []
    for job in ("frame", "home", "the_open_one"):
        usual = getattr(rehearsal, job)

        def noted(*given: object, usual: object = usual, job: str = job) -> object:
            done.append(job)
            return usual(*given)  # type: ignore[operator]

        monkeypatch.setattr(rehearsal, job, noted)
    rehearsal.rehearse(lambda: False)
    assert done == ["frame", "home", "the_open_one"]
    assert list(tmp_path.iterdir()) == []
    rehearsal.rehearse(lambda: len(done) > 3)
    assert done[3:] == ["frame"]


def test_it_is_in_memory() -> None:
    with throw_away() as store:
        listed = store.connection.execute("PRAGMA database_list")
        assert {file for _, _, file in listed} == {""}
