"""Makes the stand-alone program for the kind of computer that this is: a folder, and its zip file.

PyInstaller puts Python, the libraries and fieldkit into one folder with one program in it. It makes
programs for its own system only, so each is made on a computer of its kind. Why PyInstaller, and
why a folder and not a single file: docs/install.md.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.utils import canonicalize_name

import fieldkit
from release.archive import digest, pack, sums
from release.kit import NAME, build_wheel
from release.lock import REPOSITORY, read_lock

_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--quiet")
OURS = ("fieldkit", "screens", "storage")
PROGRAM = "fieldkit.exe" if os.name == "nt" else "fieldkit"
DOCX_PARTS = "docx/parts/__init__.py"
BY_NAME = (*OURS, "textual", "phonenumbers")
"""Packages that load parts of themselves by their names, which no reader of imports sees."""
WITH_DATA = (*BY_NAME, "holidays")
"""Packages with files beside their code, such as words in other languages, that they read."""
FOR_CENTRAL = ("alembic", "mako", "psycopg", "psycopg-binary")
"""Libraries that only central with PostgreSQL needs; it is installed in another way."""


def make_standalone(target: Path) -> Path:
    """Make the program in the folder ``target`` and return its zip file."""
    system = f"{platform.system()}-{platform.machine()}".lower()
    name = f"fieldkit-{fieldkit.__version__}-standalone-{system}"
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        wheel = build_wheel(scratch / "wheel")
        # Installed as everybody has it, so that nothing of this folder gets in.
        subprocess.run([*_PIP, "install", "--no-deps", "--force-reinstall", wheel.path], check=True)
        entry = shutil.copy(Path(__file__).with_name("standalone_entry.py"), scratch)
        subprocess.run([*_build(scratch), entry], cwd=scratch, check=True)
        made = scratch / "dist" / "fieldkit"
        prove(made / PROGRAM)
        for file in ("LICENSE", "NOTICE"):
            shutil.copyfile(REPOSITORY / file, made / file)
        gather_licences(made / "licences")
        (made / "SHA256SUMS").write_text(sums(made), "utf-8", newline="\n")
        target.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target / name, ignore_errors=True)
        shutil.move(made, target / name)
    packed = target / f"{name}.zip"
    pack(target / name, packed, compress=True)
    return packed


def prove(program: Path) -> None:
    """Let the program read an .xls, know bank holidays, and live the practice day with its bundle.

    Raises ``subprocess.CalledProcessError`` where it does not.
    """
    workbook = REPOSITORY / "tests" / "fieldkit" / "workbook" / "data" / "old.xls"
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "FIELDKIT_HOME": home}
        passphrase = Path(home, "words")
        passphrase.write_text("correct unicorn stapler meadow\n", "utf-8")
        passphrase.chmod(0o600)
        opening = ["--passphrase-file", passphrase]
        for words in (
            ["--version"],
            ["self-assessment", "read", workbook],
            [*opening, "vault", "create", "--memory", "64", "--name", "A. Inspector"],
            [*opening, "calendar", "--year", "2026"],
            ["demo", "--headless"],
        ):
            subprocess.run(
                [program, *words], env=environment, check=True, stdout=subprocess.DEVNULL
            )


def _build(scratch: Path) -> list[str]:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--onedir"]
    command += ["--name", "fieldkit", "--log-level", "WARN", "--specpath", str(scratch)]
    command += ["--recursive-copy-metadata", NAME, "--noupx"]
    for package in BY_NAME:
        command += ["--collect-submodules", package]
    for package in WITH_DATA:
        command += ["--collect-data", package]
    for package in not_in_it():
        command += ["--exclude-module", package]
    # python-docx goes from this folder to the one beside it, so both have to be there.
    (docx,) = (one.locate() for one in metadata.files("python-docx") or () if one.match(DOCX_PARTS))
    command += ["--add-data", f"{docx}:docx/parts"]
    return command


def not_in_it() -> list[str]:
    """Return the packages installed here that are not of the lock, or are for central alone.

    A library may import another where that happens to be there.
    """
    ours = {one.name for one in read_lock()} - {*FOR_CENTRAL} | {NAME}
    others = (
        package
        for package, distributions in metadata.packages_distributions().items()
        if ours.isdisjoint(map(canonicalize_name, distributions))
    )
    # Python's readline brings a library under the GPL, and nothing here edits lines with it.
    return sorted({*others, "readline", "tkinter"})


def gather_licences(folder: Path) -> None:
    """Copy the licences' texts of the libraries of the lock into a folder, and Python's own."""
    folder.mkdir()
    names = {one.name for one in read_lock()} - {*FOR_CENTRAL} | {"pyinstaller"}
    for distribution in metadata.distributions():
        if canonicalize_name(distribution.name) not in names:
            continue
        for file in distribution.files or ():
            name = file.name.upper()
            if ".dist-info" in str(file.parent) and name.startswith(("LICEN", "COPYING", "NOTICE")):
                text = Path(str(distribution.locate_file(file))).read_bytes()
                (folder / f"{distribution.name}-{file.name}").write_bytes(text)
    for place in (Path(sys.base_prefix), Path(shutil.__file__).parent):
        if (place / "LICENSE.txt").is_file():
            shutil.copyfile(place / "LICENSE.txt", folder / "Python-LICENSE.txt")


def main() -> int:
    """Make the program into ``dist/`` and say where it is."""
    packed = make_standalone(REPOSITORY / "dist")
    print(f"{packed}\nSHA-256 {digest(packed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
