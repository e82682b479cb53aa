"""Syncing, moving and removing: as each system wants it, and in one place of the code."""

from __future__ import annotations

import ast
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import durable

REPOSITORY = Path(__file__).resolve().parents[2]
DOES_IT_ITSELF = {"fsync", "fdatasync", "rename", "renames", "unlink", "rmtree", "rmdir", "link"}


class Held(PermissionError):
    """What Windows raises while another program has the file open."""

    winerror = 32


def test_nothing_else_syncs_moves_or_removes_by_itself() -> None:
    by_itself = []
    for package in ("fieldkit", "screens", "storage"):
        for path in (REPOSITORY / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = ast.unparse(node.func.value)
                    moves = node.func.attr in DOES_IT_ITSELF
                    moves |= node.func.attr in ("replace", "remove", "removedirs") and owner == "os"
                    # A text's ``replace`` takes two arguments or more, a path's takes one.
                    moves |= (
                        node.func.attr == "replace" and len(node.args) == 1 and not node.keywords
                    )
                    if moves:
                        by_itself.append(f"{path.relative_to(REPOSITORY)}:{node.lineno}")
    assert [one for one in by_itself if not one.startswith("storage/durable.py")] == []
    assert by_itself


STEPS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "move": ("replace", lambda at: durable.move(at / "a", at / "b")),
    "move a folder": ("rename", lambda at: durable.move_folder(at / "full", at / "named")),
    "delete": ("unlink", lambda at: durable.delete(at / "a")),
    "remove": ("unlink", lambda at: durable.remove(at / "a")),
    "delete a folder": ("rmdir", lambda at: durable.delete_folder(at / "empty")),
    "delete a tree": ("rmtree", lambda at: durable.delete_tree(at / "full")),
    "remove a tree": ("rmtree", lambda at: durable.remove_tree(at / "full")),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"old")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_bytes(b"")
    return tmp_path


def _hold(monkeypatch: pytest.MonkeyPatch, name: str, times: int, winerror: int) -> list[float]:
    owner: Any = shutil if name == "rmtree" else Path
    real, left = getattr(owner, name), [times]

    def held(*args: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            error = Held(errno.EACCES, "held")
            error.winerror = winerror
            raise error
        return real(*args, **options)

    waited: list[float] = []
    monkeypatch.setattr(owner, name, held)
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.mark.parametrize("winerror", [5, 32, 33])
@pytest.mark.parametrize("step", STEPS)
def test_what_a_scanner_holds_is_tried_again(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str, winerror: int
) -> None:
    name, do = STEPS[step]
    before = sorted(place.iterdir())
    waited = _hold(monkeypatch, name, 3, winerror)
    do(place)
    assert waited == list(durable.RETRY_SECONDS[:3])
    assert sorted(place.iterdir()) != before


@pytest.mark.parametrize("step", [one for one in STEPS if not one.startswith("remove")])
@pytest.mark.parametrize("winerror", [32, 112])
def test_what_is_held_for_ever_or_refused_otherwise_is_given_up(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str, winerror: int
) -> None:
    name, do = STEPS[step]
    before = sorted(place.iterdir())
    waited = _hold(monkeypatch, name, 1000, winerror)
    with pytest.raises(Held):
        do(place)
    assert waited == (list(durable.RETRY_SECONDS) if winerror == 32 else [])
    assert sorted(place.iterdir()) == before


@pytest.mark.parametrize("links", [True, False])
def test_a_new_name_is_never_taken_from_another(
    place: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:

        def no_links(*_: object) -> None:
            raise PermissionError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FileExistsError):
        durable.publish(place / "a", place / "b")
    assert (place / "b").read_bytes() == b"old"
    durable.publish(place / "a", place / "c")
    assert (place / "c").read_bytes() == b"new" and not (place / "a").exists()


def test_a_file_that_has_its_name_has_it_though_the_other_stays(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a copy would lie there of which it was said that it was never made."""

    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "nothing is removed here")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuses)
        durable.publish(place / "a", place / "c")
    assert (place / "c").read_bytes() == (place / "a").read_bytes() == b"new"


@pytest.mark.parametrize("known", [True, False])
def test_macos_reaches_past_the_cache_of_the_drive(
    place: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="there is no fcntl here")
    asked: list[str] = []

    def full(descriptor: int, command: int, *_: object) -> int:
        asked.append("full")
        assert command == 51
        if not known:
            raise OSError(errno.ENOTSUP, "not on this disk")
        return 0

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", full)
    monkeypatch.setattr(os, "fsync", lambda _: asked.append("plain"))
    monkeypatch.setattr(sys, "platform", "darwin")
    durable.sync_file(place / "a")
    durable.sync_folder(place, must=True)
    assert asked == ["full", "full"] if known else ["full", "plain", "full", "plain"]
