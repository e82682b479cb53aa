"""Says where a vault lies: in a synchronised folder, on a network, on a poor disk, open to others.

Judged by names on the way to the folder, by what synchronising programs leave in folders above it,
and by the file system. All of that can be wrong, so it warns and never refuses. What is known and
what is said stands in ``neighbourhood.toml``.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from storage.files import readable_by
from storage.vault.folder import DATABASE, KEYS

MOUNTS = Path("/proc/self/mountinfo")
"""What Linux tells of file systems: proc_pid_mountinfo(5)."""


@dataclass(frozen=True)
class Warned:
    """Says something about the folder that a person should know.

    Attributes:
        kind: ``synchronised``, ``network``, ``plain`` (formatted as sticks are), ``shared`` or
            ``readable`` (by others than its owner).
        name: whose folder it is, what file system, or who may read it.
        loud: said at unlocking too, not only where it is asked for.
        text: the sentence.
    """

    kind: str
    name: str
    loud: bool
    text: str


def warnings(
    folder: Path,
    *,
    mounts: Sequence[tuple[str, str]] | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[Warned]:
    """Return what there is to say of a vault's folder, which need not exist yet.

    Args:
        folder: the vault's.
        mounts: mount points and their file systems; the system is asked where they are not given.
        environment: the variables to look in, the process's own where they are not given.
    """
    known = [_synchronised(folder, os.environ if environment is None else environment)]
    known.append(_on_file_system(folder, _mounts() if mounts is None else mounts))
    known.append(open_to_others(folder))
    return [warning for warning in known if warning is not None]


def loud(folder: Path) -> list[str]:
    """Return the sentences that are worth saying unasked."""
    return [one.text for one in warnings(folder) if one.loud]


def open_to_others(folder: Path) -> Warned | None:
    """Return what there is to say where others than the owner may read or change the folder.

    Its files are encrypted and their owner's alone, but whoever may write to a folder can put
    others in their place, and whoever may read it sees when somebody works.
    """
    try:
        status = folder.stat()
    except OSError:
        return None  # not made yet, or nobody may look
    others = readable_by(status)
    if not others and status.st_mode & (stat.S_IXGRP | stat.S_IXOTH):
        # Nobody may list it, but whoever knows the names gets in.
        for name in (DATABASE, KEYS):
            with suppress(OSError):
                others = others or readable_by((folder / name).stat())
    return _warned(_known()["open"], others, str(folder)) if others else None


@cache
def _known() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _warned(rule: Mapping[str, Any], name: str, where: str) -> Warned:
    words = str(_known()["words"][rule["words"]])
    text = words.format(name=name, where=where)
    return Warned(str(rule["words"]), name, rule["level"] == "warn", text)


def _synchronised(folder: Path, environment: Mapping[str, str]) -> Warned | None:
    ways = dict.fromkeys((folder.absolute(), _resolved(folder)))
    for rule in _known()["place"]:
        for way in ways:
            where = _by_name(rule, way) or _by_variable(rule, way, environment)
            where = where or _by_mark(rule, way)
            if where is not None:
                return _warned(rule, str(rule["name"]), str(where))
    return None


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):  # links that go round
        return folder.absolute()


def _by_name(rule: Mapping[str, Any], way: Path) -> Path | None:
    patterns = rule.get("parts", ())
    for folder in (way, *way.parents):
        if any(fnmatchcase(folder.name.casefold(), one) for one in patterns):
            return folder
    return None


def _by_variable(rule: Mapping[str, Any], way: Path, environment: Mapping[str, str]) -> Path | None:
    for name in rule.get("variables", ()):
        value = environment.get(name, "").strip()
        if value and way.is_relative_to(Path(value)):
            return Path(value)
    return None


def _by_mark(rule: Mapping[str, Any], way: Path) -> Path | None:
    patterns = rule.get("marks", ())
    for folder in (way, *way.parents) if patterns else ():
        for pattern in patterns:
            try:
                if next(folder.glob(pattern), None) is not None:
                    return folder
            except OSError:
                continue
    return None


def _on_file_system(folder: Path, mounts: Sequence[tuple[str, str]]) -> Warned | None:
    way = _resolved(folder)
    depth, point, kind = 0, "", ""
    if way.drive.startswith("\\\\"):  # \\server\share
        point, kind = way.drive, "remote"
    for mounted, sort in mounts:
        # Of two mounted at one point the later one is seen.
        if way.is_relative_to(Path(mounted)) and len(Path(mounted).parts) >= depth:
            depth, point, kind = len(Path(mounted).parts), mounted, sort
    for rule in _known()["file_system"]:
        if kind.casefold() in rule["types"]:
            return _warned(rule, kind, point)
    return None


def _mounts() -> list[tuple[str, str]]:
    """Return mount points and file systems of this computer, as far as it tells."""
    ask = {"linux": _linux_mounts, "darwin": _darwin_mounts, "win32": _windows_drives}
    try:
        return list(ask.get(sys.platform, tuple)())
    except (OSError, ValueError, subprocess.SubprocessError):
        return []


def _linux_mounts() -> Iterator[tuple[str, str]]:
    return read_mountinfo(MOUNTS.read_text("utf-8", errors="surrogateescape"))


def read_mountinfo(text: str) -> Iterator[tuple[str, str]]:
    """Return mount points and file systems out of Linux's own list, in its order."""
    for line in text.splitlines():
        before, dash, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if dash and len(fields) > 4 and kinds[0]:
            yield _unescaped(fields[4]), kinds[0]


def _unescaped(text: str) -> str:
    """Blanks and backslashes are written as three octal digits there."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _darwin_mounts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["/sbin/mount"],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=5,
        check=False,
    ).stdout
    for line in listed.splitlines():
        match = re.fullmatch(r".+ on (/.*) \((\w+)[,)].*", line)
        if match:
            yield match[1], match[2]


def _windows_drives() -> list[tuple[str, str]]:
    """Return each drive letter that is a network drive."""
    drives: list[tuple[str, str]] = []
    if sys.platform == "win32":
        import ctypes

        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            if ctypes.windll.kernel32.GetDriveTypeW(f"{letter}:\\") == 4:  # DRIVE_REMOTE
                drives.append((f"{letter}:\\", "remote"))
    return drives
