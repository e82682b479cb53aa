"""Readable files that left are open copies until somebody says where they went."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.feedback.handover.give import GivenHandover, hand_over
from fieldkit.history.audit import trail
from fieldkit.history.open_copies import (
    DELETED,
    find_copy,
    open_copies,
    open_copies_text,
    readable_copies,
    say_deleted,
    say_given,
)
from fieldkit.inspections.home import home
from fieldkit.service import NotThereError, RefusedError
from storage.records import Disclosure
from storage.vault.vault import Vault

CHIEF = "chief constable"


def given(vault: Vault, inspection: str, path: Path) -> GivenHandover:
    return hand_over(vault, inspection, path, CHIEF)


def test_a_hand_over_is_open_until_it_is_said_to_whom_it_was_given(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    path = tmp_path / "näme of 42.md"
    given(vault, inspection, path)
    [copy] = vault.read_now(open_copies)
    assert (copy.path, copy.recipient, copy.whereabouts) == (str(path), CHIEF, "")
    assert copy.wall[:10] in copy.wall and path.name in copy.text
    assert f"hand-over {path.name}" in vault.read_now(home, inspection).copies
    for empty in ("", "   "):
        with pytest.raises(RefusedError, match="is missing"):
            vault.write_now(say_given, copy.id, empty)
    said = vault.write_now(say_given, copy.id[:36], "staff officer, by hand")
    assert said == f"On record: hand-over {path.name} was given to staff officer, by hand."
    assert vault.read_now(open_copies) == [] and vault.read_now(home, inspection).copies == ""
    [kept] = vault.read_now(readable_copies)
    assert kept.whereabouts == "given to staff officer, by hand"


def test_deleted_is_believed_only_once_the_file_is_gone(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    path = tmp_path / "given.docx"
    given(vault, inspection, path)
    copy = vault.read_now(find_copy, vault.read_now(open_copies)[0].id[:8])
    with pytest.raises(RefusedError, match="still lies there"):
        say_deleted(vault, copy)
    assert vault.read_now(open_copies) == [copy] and path.exists()
    path.unlink()
    assert DELETED in say_deleted(vault, copy)
    assert vault.read_now(open_copies) == []
    with pytest.raises(NotThereError):
        vault.read_now(find_copy, copy.id[:3])


def test_the_audit_trail_shows_it_among_the_disclosures(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    given(vault, inspection, tmp_path / "a.md")
    [copy] = vault.read_now(open_copies)
    vault.write_now(say_given, copy.id, "staff officer")
    vault.write_now(say_given, copy.id, "deputy")
    lines = vault.read_now(trail, operation="disclosure").lines
    assert [one.whereabouts for one in lines] == ["given to deputy", "given to staff officer", ""]
    assert "hand-over a.md: where the file is now: given to deputy" in lines[0].text
    assert "It is now  given to deputy" in lines[0].whole
    assert lines[2].recipient == CHIEF


def test_the_same_words_again_are_recorded_again(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    given(vault, inspection, tmp_path / "a.md")
    [copy] = vault.read_now(open_copies)
    for _ in "12":
        vault.write_now(say_given, copy.id, "deputy")
    assert len(vault.read_now(trail, operation="disclosure").lines) == 3


def test_bundles_and_what_was_never_written_are_no_open_copies(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    path = tmp_path / "taken.md"
    path.write_text("somebody else's", "utf-8")
    with pytest.raises(Exception, match="never written over"):
        given(vault, inspection, path)

    def bundle(s: Session) -> None:
        at = "2026-07-06T09:30:00.000Z"
        left = {"bundle": "b", "sha256": "ab" * 32}
        s.add(Disclosure.make(what="bundle x.age", recipient="central", at=at, **left))

    vault.write_now(bundle)
    assert vault.read_now(readable_copies) == []


def test_several_are_counted_and_the_latest_is_named(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    for name in ("a.md", "b.md", "c.md"):
        given(vault, inspection, tmp_path / name)
    said = vault.read_now(open_copies_text)
    assert said.startswith("3 files, the latest hand-over c.md, ") and said.endswith(CHIEF)
