"""A changed or shortened bundle is refused with a reason, and changes nothing."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import files
from storage.bundle.errors import (
    BundleError,
    DamagedBundleError,
    NotForUsError,
    UnreadableBundleError,
)
from storage.bundle.verify import verify
from storage.exchange.export import export
from tests.storage.conftest import Desk
from tests.storage.travelling import work

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))


def positions(size: int, number: int) -> list[int]:
    """All of them under torture; else the borders and a sample that is the same every time."""
    if TORTURE:
        return list(range(size))
    drawn = random.Random(size).sample(range(size), number)
    return sorted({0, 1, 30, size // 2, size - 17, size - 16, size - 1, *drawn})


def refused(desk: Desk, path: Path) -> type[BundleError]:
    with pytest.raises(BundleError) as caught:
        verify(path, desk.central.trust())
    assert "Nothing" in str(caught.value)
    return caught.type


def test_one_byte_changed(shared: Desk) -> None:
    path = export(shared.ada, shared.stick).path
    whole = path.read_bytes()
    kinds = set()
    for place in positions(len(whole), 40):
        data = bytearray(whole)
        data[place] ^= 1 << (place % 8)
        path.write_bytes(data)
        kinds.add(refused(shared, path))
    assert kinds <= {DamagedBundleError, NotForUsError}
    path.write_bytes(whole)
    verify(path, shared.central.trust())


def test_cut_short_or_made_longer(shared: Desk) -> None:
    path = export(shared.ada, shared.stick).path
    whole = path.read_bytes()
    for length in positions(len(whole), 30):
        path.write_bytes(whole[:length])
        assert refused(shared, path) in (DamagedBundleError, NotForUsError)
    path.write_bytes(whole + b"\n")
    assert refused(shared, path) is DamagedBundleError


def test_a_refused_bundle_changes_nothing_at_central_and_is_kept_aside(desk: Desk) -> None:
    desk.ada.write_now(work)
    path = export(desk.ada, desk.stick).path
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    before = desk.central.report()
    for _ in range(2):
        (one,) = desk.central.ingest([path]).files
        assert (one.outcome, one.word) == ("refused", "damaged")
    after = desk.central.report()
    assert (after.ops, after.feeds, after.inspections) == (before.ops, {}, ())
    assert after.refused == 1
    (kept,) = (desk.central.folder / "quarantine").iterdir()
    assert kept.read_bytes() == path.read_bytes()


def test_what_is_no_bundle_at_all(shared: Desk, tmp_path: Path) -> None:
    for name, data in {"empty": b"", "text": b"hello\n", "zip": b"PK\x03\x04" + bytes(99)}.items():
        (tmp_path / name).write_bytes(data)
        assert refused(shared, tmp_path / name) is DamagedBundleError


def test_what_cannot_be_read_is_not_called_damaged(
    shared: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused(shared, tmp_path / "none") is UnreadableBundleError
    assert refused(shared, tmp_path) is UnreadableBundleError
    (tmp_path / "closed").touch()
    monkeypatch.setattr(files, "open_named", _closed)
    with pytest.raises(UnreadableBundleError, match=r"could not be read \(Permission denied\)"):
        verify(tmp_path / "closed", shared.central.trust())


def _closed(path: Path, *_: object, **__: object) -> object:
    """For root, who may read everything, as if it were somebody else's."""
    raise PermissionError(13, "Permission denied", str(path))


def test_a_folder_that_may_not_be_looked_into_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    (desk.stick / "closed" / "deep").mkdir(parents=True)
    scandir = os.scandir

    def refuse(path: Any = ".") -> Iterator[Any]:
        # For root, who may look everywhere, as if it were somebody else's.
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    summary = desk.central.ingest([desk.stick])
    assert [one.outcome for one in summary.files] == ["refused", "taken"]
    told = summary.files[0]
    assert (told.path, told.word) == (desk.stick / "closed", "not readable")
    assert "was not read" in told.reason
    assert desk.central.report().refused == 0
