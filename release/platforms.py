"""The computers that kits are made for, as ``platforms.toml`` lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms


class NoKitError(Exception):
    """No kit can be made, and the message says why."""


@dataclass(frozen=True)
class Platform:
    """Describes one kind of computer.

    Attributes:
        key: its name on the command line.
        name: its name in words.
        tags: the platform tags of wheels that run there, the best first.
        scripts: the scripts of a kit for it.
        environment: what markers are compared with, besides the version of Python.
    """

    key: str
    name: str
    tags: tuple[str, ...]
    scripts: tuple[str, ...]
    environment: dict[str, str]

    def markers(self, python: str) -> dict[str, str]:
        """Return what markers are compared with there, for a Python such as 3.12 (PEP 508)."""
        return {
            **self.environment,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
            "implementation_version": f"{python}.0",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
            "extra": "",
        }

    def takes(self, python: str) -> list[Tag]:
        """Return the tags of the wheels that such a Python takes there, the best first."""
        version = tuple(map(int, python.split(".")))
        interpreter = f"cp{''.join(python.split('.'))}"
        return [
            *cpython_tags(version, [interpreter], self._all_tags()),
            *compatible_tags(version, interpreter, self._all_tags()),
        ]

    def _all_tags(self) -> list[str]:
        return list(dict.fromkeys(_older(self.tags)))


def _older(tags: Iterable[str]) -> Iterator[str]:
    """Add what is older than a version of macOS, which runs there too."""
    for tag in tags:
        yield tag
        if tag.startswith("macosx_"):
            _, major, minor, machine = tag.split("_", 3)
            yield from mac_platforms((int(major), int(minor)), machine)


def pythons() -> tuple[str, ...]:
    """Return the versions of Python that a kit is for, if none are named."""
    return tuple(_table()["pythons"])


def find_platform(key: str) -> Platform:
    """Return a platform; raises :class:`NoKitError` for one that gets no kit or is not known."""
    known = {name: facts for name, facts in _table().items() if isinstance(facts, dict)}
    facts = known.get(key)
    if facts is None:
        possible = [name for name, one in known.items() if "refused" not in one]
        raise NoKitError(
            f"“{key}” is not a platform that is known here. Nothing was made. Take one of "
            f"{', '.join(possible)}."
        )
    if "refused" in facts:
        raise NoKitError(f"No kit was made for {key}. {facts['refused']}")
    return Platform(
        key, facts["name"], tuple(facts["tags"]), tuple(facts["scripts"]), facts["environment"]
    )


def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
