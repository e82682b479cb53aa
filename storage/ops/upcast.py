"""Names in ops are for ever; ``upcast.toml`` says what they are called now."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.errors import FieldkitError

VERSION = 1
"""Version of what a vault keeps that is not derived: ``op``, ``draft`` and ``meta``."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class UpcastError(FieldkitError):
    """The table of renames that comes with fieldkit contradicts itself."""


@dataclass(frozen=True)
class Renames:
    """Says what was renamed.

    Attributes:
        kinds: kinds of record, the name in ops to the present one.
        fields: fields by the present kind, the name in ops to the present one.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.kinds or self.fields)

    def kind(self, name: str) -> str:
        """Return the present name of a kind of record."""
        return self.kinds.get(name, name)

    def values(self, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Return fields under their present names; ``kind`` is the present one."""
        renamed = self.fields.get(kind)
        if not renamed:
            return fields
        return {renamed.get(name, name): value for name, value in fields.items()}


def load(text: str, version: int, known: Mapping[str, Iterable[str]] | None = None) -> Renames:
    """Read a table of renames strictly.

    Args:
        text: TOML, as ``upcast.toml`` explains it.
        version: the present version of the store; no rename is of a later one.
        known: where given, the kinds and fields there are now; every ``to`` must be among them, and
            no ``from``.

    Raises:
        UpcastError: a row has another form, two contradict each other, or a name is used again.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(str(error)) from None
    if not data.keys() <= {"kind", "field"}:
        raise _wrong("it has a table that is neither “kind” nor “field”")
    kinds: dict[str, str] = {}
    for row in data.get("kind", []):
        _row(row, {"from", "to", "since"}, version)
        _put(kinds, row)
    fields: dict[str, dict[str, str]] = {}
    for row in data.get("field", []):
        _row(row, {"kind", "from", "to", "since"}, version)
        if row["kind"] in kinds:
            raise _wrong(f"a field is told of under “{row['kind']}”, which is renamed itself")
        _put(fields.setdefault(row["kind"], {}), row)
    for names in (kinds, *fields.values()):
        twice = names.keys() & set(names.values())
        if twice:
            raise _wrong(f"“{min(twice)}” is renamed, and something else is called so")
    if known is not None:
        _present(kinds, known.keys())
        for kind, names in fields.items():
            _present(names, known.get(kind, ()))
    return Renames(kinds, fields)


def _row(row: Any, members: set[str], version: int) -> None:
    if not isinstance(row, dict) or row.keys() != members:
        raise _wrong(f"a row has other members than {', '.join(sorted(members))}")
    for name in members - {"since"}:
        if not isinstance(row[name], str) or not _NAME.fullmatch(row[name]):
            raise _wrong(f"“{row[name]}” is not a name")
    if type(row["since"]) is not int or not 2 <= row["since"] <= version:
        raise _wrong(f"“since” is {row['since']}, which is none of the versions 2 to {version}")


def _put(names: dict[str, str], row: dict[str, str]) -> None:
    if row["from"] in names:
        raise _wrong(f"“{row['from']}” is renamed twice")
    names[row["from"]] = row["to"]


def _present(names: Mapping[str, str], known: Iterable[str]) -> None:
    present = set(known)
    for before, now in names.items():
        if now not in present or before in present:
            raise _wrong(f"“{before}” to “{now}” does not lead to a name there is now")


def _wrong(reason: str) -> UpcastError:
    return UpcastError(
        f"fieldkit's own table of renames cannot be used: {reason}. No vault was opened or "
        "changed. Install fieldkit again."
    )


def shipped() -> str:
    """Return the text of the table that comes with fieldkit."""
    return Path(__file__).with_name("upcast.toml").read_text("utf-8")
