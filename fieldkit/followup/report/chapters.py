"""The parts and chapters of the report as data: titles, order, and whose findings stand where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fieldkit.service import RefusedError
from storage.files import read

REST = "*"
"""Among the criteria of a chapter: all that no other chapter names."""
SUMMARY, FRONT, ANNEX = "summary", "front", "annex"
LARGEST_BYTES = 2**16
"""Bytes of a file of chapters: the one of fieldkit has less than three thousand."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Holds what is known of a chapter before anything is written in it.

    Attributes:
        key: what is written in it.
        title: as it is printed, with its number; “{force}” is still to be filled in.
        part: the title of the part that begins with it; empty for all but its first chapter.
        criteria: the keys of the criteria whose findings stand in it; :data:`REST` among them.
        empty: what is said where there is nothing for it.
    """

    key: str
    title: str
    part: str
    criteria: tuple[str, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Chapters:
    """Holds the title of the executive summary, and the chapters in their order."""

    summary: str
    chapters: tuple[Chapter, ...]

    def criteria_of(self, chapter: Chapter, keys: Iterable[str]) -> list[str]:
        """Return which of some criteria a chapter has, in their order."""
        named = {one for each in self.chapters for one in each.criteria}
        rest = REST in chapter.criteria
        return [key for key in keys if key in chapter.criteria or (rest and key not in named)]


@cache
def standing_words() -> Mapping[str, Mapping[str, Any]]:
    """Return the standing words of the report, from ``words.toml``."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


def chapters(path: Path | None = None) -> Chapters:
    """Return fieldkit's own chapters, or those of a file.

    Raises:
        RefusedError: it is no TOML, or has another key or shape than fieldkit's own.
        FileRefusedError: it cannot be read.
    """
    own = _own()
    if path is None:
        return _read(own, own, "fieldkit's own chapters")
    try:
        data = tomllib.loads(read(path, LARGEST_BYTES).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(
            f"{path.name} could not be read as TOML ({error}). Nothing was written; write it as "
            "docs/inspectors.md shows, or leave it out."
        ) from None
    return _read(data, own, path.name)


@cache
def _own() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "chapters.toml").read_text("utf-8"))


def _read(data: Mapping[str, Any], own: Mapping[str, Any], name: str) -> Chapters:
    known = {one["key"]: one for part in own["parts"] for one in part["chapters"]}
    found: list[Chapter] = []
    try:
        summary = _text(data.get("summary", own["summary"])["title"])
        for part in data["parts"]:
            title = _text(part["title"])
            for one in part["chapters"]:
                key = _text(one["key"])
                standard = known[key]
                found.append(
                    Chapter(
                        key=key,
                        title=f"{len(found) + 1}. {_text(one.get('title', standard['title']))}",
                        part=title,
                        criteria=tuple(
                            map(_text, one.get("criteria", standard.get("criteria", ())))
                        ),
                        empty=_text(one.get("empty", standard["empty"])),
                    )
                )
                title = ""
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RefusedError(
            f"{name} does not say which chapters the report has: {error}. Nothing was written; it "
            f"needs [[parts]] with a title and [[parts.chapters]] with a key of these: "
            f"{', '.join(known)}."
        ) from None
    keys = [one.key for one in found]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice or not found:
        what = f"names {', '.join(twice)} twice" if twice else "names no chapter"
        raise RefusedError(f"{name} {what}. Nothing was written; name each chapter once.")
    return Chapters(summary, tuple(found))


def left_out(known: Chapters) -> list[str]:
    """Return the titles of fieldkit's own chapters that a file of chapters leaves out."""
    there = {one.key for one in known.chapters}
    return [one.title for one in chapters().chapters if one.key not in there]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"“{value}” is no text")
    return value.strip()
