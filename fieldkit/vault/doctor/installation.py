"""Python, the distribution, its files, and the libraries that it requires."""

from __future__ import annotations

import base64
import hashlib
import platform
import struct
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import fieldkit
from fieldkit.vault.doctor.distribution import NAME, OTHER, others, way_out
from fieldkit.vault.doctor.finding import Finding
from storage.database.cipher import library_versions
from storage.errors import FieldkitError
from storage.ops.text import many

PYTHON_AT_LEAST = (3, 11)
_AGAIN = (
    "Install fieldkit again from the file you were given, with the libraries that came with it."
)
PACKAGES = ("fieldkit/", "screens/", "storage/")


def look_at_installation() -> Iterator[Finding]:
    """Look at Python and at what is installed in it; opens and changes nothing."""
    yield from _python()
    yield from _distribution()
    yield from _libraries()
    yield _database()


def _python() -> Iterator[Finding]:
    version, machine = platform.python_version(), platform.machine()
    text = f"Python {version} on {platform.system()} {platform.release()}, {machine}"
    if sys.version_info < PYTHON_AT_LEAST:
        needed = ".".join(map(str, PYTHON_AT_LEAST))
        yield Finding("Python", "mend", text, f"Install Python {needed} or newer.")
    elif platform.system() == "Windows" and machine.upper() == "ARM64":
        yield Finding(
            "Python",
            "mend",
            f"{text}: the library “cryptography” comes in no form for it",
            "Install the x64 (64-bit Intel) Python from python.org; Windows on ARM runs it.",
        )
    elif struct.calcsize("P") < 8:
        yield Finding("Python", "mend", f"{text}, of 32 bits", "Install a 64-bit Python.")
    else:
        yield Finding("Python", "ok", text)


def _distribution() -> Iterator[Finding]:
    for other in others():
        where = f"“{OTHER}” {other.version} in {other.folder.parent}"
        if other.is_ours:
            way = f"Run “pip uninstall {OTHER}”, then install this one again."
            yield Finding(
                "distribution", "beware", f"An earlier fieldkit lies beside: {where}", way
            )
        else:
            text = f"Another project's program of our name is installed: {where}"
            yield Finding("distribution", "mend", text, way_out())
    if getattr(sys, "frozen", False):
        yield Finding("distribution", "ok", f"{NAME} {fieldkit.__version__}, a stand-alone program")
        return
    try:
        ours = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        text = f"fieldkit {fieldkit.__version__} runs from a folder and is not installed"
        yield Finding("distribution", "beware", text, f"{_AGAIN} For a trial it does not matter.")
        return
    text = f"{NAME} {ours.version}"
    if ours.version != fieldkit.__version__:
        text += f" is installed, and the program says it is {fieldkit.__version__}"
        yield Finding("distribution", "mend", text, _AGAIN)
    elif changed := list(_changed_files(ours)):
        text += f": {many(len(changed), 'file')} of it changed or gone, {changed[0]} first"
        yield Finding("distribution", "mend", text, _AGAIN)
    else:
        yield Finding("distribution", "ok", text)


def _changed_files(ours: metadata.Distribution) -> Iterator[str]:
    """Name the program files that are not as the wheel's own list says (its RECORD)."""
    for file in ours.files or ():
        name = file.as_posix()
        if file.hash is None or not name.startswith(PACKAGES):
            continue
        try:
            data = Path(str(file.locate())).read_bytes()
        except OSError:
            yield name
            continue
        digest = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, data).digest())
        if digest.decode().rstrip("=") != file.hash.value:
            yield name


def _libraries() -> Iterator[Finding]:
    try:
        needed = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:
        yield Finding("libraries", "ok", "not compared, as fieldkit is not installed")
        return
    try:
        wrong = list(filter(None, map(unmet, needed)))
    except ImportError:
        # What compares them is one of them.
        wrong = ["packaging is missing, so the others were not compared"]
    if wrong:
        yield Finding("libraries", "mend", "; ".join(wrong), _AGAIN)
    else:
        yield Finding("libraries", "ok", f"all {len(needed)} that it requires are as required")


def unmet(line: str) -> str:
    """Say what is wrong with a library that is required.

    Nothing is wrong with one that is as required, or not needed on this system or without an
    extra. Raises ``ImportError`` where the library that compares versions is missing itself.

    Args:
        line: a requirement as a distribution writes it (PEP 508).
    """
    from packaging.requirements import Requirement

    wanted = Requirement(line)
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return ""
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted.name} is missing"
    if not wanted.specifier.contains(version, prereleases=True):
        return f"{wanted.name} is {version} and has to be {wanted.specifier}"
    return ""


def _database() -> Finding:
    try:
        cipher, sqlite = library_versions()
    except FieldkitError as error:
        return Finding("database", "mend", str(error), _AGAIN)
    return Finding("database", "ok", f"SQLCipher {cipher}, SQLite {sqlite}")
