"""Changes a person's own settings; what an administrator says of one, nobody else changes."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from fieldkit.vault.keymap import Keyed, find, fitting_keys
from fieldkit.vault.setting_values import typed
from fieldkit.vault.settings import EVERYBODY, Settings, known, own_file, read_settings
from storage.errors import FieldkitError
from storage.files import make_folder, write
from storage.ops.meant import did_you_mean

KEYS = "keys."
HEAD = (
    "# Your settings of fieldkit. “fieldkit settings set” and the page Settings write this file.\n"
)


def change_setting(name: str, text: str) -> Settings:
    """Set a setting to what a person typed, and return the settings as they are then.

    Args:
        name: of the setting; a key is ``keys.PAGE.COMMAND``, such as ``keys.cases.withdraw``.
        text: the value as it is typed.

    Raises:
        FieldkitError: the name or value is not one, an administrator says what it is, or the file
            cannot be read or written. Nothing was changed then.
    """
    if name.startswith(KEYS):
        return _change_key(_command(name), text.strip())
    value = typed(_known(name), text)
    return _write({**_own(), name: value})


def reset_setting(name: str) -> Settings:
    """Take a person's own value away, so that what fieldkit does otherwise holds.

    Raises as :func:`change_setting` does.
    """
    own = _own()
    if name.startswith(KEYS):
        command = _command(name)
        pages = {page: dict(table) for page, table in own.get("keys", {}).items()}
        table = pages.get(command.page, {})
        pages[command.page] = {
            one: key for one, key in table.items() if one.casefold() != command.label
        }
        own["keys"] = {page: table for page, table in pages.items() if table}
    else:
        own.pop(name if name == "keys" else _checked(name), None)
    return _write({name: value for name, value in own.items() if value != {}})


def _change_key(command: Keyed, key: str) -> Settings:
    own = _own()
    table = {
        label: old
        for label, old in own.get("keys", {}).get(command.page, {}).items()
        if label.casefold() != command.label
    }
    pages = {**own.get("keys", {}), command.page: {**table, command.label: key}}
    _, refused = fitting_keys(pages, {})
    _, refused_before = fitting_keys(own.get("keys", {}), {})
    if new := [one for one in refused if one not in refused_before]:
        raise FieldkitError(f"{new[0][0].upper()}{new[0][1:]} Nothing was changed.")
    return _write({**own, "keys": pages})


def _command(name: str) -> Keyed:
    page, _, label = name.removeprefix(KEYS).partition(".")
    return find(page, label)


def _known(name: str) -> dict[str, Any]:
    if name == "keys":
        raise FieldkitError(
            "A key is set by its page and command, such as “keys.cases.withdraw”. Nothing was "
            "changed. “fieldkit settings keys” lists them all."
        )
    return known()[_checked(name)]


def _checked(name: str) -> str:
    if name not in known():
        asked = did_you_mean(name, known())
        raise FieldkitError(
            f"fieldkit has no setting “{name}”. Nothing was changed. "
            f"{asked or '“fieldkit settings list” lists them all.'}"
        )
    if read_settings().said_by[name] == EVERYBODY:
        label = known()[name]["label"]
        raise FieldkitError(
            f"“{label}” is set for everybody who uses this computer. Nothing was changed; whoever "
            "administers it can."
        )
    return name


def _own() -> dict[str, Any]:
    """Return what the person's file says; raises where it cannot be read, so that none is lost."""
    path = own_file()
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise FieldkitError(
            f"{path} cannot be read as settings. Nothing was changed. Correct the file or take it "
            "away, and try again."
        ) from error


def _write(own: Mapping[str, Any]) -> Settings:
    plain = {name: value for name, value in own.items() if not isinstance(value, Mapping)}
    tables = {name: value for name, value in own.items() if isinstance(value, Mapping)}
    parts = [HEAD]
    for name, value in plain.items():
        about = known().get(name, {}).get("about", "fieldkit does not know this one.")
        parts.append(f"\n# {about}\n{_name(name)} = {_toml(value)}\n")
    for name, value in tables.items():
        parts.append("\n" + _table([name], value))
    path = own_file()
    make_folder(path.parent)
    write(path, "".join(parts).encode())
    return read_settings()


def _table(names: list[str], table: Mapping[str, Any]) -> str:
    lines = [f"{_name(name)} = {_toml(one)}\n" for name, one in table.items() if not _nested(one)]
    head = [f"[{'.'.join(map(_name, names))}]\n"] if lines or not table else []
    inner = [_table([*names, name], one) for name, one in table.items() if _nested(one)]
    return "".join(head + lines + inner)


def _nested(value: object) -> bool:
    return isinstance(value, Mapping)


def _name(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else _toml(name)


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        pairs = (f"{_name(name)} = {_toml(one)}" for name, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    # Strings, whole numbers and truth are written as JSON writes them; only DEL needs more.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
