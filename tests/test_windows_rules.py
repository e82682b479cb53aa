"""The rules of Windows that the tests impose do refuse what Windows refuses, and nothing else."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import durable, files
from storage.crypto.keyslots import atomic_write
from storage.errors import FieldkitError
from tests import windows

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="open files are seen on Linux only"
)
REPOSITORY = Path(__file__).resolve().parents[1]
TAKEN = "CON|nul.txt|Com1.fkb.age|LPT9|aux .md|a:b|10:30|what?|a<b|a\tb|ends.|ends ".split("|")
NOT_THERE = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}


def refused(step: Callable[[], object]) -> bool:
    """Whether our code was kept from something; what is kept of it is forgotten."""
    windows.impose(True)
    try:
        step()
    except (OSError, FieldkitError):
        pass
    return bool(windows.impose(True))


@pytest.mark.parametrize(
    "step",
    [
        lambda at: durable.delete(at / "held"),
        lambda at: durable.remove(at / "held"),
        lambda at: durable.move(at / "held", at / "other"),
        lambda at: durable.move(at / "free", at / "held"),
        lambda at: durable.publish(at / "held", at / "other"),
        lambda at: durable.move_folder(at, at.with_name("other")),
        lambda at: durable.delete_tree(at),
        lambda at: files.replace(at / "held", b"new"),
    ],
)
def test_what_is_open_is_neither_moved_nor_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Callable[[Path], object]
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    at = tmp_path / "at"
    at.mkdir()
    (at / "free").touch()
    (at / "held").touch()
    with (at / "held").open("rb"):
        assert refused(lambda: step(at))
        assert (at / "held").exists()
    assert not refused(lambda: step(at))


@pytest.mark.parametrize(
    "name",
    [*TAKEN, "n" * 250, "VAULT.db"],
)
def test_a_name_that_windows_does_not_take_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "vault.db").touch()
    at = tmp_path / ("d" * max(0, 150 - len(str(tmp_path))))
    at.mkdir(exist_ok=True)
    where = at if len(name) > 200 else tmp_path
    assert refused(lambda: files.write_new(where / name, b""))
    assert refused(lambda: files.make_folder(where / name))


@pytest.mark.parametrize("name", ["console", "com10", "nullify.txt", "ends.x", "é", "vault.db2"])
def test_other_names_are_taken(tmp_path: Path, name: str) -> None:
    (tmp_path / "vault.db").touch()
    assert not refused(lambda: files.write_new(tmp_path / name, b""))
    assert not refused(lambda: files.make_folder(tmp_path / f"{name}-folder"))


def test_only_replacing_takes_the_name_of_another_file(tmp_path: Path) -> None:
    (tmp_path / "new").touch()
    (tmp_path / "old").touch()
    assert refused(lambda: durable.move_folder(tmp_path / "new", tmp_path / "old"))
    assert not refused(lambda: durable.move_folder(tmp_path / "new", tmp_path / "free"))
    assert not refused(lambda: durable.move(tmp_path / "free", tmp_path / "old"))


def test_what_was_opened_for_reading_is_not_synced(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (tmp_path / "file").open("rb") as file, pytest.raises(OSError, match="descriptor"):
        os.fsync(file.fileno())
    durable.sync_file(tmp_path / "file")
    atomic_write.write_copy(tmp_path / "keys", b"keys")


def test_what_a_test_does_by_itself_is_not_judged(tmp_path: Path) -> None:
    with (tmp_path / "a:b").open("wb"):
        (tmp_path / "a:b").unlink()
    assert windows.impose(True) == []


def test_what_windows_lacks_is_imported_only_where_it_is_used() -> None:
    at_the_start = []
    for package in ("fieldkit", "screens", "storage"):
        for path in (REPOSITORY / package).rglob("*.py"):
            for node in ast.parse(path.read_text("utf-8")).body:
                names = {one.name for one in node.names} if isinstance(node, ast.Import) else set()
                names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
                at_the_start += [f"{path}: {name}" for name in names & NOT_THERE]
    assert at_the_start == []


@pytest.mark.skipif(not os.environ.get("FIELDKIT_TORTURE"), reason="make torture tries it")
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_nothing_is_called_that_another_system_does_not_have(system: str) -> None:
    """By mypy, which knows what of Python each system has; 20 s each where nothing is kept."""
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--platform", system, "--no-warn-unreachable"),
            *("--cache-dir", f".mypy_cache/{system}"),
            *("fieldkit", "screens", "storage", "release"),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


PROGRAM = f"""
import sys
for name in {sorted(NOT_THERE - {"posix"})}:
    sys.modules[name] = None
from fieldkit.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(not os.environ.get("FIELDKIT_TORTURE"), reason="make torture tries it")
def test_a_vault_is_made_backed_up_and_checked_without_what_windows_lacks(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("correct unicorn stapler meadow\n", "utf-8")
    words.chmod(0o600)
    for command in ("create --memory 64 --name A", "backup", "check"):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, "--passphrase-file", words, "vault", *command.split()],
            cwd=REPOSITORY,
            env=os.environ | {"FIELDKIT_HOME": str(tmp_path), "PYTHONIOENCODING": "cp1252"},
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr.decode()
