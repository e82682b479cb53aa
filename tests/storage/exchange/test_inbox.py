"""Files on a stick that no fieldkit wrote: none keeps an exchange from taking in the others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.crypto.signing import MAX_DOCUMENT_BYTES
from storage.exchange import inbox
from storage.exchange.exchange import write_bundles
from storage.exchange.inbox import FileResult, take_folder
from storage.exchange.merge import merge
from storage.files import open_plain
from storage.vault.vault import Vault
from tests.storage.conftest import Desk
from tests.storage.travelling import work


@pytest.fixture
def ben(desk: Desk) -> Iterator[Vault]:
    """Ben's laptop, and Ada's bundles on the stick."""
    desk.ada.write_now(work)
    write_bundles(desk.ada, desk.stick)
    with desk.team.laptop("ben") as made:
        yield made


def outcomes(came: list[FileResult]) -> list[str]:
    return sorted(one.outcome for one in came)


@pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
@pytest.mark.parametrize("suffix", [b".fkb.age", b""])
def test_a_name_that_is_no_utf8(desk: Desk, ben: Vault, suffix: bytes) -> None:
    path = Path(os.fsdecode(bytes(desk.stick) + b"/\xff" + suffix))
    path.write_bytes(b"{x")
    came, _ = take_folder(ben, desk.stick)
    assert outcomes(came) == sorted(["other", "refused" if suffix else "other", "taken"])
    assert "\\udcff" + suffix.decode() in {one.name for one in came}
    for said in (text for one in came for text in one.said):
        said.encode()
    assert take_folder(ben, desk.stick) == ([], 3)


def test_a_time_beyond_all_calendars(desk: Desk, ben: Vault) -> None:
    seconds = 13_000_000_000  # in the year 2381
    path = desk.stick / "aaaaaaaa.fkb.age"
    path.write_bytes(b"x")
    os.utime(path, (0, seconds))
    if path.stat().st_mtime != seconds:
        pytest.skip("this file system keeps no such time")
    assert outcomes(take_folder(ben, desk.stick)[0]) == ["other", "refused", "taken"]
    assert take_folder(ben, desk.stick) == ([], 3)


def test_an_error_that_nobody_foresaw(
    desk: Desk, ben: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.stick / "aaaaaaaa.fkb.age"
    path.write_bytes(b"x")

    def breaks(vault: Vault, file: Path, *rest: Any) -> Any:
        if file == path:
            raise RecursionError
        return merge(vault, file, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "merge", breaks)
        came, _ = take_folder(ben, desk.stick)
    assert outcomes(came) == ["other", "refused", "taken"]
    (said,) = next(one.said for one in came if one.outcome == "refused")
    assert said.startswith("aaaaaaaa.fkb.age could not be taken in")
    assert "Nothing of it was used. Keep the file" in said
    # It is looked at again: a fieldkit that foresees it may come.
    assert [one.name for one in take_folder(ben, desk.stick)[0]] == [path.name]


def test_what_is_no_file_is_not_read(desk: Desk, ben: Vault, tmp_path: Path) -> None:
    (desk.stick / "dir.fkb.age").mkdir()
    if os.name == "posix":
        os.mkfifo(desk.stick / "pipe.fkb.age")
        os.mkfifo(desk.stick / "pipe")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"{secret")
    for name in ("link.fkb.age", "link"):
        (desk.stick / name).symlink_to(elsewhere)
    (desk.stick / "endless.fkb.age").symlink_to("/dev/zero")
    came, passed_over = take_folder(ben, desk.stick)
    assert (outcomes(came), passed_over) == (["other", "taken"], 0)


@pytest.mark.skipif(os.name != "posix", reason="there are pipes there")
def test_what_became_something_else_since_it_was_listed(
    desk: Desk, ben: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown, pipe, link = (desk.stick / name for name in ("grown", "pipe", "link"))
    grown.write_bytes(b"{" * (MAX_DOCUMENT_BYTES + 100))
    os.mkfifo(pipe)
    link.symlink_to(grown)
    monkeypatch.setattr(inbox, "_candidates", lambda *_: iter([grown, pipe, link]))

    def never(_: bytes) -> None:
        raise AssertionError("read")

    with monkeypatch.context() as patch:
        patch.setattr("storage.exchange.inbox.Signed.read", never)
        assert outcomes(take_folder(ben, desk.stick)[0]) == ["other"] * 3
    for path in (pipe, link):
        with pytest.raises(OSError, match=r"."), open_plain(path):
            pass
