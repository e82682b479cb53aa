"""``fieldkit doctor``: a healthy computer is ready, and each fault set up on purpose is found."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import platform
import shutil
import sys
import time
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldkit.cli import main
from fieldkit.vault.doctor import computer, distribution, installation
from fieldkit.vault.doctor.examine import examine
from fieldkit.vault.doctor.terminal import look_at_terminal
from storage.vault import location
from storage.vault.backup.make import back_up
from storage.vault.folder import DATABASE, KEYS
from storage.vault.unlock import open_vault
from tests.conftest import PASSPHRASE

DAY = 86_400


@pytest.fixture(scope="module")
def backed_up(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a locked vault and, beside it, a backup of just now."""
    place = tmp_path_factory.mktemp("doctor")
    shutil.copytree(vault_made_once, place / "vault")
    with open_vault(place / "vault", PASSPHRASE) as vault:
        back_up(vault)
    return place


class Screen(io.StringIO):
    """A terminal of a size and an encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1


@pytest.fixture
def folder(backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault's folder on a computer where nothing is wrong."""
    shutil.copytree(backed_up, tmp_path, dirs_exist_ok=True)
    mounts = tmp_path / "mountinfo"
    mounts.write_text("21 1 8:1 / / rw - ext4 /dev/sda1 rw\n", "utf-8")
    monkeypatch.setattr(location, "MOUNTS", mounts)
    shown_on(monkeypatch, Screen())
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((120, 36)))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    facts = tmp_path / "meminfo"
    facts.write_text("MemAvailable:    8000000 kB\n", "ascii")
    monkeypatch.setattr(computer, "MEMORY_FACTS", facts)
    room(monkeypatch, 50 << 30)
    return tmp_path / "vault"


def shown_on(patch: pytest.MonkeyPatch, screen: Screen) -> None:
    looked_at = "fieldkit.vault.doctor.examine.look_at_terminal"
    patch.setattr(looked_at, lambda: look_at_terminal(screen))


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def room(patch: pytest.MonkeyPatch, free: int) -> None:
    patch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 40, 0, free))


def to_mend(folder: Path, *backups: Path) -> list[str]:
    findings = [one for one in examine(folder, backups) if one.state == "mend"]
    assert all(one.text and (one.way or one.subject == "folder") for one in findings)
    return [one.subject for one in findings]


def test_a_healthy_computer_is_ready(folder: Path) -> None:
    findings = examine(folder)
    assert [one for one in findings if one.state == "mend"] == []
    assert {
        "Python",
        "distribution",
        "libraries",
        "database",
        "terminal",
        "colours",
        "encoding",
    } | {
        "folder",
        "free space",
        "vault",
        "backup",
        "clock",
        "memory",
        "memory lock",
    } == {one.subject for one in findings}


def a_stranger(folder: Path, patch: pytest.MonkeyPatch) -> None:
    facts = folder.parent / "site" / "fieldkit-0.34.1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Name: fieldkit\nSummary: Patterns of a blog\n", "utf-8")
    patch.setattr(sys, "path", [*sys.path, str(facts.parent)])


def a_library_missing(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(metadata, "requires", lambda _: ["no-such-library>=1"])


def a_library_too_old(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(metadata, "requires", lambda _: ["cryptography>=48,<100", "openpyxl>=9999.1"])


def another_version(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("fieldkit.__version__", "7.7")


def windows_on_arm(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(platform, "system", lambda: "Windows")
    patch.setattr(platform, "machine", lambda: "ARM64")


def a_database_library_without_encryption(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("storage.database.cipher.dbapi2.sqlite_version", "3.40.1")


def a_small_window(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((79, 36)))


def a_terminal_that_cannot_draw(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TERM", "dumb")


def an_old_code_page(folder: Path, patch: pytest.MonkeyPatch) -> None:
    shown_on(patch, Screen("cp1252"))


def a_network_drive(folder: Path, patch: pytest.MonkeyPatch) -> None:
    mount = f"30 21 0:5 / {folder.parent} rw - cifs //server/share rw\n"
    location.MOUNTS.write_text(location.MOUNTS.read_text("utf-8") + mount, "utf-8")


def a_synchronised_folder(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder.parent / ".dropbox").touch()


def no_room(folder: Path, patch: pytest.MonkeyPatch) -> None:
    room(patch, 100 << 20)


def a_clock_without_a_battery(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(time, "time_ns", lambda: 0)


def a_clock_that_is_slow(folder: Path, patch: pytest.MonkeyPatch) -> None:
    later = time.time() + DAY
    os.utime(folder / DATABASE, (later, later))


def little_memory(folder: Path, patch: pytest.MonkeyPatch) -> None:
    computer.MEMORY_FACTS.write_text("MemAvailable: 60 kB\n", "ascii")


def damaged_keys(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / KEYS).write_bytes(b"{}")
    (folder / f"{KEYS}.bak").write_bytes(b"{}")


def no_database(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / DATABASE).unlink()


def an_empty_database(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (folder / DATABASE).write_bytes(b"")


def no_backup(folder: Path, patch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder.with_name("vault-backups"))


def an_old_backup(folder: Path, patch: pytest.MonkeyPatch) -> None:
    (backup,) = folder.with_name("vault-backups").iterdir()
    backup.rename(backup.with_name(f"fieldkit-2026-01-05-090000-{backup.name.split('-')[5]}"))


FAULTS: dict[Callable[[Path, pytest.MonkeyPatch], None], str] = {
    a_stranger: "distribution",
    a_library_missing: "libraries",
    a_library_too_old: "libraries",
    another_version: "distribution",
    windows_on_arm: "Python",
    a_database_library_without_encryption: "database",
    a_small_window: "terminal",
    a_terminal_that_cannot_draw: "colours",
    an_old_code_page: "encoding",
    a_network_drive: "folder",
    a_synchronised_folder: "folder",
    no_room: "free space",
    a_clock_without_a_battery: "clock",
    a_clock_that_is_slow: "clock",
    little_memory: "memory",
    damaged_keys: "vault",
    no_database: "vault",
    an_empty_database: "vault",
    no_backup: "backup",
    an_old_backup: "backup",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_is_found_and_nothing_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]
) -> None:
    fault(folder, monkeypatch)
    before = sorted(folder.parent.rglob("*"))
    assert to_mend(folder) == [FAULTS[fault]]
    assert sorted(folder.parent.rglob("*")) == before


def test_a_stick_is_worth_knowing_and_no_fault(folder: Path) -> None:
    mount = f"30 21 0:5 / {folder.parent} rw - vfat /dev/sdb1 rw\n"
    location.MOUNTS.write_text(location.MOUNTS.read_text("utf-8") + mount, "utf-8")
    assert to_mend(folder) == []
    assert any(one.state == "beware" and "vfat" in one.text for one in examine(folder))


def test_a_backup_elsewhere_is_looked_for_where_it_is_named(folder: Path) -> None:
    stick = folder.parent / "stick"
    folder.with_name("vault-backups").rename(stick)
    assert to_mend(folder) == ["backup"]
    assert to_mend(folder, stick) == []


def test_a_program_file_that_was_exchanged_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "storage" / "files.py"
    package.parent.mkdir()
    package.write_bytes(b"ours\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"ours\n").digest()).decode().rstrip("=")
    facts = tmp_path / "fieldkit_inspection-0.1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Name: fieldkit-inspection\nVersion: 0.1.0\n", "utf-8")
    (facts / "RECORD").write_text(f"storage/files.py,sha256={digest},5\n", "utf-8")
    monkeypatch.setattr(metadata, "distribution", lambda _: metadata.PathDistribution(facts))
    assert [one.state for one in installation._distribution()] == ["ok"]
    package.write_bytes(b"theirs\n")
    (finding,) = installation._distribution()
    assert finding.state == "mend" and "storage/files.py" in finding.text


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(list(words))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_ends_with_1_where_something_is_to_be_mended(
    tmp_path: Path,
    backed_up: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = shutil.copytree(backed_up, tmp_path, dirs_exist_ok=True) / "vault"
    room(monkeypatch, 50 << 30)
    code, out, err = run(capsys, "--vault", str(folder), "doctor", "--json")
    told = json.loads(out)
    assert (code, err, told["ready"]) == (0, "", True)
    assert {"subject", "state", "text", "way"} == set(told["findings"][0])

    no_backup(folder, monkeypatch)
    code, out, err = run(capsys, "--vault", str(folder), "doctor")
    assert (code, err) == (1, "")
    assert "MEND   backup" in out and "1 thing to mend." in out


def test_beside_a_stranger_nothing_runs_but_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_stranger(tmp_path / "vault", monkeypatch)
    for words in (("vault", "info"), ("note", "list", "x"), ("--vault", str(tmp_path))):
        code, out, err = run(capsys, *words)
        assert (code, out) == (1, "")
        assert "Another project's program called “fieldkit” (0.34.1)" in err
        assert "pip uninstall fieldkit fieldkit-inspection" in err
    code, out, _ = run(capsys, "doctor", "--json")
    assert code == 1
    wrong = [one for one in json.loads(out)["findings"] if one["state"] == "mend"]
    assert "0.34.1" in wrong[0]["text"]


@pytest.mark.parametrize(
    "name", ["fieldkit-1.2.dist-info", "Fieldkit-1.2-py3.12.egg-info", "fieldkit-1.2.egg-info"]
)
def test_an_earlier_fieldkit_of_ours_is_told_from_a_stranger(tmp_path: Path, name: str) -> None:
    for kind in ("ours", "theirs"):
        (tmp_path / kind / name).mkdir(parents=True)
    facts = "METADATA" if name.endswith("dist-info") else "PKG-INFO"
    ours = f"Name: fieldkit\nSummary: {distribution.SUMMARY}\n"
    (tmp_path / "ours" / name / facts).write_text(ours, "utf-8")
    (tmp_path / "ours" / "fieldkit_inspection-0.1.0.dist-info").mkdir()
    (tmp_path / "ours" / "fieldkit_cli-1.0.dist-info").mkdir()
    found = distribution.others([str(tmp_path / "ours"), str(tmp_path / "theirs"), "/nowhere"])
    assert [(one.version, one.is_ours) for one in found] == [("1.2", True), ("1.2", False)]


def test_the_distribution_is_named_as_the_project_names_it() -> None:
    root = Path(__file__).resolve().parents[3]
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == distribution.NAME
    assert project["description"] == distribution.SUMMARY
    for line in project["dependencies"]:
        assert installation.unmet(line) == "", line


@pytest.mark.parametrize(
    ("installed", "line", "wrong"),
    [
        ("8.2.8", "textual==8.2.8", ""),
        ("8.2.80", "textual==8.2.8", "textual is 8.2.80 and has to be ==8.2.8"),
        ("2.0.14", "sqlalchemy (>=2.0.14)", ""),
        ("2.0.9", "sqlalchemy>=2.0.14", "sqlalchemy is 2.0.9 and has to be >=2.0.14"),
        ("2.1.0b2", "sqlalchemy>=2.0.14,<3", ""),
        ("2.0.14rc1", "sqlalchemy>=2.0.14", "sqlalchemy is 2.0.14rc1 and has to be >=2.0.14"),
        ("3.2", "a-b.c~=3.1", ""),
        ("4.0", "a-b.c~=3.1", "a-b.c is 4.0 and has to be ~=3.1"),
        ("1!1.0", "plain<2", "plain is 1!1.0 and has to be <2"),
        ("", "psycopg[binary]>=3.2; extra == 'central'", ""),
        ("", "pywin32>=1; python_version < '3'", ""),
        ("", "plain; python_version > '3'", "plain is missing"),
        ("", "plain", "plain is missing"),
    ],
)
def test_a_library_is_compared_as_pip_does(
    installed: str, line: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if not installed:
            raise metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(metadata, "version", version)
    assert installation.unmet(line) == wrong


def test_the_doctor_itself_needs_no_library_to_say_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    (finding,) = (one for one in examine(folder) if one.subject == "libraries")
    assert finding.state == "mend" and "packaging is missing" in finding.text


def test_what_goes_into_a_pipe_needs_no_terminal() -> None:
    (finding,) = look_at_terminal(io.StringIO())
    assert finding.state == "ok"
