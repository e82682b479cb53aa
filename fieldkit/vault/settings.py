"""Settings: what a person or an administrator has chosen for this computer.

They stand in ``settings.toml``: a person's in fieldkit's own folder, an administrator's where the
system keeps settings for everybody. What an administrator says counts. Which settings there are
stands in this module's own ``settings.toml``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from fieldkit.vault.folders import data_folder, site_folder

FILE = "settings.toml"


@dataclass(frozen=True)
class Settings:
    """Holds what counts on this computer.

    Attributes:
        short_code: whether a covered screen may be opened with a short code.
        ask_passphrase: before which steps the passphrase is asked for again: ``erase``,
            ``export with key``, ``hand over``.
        notices: what could not be used of a file, as sentences; the default holds there.
    """

    short_code: bool
    ask_passphrase: frozenset[str]
    notices: tuple[str, ...] = field(default=(), compare=False)


def read_settings() -> Settings:
    """Return the settings; a file or value that cannot be used is named and left out."""
    values = {name: known["default"] for name, known in _known().items()}
    notices: list[str] = []
    for folder in (data_folder(), site_folder()):
        path = folder / FILE
        for name, value in _read(path, notices).items():
            if name not in values:
                notices.append(f"{path} has a setting “{name}” that fieldkit does not know.")
            elif _fits(_known()[name], value):
                values[name] = value
            else:
                notices.append(f"{path}: what it says of “{name}” cannot be used.")
    return Settings(
        short_code=values["short_code"],
        ask_passphrase=frozenset(values["ask_passphrase"]),
        notices=tuple(f"{one} What fieldkit does otherwise holds." for one in notices),
    )


@cache
def _known() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _read(path: Path, notices: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        notices.append(f"{path} cannot be read as settings.")
        return {}


def _fits(known: dict[str, Any], value: object) -> bool:
    if "choices" not in known:
        return isinstance(value, bool)
    return isinstance(value, list) and all(each in known["choices"] for each in value)
