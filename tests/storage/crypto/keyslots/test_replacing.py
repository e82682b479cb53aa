"""A change to the key file that fails half-way leaves a key file that opens the vault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import durable
from storage.crypto.keyslots import atomic_write, document, errors
from storage.crypto.keyslots.document import Anchor
from storage.crypto.keyslots.keyfile import KeyFile
from tests.storage.crypto.keyslots.conftest import CHEAP, NOW, PASSPHRASE, Made

ROOT = Path(__file__).parents[4]
ANCHORS = {"device/1/main": Anchor(3, "ab" * 32)}


class Failing:
    """Fails the n-th of the system calls that write, as a full disk or a broken one does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
        self.left = nth
        for owner, name in (
            (atomic_write, "mkstemp"),
            (os, "fsync"),
            (os, "link"),
            (Path, "replace"),
            (Path, "read_bytes"),
        ):
            monkeypatch.setattr(owner, name, self._wrapped(getattr(owner, name)))

    def _wrapped(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **kwargs)

        return call


def whole(path: Path, made: Made) -> None:
    """The file on the disk is one that the vault key authenticates."""
    data = path.read_bytes()
    document.read(data, str(path))
    assert document.is_authentic(data, made.key(), str(path))


def test_a_failure_at_every_step_of_a_change(made: Made, tmp_path: Path) -> None:
    failures = 0
    for nth in range(1, 40):
        folder = tmp_path / str(nth)
        folder.mkdir()
        file = made.at(folder)
        # An older copy, so that it too is written anew.
        atomic_write.copy_path(file.path).write_bytes(b"older")
        with pytest.MonkeyPatch.context() as patch:
            Failing(patch, nth)
            try:
                file.set_anchors(made.key(), ANCHORS)
            except errors.KeyFileRefused as error:
                failures += 1
                assert str(error).endswith(".")
            else:
                # Reading the copy may fail: it is then written again.
                assert KeyFile.load(file.path).anchors == ANCHORS
        whole(file.path, made)
        assert not list(folder.glob(".*"))
        again = KeyFile.load(file.path)
        again.set_anchors(made.key(), {"other": Anchor(nth, "")})
        again.update_copy(made.key())
        whole(file.path, made)
        whole(atomic_write.copy_path(file.path), made)
    assert failures >= 8


def test_a_failure_at_every_step_of_creating(tmp_path: Path) -> None:
    """Written without deriving: ``write_new`` is what ``create`` calls with the finished bytes."""
    failures = 0
    for nth in range(1, 20):
        path = tmp_path / str(nth) / "vault.keys"
        path.parent.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            Failing(patch, nth)
            try:
                atomic_write.write_new(path, b"key file", lambda _: None)
            except errors.KeyFileNotWritten:
                failures += 1
                assert list(path.parent.iterdir()) == []
        if not path.exists():
            atomic_write.write_new(path, b"key file", lambda _: None)
        assert path.read_bytes() == atomic_write.copy_path(path).read_bytes() == b"key file"
    assert failures >= 6


def test_the_new_passphrase_is_tried_before_the_old_file_goes(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made.at(tmp_path)
    monkeypatch.setattr(KeyFile, "unlock", lambda *_: bytearray(32))
    with pytest.raises(errors.DamagedKeyFile, match="did not open the vault when it was tried"):
        file.change_passphrase(made.key(), "gizmo blog reptilian backfire")
    assert file.path.read_bytes() == made.data
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("gone", [True, False])
def test_a_file_changed_by_another_program_is_not_written_over(
    made: Made, tmp_path: Path, gone: bool
) -> None:
    file = made.at(tmp_path)
    if gone:
        file.path.unlink()
    else:
        KeyFile.load(file.path).set_anchors(made.key(), {"theirs": Anchor(1, "")})
    before = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    with pytest.raises(errors.KeyFileChanged):
        file.set_anchors(made.key(), ANCHORS)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == before


class Held(PermissionError):
    """What Windows raises while a virus scanner has the file open."""

    winerror = 32


@pytest.mark.parametrize("times", [1, 5, 10])
def test_a_file_held_by_a_scanner_is_tried_again(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    waited = _hold(monkeypatch, times)
    file = made.at(tmp_path)
    file.set_anchors(made.key(), ANCHORS)
    assert KeyFile.load(file.path).anchors == ANCHORS
    assert waited == list(durable.RETRY_SECONDS[:times])


def test_a_file_held_for_ever_is_given_up(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = _hold(monkeypatch, 1000)
    file = made.at(tmp_path)
    with pytest.raises(errors.KeyFileNotWritten):
        file.set_anchors(made.key(), ANCHORS)
    assert 2 <= sum(waited) <= 3
    assert file.path.read_bytes() == made.data


def _hold(monkeypatch: pytest.MonkeyPatch, times: int) -> list[float]:
    waited: list[float] = []
    real = Path.replace
    left = [times]

    def held(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] >= 0:
            raise Held(errno.EACCES, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.mark.skipif(os.name != "posix", reason="limits on a file's size are POSIX's")
def test_a_disk_that_takes_no_more_bytes(made: Made, tmp_path: Path) -> None:
    """The real thing: the system itself refuses the write."""
    made.at(tmp_path)
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from storage.crypto.keyslots import errors\n"
        "from storage.crypto.keyslots.document import Anchor\n"
        "from storage.crypto.keyslots.keyfile import KeyFile\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "file = KeyFile.load(Path(sys.argv[1])); key = bytearray.fromhex(sys.stdin.read())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))\n"
        "try: file.set_anchors(key, {'a': Anchor(1, '')})\n"
        "except errors.KeyFileNotWritten as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "vault.keys")],
        cwd=ROOT,
        input=made.vault_key.hex(),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert "What opened the vault before still opens it" in done.stdout
    assert (tmp_path / "vault.keys").read_bytes() == made.data
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(os.name != "posix", reason="hard links are tried on POSIX only")
def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "vault.keys"
    file, vault_key, _ = KeyFile.create(path, PASSPHRASE, params=CHEAP, now=NOW)
    assert KeyFile.load(path).unlock(PASSPHRASE) == vault_key
    assert file.generation == 1


def test_nothing_is_written_outside_the_folder(made: Made, tmp_path: Path) -> None:
    """The temporary file must be in the folder itself: elsewhere it could not be moved over."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "vault").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(elsewhere))
        made.at(tmp_path / "vault").set_anchors(made.key(), ANCHORS)
    assert list(elsewhere.iterdir()) == []
