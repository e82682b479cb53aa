"""Wheels in a folder: what they are called, what they require, and whether that is all there."""

from __future__ import annotations

import hashlib
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

from release.platforms import NoKitError, Platform


@dataclass(frozen=True)
class Wheel:
    """Describes a wheel by its file."""

    path: Path

    @cached_property
    def name(self) -> str:
        """The name of its library, as package indexes compare names."""
        return canonicalize_name(parse_wheel_filename(self.path.name)[0])

    @cached_property
    def version(self) -> str:
        """Its version."""
        return str(parse_wheel_filename(self.path.name)[1])

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """Where it runs."""
        return parse_wheel_filename(self.path.name)[3]

    @cached_property
    def hash(self) -> str:
        """The hash of the file, as pip writes it."""
        return f"sha256:{hashlib.sha256(self.path.read_bytes()).hexdigest()}"

    @cached_property
    def requires(self) -> list[Requirement]:
        """What it requires, with the markers that say where."""
        with zipfile.ZipFile(self.path) as archive:
            facts = next(
                name for name in archive.namelist() if name.endswith(".dist-info/METADATA")
            )
            headers = HeaderParser().parsestr(archive.read(facts).decode())
        return [Requirement(line) for line in headers.get_all("Requires-Dist", [])]


def read_wheels(folder: Path) -> list[Wheel]:
    """Return the wheels of a folder."""
    return [Wheel(path) for path in sorted(folder.glob("*.whl"))]


def needed(
    wheels: Iterable[Wheel], root: Requirement, platform: Platform, python: str
) -> dict[str, Wheel]:
    """Return by name the wheels that such a computer takes to install ``root``, and no others.

    Markers are compared with those of the other computer, which pip does not do.

    Raises:
        NoKitError: something that is required is not there, or not in a form for this computer.
    """
    ranks = {tag: place for place, tag in enumerate(platform.takes(python))}
    by_name: Mapping[str, list[Wheel]] = defaultdict(list)
    for wheel in wheels:
        if any(tag in ranks for tag in wheel.tags):
            by_name[wheel.name].append(wheel)
    taken: dict[str, Wheel] = {}
    asked: set[tuple[str, str]] = set()
    open_ones = [(root, "")]
    while open_ones:
        requirement, of = open_ones.pop()
        name = canonicalize_name(requirement.name)
        able = [one for one in by_name[name] if requirement.specifier.contains(one.version, True)]
        if not able:
            raise NoKitError(
                f"{requirement}, which {of or 'the kit'} requires, is in no form for "
                f"{platform.key} with Python {python}. Nothing was made."
            )
        wheel = min(able, key=lambda one: min(ranks[tag] for tag in one.tags if tag in ranks))
        taken[name] = wheel
        for extra in {"", *requirement.extras} - {extra for known, extra in asked if known == name}:
            asked.add((name, extra))
            here = {**platform.markers(python), "extra": extra}
            open_ones += [
                (one, name)
                for one in wheel.requires
                if one.marker is None or one.marker.evaluate(here)
            ]
    return taken
