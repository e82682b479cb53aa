"""Python, the distribution, its files, and the libraries that it requires."""

from __future__ import annotations

import base64
import hashlib
import operator
import platform
import re
import struct
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

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
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)\)?\s*(?:;(.*))?")
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
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
        required = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:
        yield Finding("libraries", "ok", "not compared, as fieldkit is not installed")
        return
    needed = [one for one in map(read_requirement, required) if one is not None]
    wrong = [trouble for name, wanted in needed if (trouble := unmet(name, wanted))]
    if wrong:
        yield Finding("libraries", "mend", "; ".join(wrong), _AGAIN)
    else:
        yield Finding("libraries", "ok", f"all {len(needed)} that it requires are there")


def read_requirement(text: str) -> tuple[str, str] | None:
    """Return name and versions of what a distribution requires; nothing for what is by choice."""
    match = _REQUIREMENT.fullmatch(text)
    if match is None or "extra" in (match[3] or ""):
        return None
    return match[1], match[2].strip()


def unmet(name: str, wanted: str) -> str:
    """Say what is wrong with a library that is required; nothing where it is as required."""
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    for each in filter(None, map(str.strip, wanted.split(","))):
        sign = next((one for one in _COMPARED if each.startswith(one)), "")
        if sign and not _COMPARED[sign](*_numbers(version, each.removeprefix(sign))):
            return f"{name} is {version} and has to be {wanted}"
    return ""


def _numbers(*versions: str) -> tuple[tuple[int, ...], ...]:
    """Return versions as numbers of the same length: 2 is 2.0.0."""
    parts = [[int(part) for part in re.findall(r"\d+", one)] for one in versions]
    longest = max(map(len, parts))
    return tuple(tuple(one + [0] * (longest - len(one))) for one in parts)


def _database() -> Finding:
    try:
        cipher, sqlite = library_versions()
    except FieldkitError as error:
        return Finding("database", "mend", str(error), _AGAIN)
    return Finding("database", "ok", f"SQLCipher {cipher}, SQLite {sqlite}")
