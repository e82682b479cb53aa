"""Settings: what a person or an administrator has chosen for this computer.

They stand in ``settings.toml``: a person's in fieldkit's own folder, an administrator's where the
system keeps settings for everybody. What an administrator says counts. Which settings there are
stands in this module's own ``settings.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from fieldkit.vault.folders import data_folder, site_folder
from fieldkit.vault.keymap import fitting_keys
from fieldkit.vault.setting_values import fault

FILE = "settings.toml"
OWN, EVERYBODY, BUILT_IN = "yours", "for everybody", "as it comes"
"""Who says what a setting is."""
Keys = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Settings:
    """Holds what counts on this computer.

    Attributes:
        theme: of ``screens.kit.drawing.themes.NAMES``.
        glyphs: which signs are drawn.
        idle_lock: minutes without a key after which the vault locks itself, 1 to 15.
        backup_folder: where backups go; ``None`` is beside the vault.
        debrief_at: when the day's debrief is, ``HH:MM``; empty where nobody is reminded.
        debrief_reminder: minutes before it at which the app reminds.
        marking: of inspections begun from now on; empty is the methodology's.
        short_code: whether a covered screen may be opened with a short code.
        ask_passphrase: before which steps the passphrase is asked for again: ``erase``,
            ``export with key``, ``hand over``.
        keys: other keys, by page and by the command's action.
        values: each setting as it stands in a file.
        said_by: who says it: :data:`OWN`, :data:`EVERYBODY` or :data:`BUILT_IN`.
        notices: what could not be used of a file, as sentences; the default holds there.
    """

    theme: str
    glyphs: Literal["full", "plain"]
    idle_lock: int
    backup_folder: Path | None
    debrief_at: str
    debrief_reminder: int
    marking: str
    short_code: bool
    ask_passphrase: frozenset[str]
    keys: Keys = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    said_by: Mapping[str, str] = field(default_factory=dict, compare=False)
    notices: tuple[str, ...] = field(default=(), compare=False)


def read_settings() -> Settings:
    """Return the settings; a file or value that cannot be used is named and left out."""
    values = {name: one["default"] for name, one in known().items()}
    said_by = dict.fromkeys(values, BUILT_IN)
    keys: dict[str, dict[str, str]] = {}
    notices: list[str] = []
    for whose, path in ((OWN, own_file()), (EVERYBODY, site_folder() / FILE)):
        for name, value in _read(path, notices).items():
            if name not in values:
                notices.append(f"{path} has a setting “{name}” that fieldkit does not know.")
            elif wrong := fault(known()[name], value):
                notices.append(f"{path}: “{name}” {wrong}.")
            elif name == "keys":
                keys, refused = fitting_keys(value, keys)
                notices += [f"{path}: {one}" for one in refused]
                values["keys"], said_by["keys"] = {**values["keys"], **value}, whose
            else:
                values[name], said_by[name] = value, whose
    return Settings(
        theme=values["theme"],
        glyphs=cast(Literal["full", "plain"], values["glyphs"]),
        idle_lock=values["idle_lock"],
        backup_folder=Path(values["backup_folder"]) if values["backup_folder"] else None,
        debrief_at=values["debrief_at"],
        debrief_reminder=values["debrief_reminder"],
        marking=values["marking"].strip(),
        short_code=values["short_code"],
        ask_passphrase=frozenset(values["ask_passphrase"]),
        keys=keys,
        values=values,
        said_by=said_by,
        notices=tuple(f"{one} What fieldkit does otherwise holds." for one in notices),
    )


def own_file() -> Path:
    """Return the person's own settings file, which may not be there yet."""
    return data_folder() / FILE


@cache
def known() -> dict[str, dict[str, Any]]:
    """Return what is known of each setting, in the order of ``settings.toml``."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _read(path: Path, notices: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        notices.append(f"{path} cannot be read as settings.")
        return {}
