"""Files that a person names: no pipe is waited for, and a secret others may read is told."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from tests.fieldkit.cli.conftest import PASSPHRASE, Runner

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows names no pipes, keeps no modes")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A pipe into which nobody ever writes: who opened it for reading would wait for ever."""
    os.mkfifo(tmp_path / "queue")
    return tmp_path / "queue"


COMMANDS = [
    "enrol {}",
    "receipt {}",
    "merge {}",
    "bundle verify {}",
    "self-assessment read {}",
    "self-assessment import {}",
    "cases import {}",
    "vault passphrase --new-passphrase-file {}",
    "vault recover --code-file {}",
    "vault recover --escrow-identity {}",
    "vault restore {} --to new",
]


def test_a_pipe_named_to_a_command_is_refused_at_once(fieldkit: Runner, pipe: Path) -> None:
    fieldkit.begun()
    for command in COMMANDS:
        ran = fieldkit(*(word.format(pipe) for word in command.split()))
        assert ran.code == 1, command
        assert ran.err.count("\n") == 1, ran.err
        assert "pipe" in ran.err or "not enrolled yet" in ran.err, command
        assert "othing was" in ran.err, command
    ran = fieldkit.bare("--passphrase-file", str(pipe), "inspection", "list")
    assert ran.code == 1
    assert "it is a pipe and not a file" in ran.err
    assert "“-” stands for the file" in ran.err


def test_a_pipe_in_the_place_of_a_vaults_file_is_refused_at_once(
    fieldkit: Runner, pipe: Path
) -> None:
    fieldkit.begun()
    vault = fieldkit.home / "vault"
    for name in ("vault.keys", "vault.db", "vault.keys.bak"):
        kept = vault.with_name("kept")
        shutil.copytree(vault, kept)
        (vault / name).unlink()
        os.mkfifo(vault / name)
        ran = fieldkit("inspection", "list")
        # The copy of the key file is made anew.
        assert ran.code == (0 if name.endswith(".bak") else 1), name
        shutil.rmtree(vault)
        kept.rename(vault)


def test_other_things_than_files_are_named_as_what_they_are(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.begun()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(tmp_path)
        server.bind("s")
        assert "folder" in fieldkit.refused("enrol", str(tmp_path))
        assert "not be read" in fieldkit.refused("enrol", str(tmp_path / "s"))
        assert "a device and not a file" in fieldkit.refused("enrol", os.devnull)


def test_a_link_to_a_file_is_followed(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    (tmp_path / "link").symlink_to(fieldkit.words)
    assert (
        fieldkit.bare("--passphrase-file", str(tmp_path / "link"), "inspection", "list").code == 0
    )


@pytest.mark.parametrize(
    ("mode", "who"),
    [(0o644, "everybody"), (0o604, "everybody"), (0o602, "everybody"), (0o640, "its group")],
)
def test_a_passphrase_file_that_others_may_read_is_told(
    fieldkit: Runner, mode: int, who: str
) -> None:
    fieldkit.begun()
    fieldkit.words.chmod(mode)
    ran = fieldkit.done("inspection", "list", "--json")
    assert ran.err.count("can be read by") == 1
    assert who in ran.err
    assert "chmod 600" in ran.err
    fieldkit.words.chmod(0o600)
    assert fieldkit.done("inspection", "list").err == ""


def test_a_vaults_folder_that_others_may_read_is_told(fieldkit: Runner) -> None:
    folder = fieldkit.home / "open"
    folder.mkdir(mode=0o755)
    create = ("--vault", str(folder), "vault", "create", "--memory", "64", "--name", "A")
    for command in (create, ("vault", "info"), ("vault", "check"), ("inspection", "list")):
        named = command if command is create else ("--vault", str(folder), *command)
        ran = fieldkit.done(*named)
        said = " ".join((ran.out + ran.err).split())
        assert "can be read or changed by everybody" in said, command
    ran = fieldkit.done("--vault", str(folder), "vault", "check", "--json")
    assert [one["kind"] for one in ran.data["warnings"]].count("readable") == 1
    assert ran.data["sound"]
    folder.chmod(0o700)
    assert "can be read" not in fieldkit.done("--vault", str(folder), "vault", "check").err


def test_a_passphrase_from_stdin_needs_no_file(
    fieldkit: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    fieldkit.begun()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))
    assert fieldkit.bare("--passphrase-file", "-", "inspection", "list").code == 0
