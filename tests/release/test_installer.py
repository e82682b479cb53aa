"""What a kit's installer refuses, and what it leaves alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from release.installer import installer
from tests.release.making import rewritten, small_kit

HERE = {"python": "3.11", "bits": 64, "sys_platform": "linux", "machine": "x86_64"}
FACTS = {**HERE, "pythons": ["3.11", "3.14"], "name": "Linux with glibc"}


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    at = small_kit(tmp_path)
    monkeypatch.setattr(installer, "KIT", at)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    yield at


@pytest.fixture
def made(kit: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """The steps of an installation; each makes only its program."""
    steps: list[list[str]] = []

    def run(command: list[str]) -> None:
        steps.append(command)
        if "venv" in command:
            program = Path(command[-1]) / ("Scripts" if installer.WINDOWS else "bin")
            program.mkdir(parents=True)
            (program / installer.PROGRAM).write_text("program")

    monkeypatch.setattr(installer, "run", run)
    rewritten(kit, pythons=[f"3.{minor}" for minor in range(11, 30)])
    yield steps


def damage(kit: Path, how: str) -> None:
    wheel = next((kit / "wheels").iterdir())
    if how == "is not as it was made":
        wheel.write_bytes(wheel.read_bytes() + b"\0")
    elif how == "is missing":
        wheel.unlink()
    elif how == "does not belong":
        (kit / "wheels" / "textual-9.0-py3-none-any.whl").touch()
    elif how == "requirements.txt is not":
        (kit / "requirements.txt").write_text("")
    else:
        (kit / "SHA256SUMS").unlink()


@pytest.mark.parametrize(
    "how",
    [
        "is not as it was made",
        "is missing",
        "does not belong",
        "requirements.txt is not",
        "SHA256SUMS is missing",
    ],
)
@pytest.mark.parametrize("step", ["verify", "install"])
def test_a_kit_that_is_not_whole_is_refused(
    kit: Path, capsys: pytest.CaptureFixture[str], how: str, step: str
) -> None:
    assert installer.main(["verify"]) == 0
    damage(kit, how)
    assert installer.main([step]) == 1
    said = capsys.readouterr().err
    assert how in said and "Nothing was changed" in said
    assert not installer.default_folder().exists()


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ({}, ""),
        ({"python": "3.14"}, ""),
        ({"python": "3.10"}, "This is Python 3.10"),
        ({"python": "3.15"}, "This is Python 3.15"),
        ({"bits": 32}, "32 bits"),
        ({"sys_platform": "darwin"}, "This kit is for Linux"),
        ({"sys_platform": "win32"}, "This kit is for Linux"),
        ({"machine": "aarch64"}, "aarch64"),
    ],
)
def test_a_python_that_cannot_run_it_is_told_why(here: dict[str, object], said: str) -> None:
    reason = installer.why_not_here(FACTS, {**HERE, **here})
    assert said in reason and bool(said) == bool(reason)


def test_the_arm_python_of_windows_is_told_of_the_other_one() -> None:
    windows = {**FACTS, "sys_platform": "win32", "machine": "amd64"}
    here = {**HERE, "sys_platform": "win32", "machine": "arm64"}
    assert "x64 Python" in installer.why_not_here(windows, here)
    assert not installer.why_not_here(windows, {**here, "machine": "amd64"})


def test_it_is_installed_updated_and_removed(
    kit: Path, made: list[list[str]], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = tmp_path / "home" / "vault.db"
    kept.parent.mkdir()
    kept.write_text("kept")
    for _ in range(3):
        assert installer.main(["install"]) == 0, capsys.readouterr().err
    folder = installer.default_folder()
    (home,) = (folder / "versions").iterdir()
    assert home.name.startswith("0.1.0-")
    assert (folder / "bin" / installer.PROGRAM).read_text() == "program"
    if not installer.WINDOWS:
        assert installer.link_place().resolve() == home / "bin" / "fieldkit"
    (pip,) = [step for step in made if "pip" in step][-1:]
    assert {"--no-index", "--require-hashes", "--isolated"} <= set(pip)
    assert installer.main(["uninstall"]) == 0
    assert not folder.exists() and not installer.link_place().is_symlink()
    assert kept.read_text() == "kept"
    assert installer.main(["uninstall"]) == 1
    assert "not installed" in capsys.readouterr().err


def test_an_update_that_fails_leaves_what_ran(
    kit: Path, made: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installer.main(["install", "--to", str(kit.parent / "all")]) == 0
    program = kit.parent / "all" / "bin" / installer.PROGRAM
    before = program.resolve()
    working = installer.run

    def failing(command: list[str]) -> None:
        if "pip" in command:
            raise installer.RefusedError("no")
        working(command)

    monkeypatch.setattr(installer, "run", failing)
    assert installer.main(["install", "--to", str(kit.parent / "all")]) == 1
    assert program.resolve() == before and before.read_text() == "program"
    assert len(list((kit.parent / "all" / "versions").iterdir())) == 1
    assert not installer.link_place().exists()


@pytest.mark.skipif(installer.WINDOWS, reason="a link is of Unix")
def test_another_program_of_the_name_stays(
    kit: Path, made: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    link = installer.link_place()
    link.parent.mkdir(parents=True)
    link.write_text("another's")
    assert installer.main(["install"]) == 0
    assert "not ours" in capsys.readouterr().out
    assert installer.main(["uninstall"]) == 0
    assert link.read_text() == "another's"


def test_a_search_path_gets_the_folder_once_and_loses_it_alone() -> None:
    path = r"C:\Windows;C:\Program Files\Git;%USERPROFILE%\bin"
    folder = r"C:\Users\Ann\AppData\Local\Programs\fieldkit\bin"
    longer = installer.with_folder(path, folder)
    assert longer == f"{path};{folder}"
    assert installer.with_folder(longer, folder) == longer
    assert installer.without_folder(f"{folder.upper()}\\;{path}", folder) == path
    assert installer.without_folder(path, folder) == path
    assert installer.with_folder("", folder) == folder


def test_a_step_that_fails_says_what_it_said() -> None:
    with pytest.raises(installer.RefusedError, match=r"(?s)as it was.*no such thing"):
        installer.run([sys.executable, "-c", "raise SystemExit('no such thing')"])
