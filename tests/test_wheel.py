"""The wheel holds all three packages with their data, and works when it is installed alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("fieldkit", "screens", "storage")
DATA = {".docx", ".fish", ".ps1", ".sh", ".tcss", ".toml", ".txt", ".zsh"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by the build backend that is already installed: no network, no isolation."""
    pytest.importorskip("hatchling", reason="hatchling is not installed (requirements-dev.lock)")
    return build(REPOSITORY, tmp_path_factory.mktemp("wheel"))


def build(source: Path, folder: Path) -> Path:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("fieldkit_inspection-*.whl")
    return found


def on_disk() -> set[str]:
    return {
        path.relative_to(REPOSITORY).as_posix()
        for package in PACKAGES
        for path in (REPOSITORY / package).rglob("*")
        if path.suffix in DATA | {".py"} and "__pycache__" not in path.parts
    }


def test_every_module_and_data_file_is_inside_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert on_disk() <= inside
    assert {Path(name).suffix for name in inside - on_disk()} <= {".md", ".typed"}
    assert {name.split("/")[0] for name in inside} == set(PACKAGES)
    for package in PACKAGES:
        assert {f"{package}/__init__.py", f"{package}/py.typed"} <= inside
    assert "fieldkit/methodology/2018.toml" in inside


def test_the_same_source_gives_the_same_wheel_wherever_and_whenever(
    wheel: Path, tmp_path: Path
) -> None:
    """Copied in another order, with other times and modes of its files, as a clone would be."""
    source = tmp_path / "elsewhere"
    source.mkdir()
    for name in ("NOTICE", "LICENSE", ".gitignore", "pyproject.toml", "README.md"):
        shutil.copyfile(REPOSITORY / name, source / name)
    for package in reversed(PACKAGES):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(
            REPOSITORY / package, source / package, ignore=ignored, copy_function=shutil.copyfile
        )
    for number, path in enumerate(source.rglob("*.toml")):
        path.chmod(0o600)
        os.utime(path, (1e9 + number, 1e9 + number))
    assert build(source, tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_installed_alone_it_runs(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, with the libraries of this one but none of its checkouts.

    A folder named in a .pth file is searched, but its own .pth files are not read: an editable
    install of fieldkit in this environment stays out of sight.
    """
    home = tmp_path / "venv"
    elsewhere = tmp_path / "empty"
    elsewhere.mkdir()
    keep = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    keep["FIELDKIT_HOME"] = str(tmp_path / "home")

    def started(*command: str | Path) -> str:
        done = subprocess.run(
            [*map(str, command)],
            cwd=elsewhere,
            env=keep,
            capture_output=True,
            text=True,
            timeout=480,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    started(sys.executable, "-m", "venv", "--without-pip", home)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    started(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (site,) = home.rglob("site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    program = (
        "import fieldkit, screens, storage; from fieldkit.methodology import load;"
        "load('2018'); print(fieldkit.__file__); print(screens.__file__); print(storage.__file__)"
    )
    places = [Path(line) for line in started(python, "-c", program).splitlines()]
    assert all(site in place.parents for place in places), places
    assert "0.1.0" in started(scripts / "fieldkit", "--version")
