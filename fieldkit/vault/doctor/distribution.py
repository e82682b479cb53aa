"""Which distributions lie where this Python looks, and whether one is another project's.

PyPI has a project called “fieldkit” that is not this one. Who installs it by that name gets its
files beside ours, or in their place.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.errors import FieldkitError

NAME = "fieldkit-inspection"
"""What pip calls this program (pyproject.toml)."""
SUMMARY = "An offline terminal notebook for inspectors of police forces' child protection work"
"""What the distribution says of itself; an earlier one of ours was called “fieldkit”."""
OTHER = "fieldkit"

_FOLDER = re.compile(r"fieldkit-([^-]+)(?:-[^-]+)?\.(?:dist|egg)-info", re.IGNORECASE)
_LONGEST_HEAD = 64 * 1024
"""Bytes of a distribution's facts that are read; its summary stands near their beginning."""


class StrangerInstalledError(FieldkitError):
    """Another project's program of our name is installed in the same Python."""


@dataclass(frozen=True)
class Other:
    """Describes a distribution called “fieldkit”.

    Attributes:
        version: as its folder says.
        folder: where it lies.
        is_ours: whether it is an earlier fieldkit of ours.
    """

    version: str
    folder: Path
    is_ours: bool


def others(places: Iterable[str] | None = None) -> list[Other]:
    """Return the distributions called “fieldkit” where Python looks.

    Quick, for every start: without ``importlib.metadata``, which takes longer than all else here.

    Args:
        places: folders to look in; those of ``sys.path`` where they are not given.
    """
    distributions = []
    for place in dict.fromkeys(sys.path if places is None else places):
        with suppress(OSError):
            for name in os.listdir(place or "."):  # noqa: PTH208 - names alone, and quickly
                if matched := _FOLDER.fullmatch(name):
                    folder = Path(place or ".") / name
                    distributions.append(Other(matched[1], folder, _is_ours(folder)))
    return distributions


def refuse_strangers() -> None:
    """Raise :class:`StrangerInstalledError` where another project's fieldkit is installed."""
    for other in others():
        if not other.is_ours:
            raise StrangerInstalledError(
                f"Another project's program called “fieldkit” ({other.version}) is installed in "
                f"the same Python ({other.folder.parent}), and may have put its files in the place "
                f"of ours. Nothing was opened and no vault was touched. {way_out()}"
            )


def way_out() -> str:
    """Return how the other program is taken away, and ours put back."""
    return (
        f"Run “{Path(sys.executable).name} -m pip uninstall {OTHER} {NAME}”, then install this one "
        "again from the file you were given, never by the name “fieldkit”."
    )


def _is_ours(folder: Path) -> bool:
    for facts in ("METADATA", "PKG-INFO"):
        with suppress(OSError):
            with (folder / facts).open(encoding="utf-8", errors="replace") as file:
                return f"\nSummary: {SUMMARY}\n" in file.read(_LONGEST_HEAD)
    return False
