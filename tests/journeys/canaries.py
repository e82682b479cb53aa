"""Canaries: words that stand nowhere by chance, and the hunt for them in bytes and folders."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_LETTERS = "bcdfghjklmnpqrstvwxz"
_FOREIGN = {"c": "č", "g": "ģ", "l": "ł", "n": "ñ", "s": "š", "t": "ŧ", "w": "ŵ", "z": "ž"}
_LENGTH = 16
"""Letters of a canary: by chance it stands in a gigabyte once in 10**11 times."""


@cache
def canary(*name: str) -> str:
    """The word of a place, always the same; every other one has letters beyond ASCII."""
    digest = hashlib.sha256("\n".join(name).encode()).digest()
    letters = [_LETTERS[one % len(_LETTERS)] for one in digest[:_LENGTH]]
    if digest[-1] % 2:
        # The first is always one, so that no such word is ASCII by chance.
        letters = ["ŵ", *(_FOREIGN.get(one, one) for one in letters[1:])]
    return "".join(letters)


@cache
def forms(word: str) -> tuple[tuple[str, bytes], ...]:
    """A word as a file might hold it: the form's name and its bytes."""
    plain = word.encode()
    folded = unicodedata.normalize("NFD", word.casefold())
    found = {
        "UTF-8": plain,
        "UTF-16LE": word.encode("utf-16-le"),
        "UTF-16BE": word.encode("utf-16-be"),
        "JSON": json.dumps(word).strip('"').encode(),
        "JSON, capitals": json.dumps(word).strip('"').upper().replace("\\U", "\\u").encode(),
        "decomposed": folded.encode(),
        "capitals": word.upper().encode(),
    }
    for offset in range(3):
        found[f"base64, offset {offset}"] = _base64(plain, offset)
        found[f"base64 of UTF-16LE, offset {offset}"] = _base64(word.encode("utf-16-le"), offset)
    for name in [one for one in found if one.startswith("base64")]:
        found[f"{name}, for addresses"] = found[name].translate(bytes.maketrans(b"+/", b"-_"))
    seen: dict[bytes, str] = {}
    for name, data in found.items():
        seen.setdefault(data, name)
    return tuple((name, data) for data, name in seen.items())


def _base64(data: bytes, offset: int) -> bytes:
    """What is always there of the data in base64, where it begins at that offset of three."""
    whole = base64.b64encode(b"\0" * offset + data)
    return whole[math.ceil(offset * 8 / 6) : (offset + len(data)) * 8 // 6]


def hunt(data: bytes, words: Iterable[str]) -> dict[str, list[str]]:
    """The words that stand in the data, each with the forms in which it does."""
    found = {}
    for word in words:
        there = [name for name, form in forms(word) if form in data]
        if there:
            found[word] = there
    return found


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())


def hunt_in(folders: Iterable[Path], words: Mapping[str, str]) -> list[str]:
    """What stands readable in any byte or name below the folders; ``words`` by their names."""
    named = {word: name for name, word in words.items()}
    told = []
    for folder in folders:
        for path in files_in(folder):
            data = str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes()
            for word, there in hunt(data, named).items():
                told.append(f"{named[word]} in {path} as {', '.join(there)}")
    return told


def copied(folder: Path, to: Path) -> Path:
    """Copy a folder by another process: one that opened the database and closed the file again
    would lose its locks (:mod:`storage.database.cipher`).
    """
    copy = f"import shutil; shutil.copytree({str(folder)!r}, {str(to)!r})"
    subprocess.run([sys.executable, "-c", copy], check=True)
    return to
