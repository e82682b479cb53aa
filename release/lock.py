"""The lock file: which libraries, in which versions, with which hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[1]
LOCK = REPOSITORY / "requirements.lock"

_ENTRY = re.compile(
    r"^([a-z0-9][a-z0-9.-]*)==(\S+)(?: ; (.+?))? \\\n((?:    --hash=\S+.*\n)+)", re.M
)
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """Describes a library of the lock.

    Attributes:
        name: as package indexes compare names.
        version: the only one that is taken.
        marker: where it is needed (PEP 508); empty where everywhere.
        hashes: of its files, as ``sha256:…``.
    """

    name: str
    version: str
    marker: str
    hashes: frozenset[str]

    def is_for(self, environment: Mapping[str, str]) -> bool:
        """Say whether it is needed on such a computer."""
        return not self.marker or Marker(self.marker).evaluate(dict(environment))


def read_lock(path: Path = LOCK) -> list[Locked]:
    """Return the libraries of a lock file; raises ``ValueError`` where it is no such file."""
    text = path.read_text("utf-8")
    locked = [
        Locked(canonicalize_name(name), version, marker, frozenset(_HASH.findall(hashes)))
        for name, version, marker, hashes in _ENTRY.findall(text)
    ]
    # What is not understood must not be left out in silence.
    lines = sum(1 for line in text.splitlines() if line and line[0] not in " #")
    if not locked or len(locked) != lines or not all(one.hashes for one in locked):
        raise ValueError(f"{path.name} has {lines} libraries and {len(locked)} were understood")
    return locked


def requirements(libraries: Iterable[tuple[str, str, Iterable[str]]]) -> str:
    """Return lines for pip: each library in one version, with the hashes that it may have."""
    lines = []
    for name, version, hashes in sorted(libraries):
        lines.append(
            " \\\n    ".join([f"{name}=={version}", *(f"--hash={h}" for h in sorted(hashes))])
        )
    return "".join(f"{line}\n" for line in lines)
