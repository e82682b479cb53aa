"""The shapes of what commands answer with ``--json``: recorded in answers.json, and kept by tests.

Every test that runs a command has its answer tried, whether it asked for JSON or not, so the shapes
are tried with all that the tests do. ``make answers`` records them anew and writes the page
``docs/json.md``; ``make answers TESTS=tests/fieldkit/cli/test_x.py`` adds what those tests see.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from storage.records import Record

RECORDED = Path(__file__).with_name("answers.json")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "json.md"
_KEY = re.compile(r"[a-z][a-z0-9_]*")
WORDS = {
    str: "text",
    bool: "yes or no",
    int: "whole number",
    float: "number",
    type(None): "nothing",
}


@dataclass
class Shape:
    """Describes what stood in one place of an answer, over all that was seen.

    Attributes:
        plain: the types of single values, as ``docs/json.md`` names them.
        members: of an object, each name with its shape.
        seldom: names that do not always stand there.
        entries: of a list, or of an object whose names are data, the shape of each.
        by_name: whether it is such an object.
        what: the class that says what its members are; empty where none does.
    """

    plain: set[str] = field(default_factory=set)
    members: dict[str, Shape] | None = None
    seldom: set[str] = field(default_factory=set)
    entries: Shape | None = None
    by_name: bool = False
    what: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it is recorded."""
        return {
            key: value
            for key, value in {
                "plain": sorted(self.plain),
                "members": {n: one.to_json() for n, one in sorted((self.members or {}).items())}
                if self.members is not None
                else None,
                "seldom": sorted(self.seldom),
                "entries": self.entries and self.entries.to_json(),
                "by_name": self.by_name,
                "what": self.what,
            }.items()
            if value or (key == "members" and value is not None)
        }


def from_json(data: Mapping[str, Any]) -> Shape:
    """Return a recorded shape."""
    members = data.get("members")
    return Shape(
        set(data.get("plain", ())),
        None if members is None else {name: from_json(one) for name, one in members.items()},
        set(data.get("seldom", ())),
        from_json(data["entries"]) if "entries" in data else None,
        data.get("by_name", False),
        data.get("what", ""),
    )


def shape_of(value: Any) -> Shape:
    """Return the shape of one answer, before it is JSON: its classes are still known."""
    what = ""
    if isinstance(value, Record):
        what = f"{type(value).__module__}.{type(value).__name__}"
        value = {"id": value.id} | {name: getattr(value, name) for name in value.field_names()}
    elif is_dataclass(value) and not isinstance(value, type):
        what = f"{type(value).__module__}.{type(value).__name__}"
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in value):
            return Shape(entries=merged(map(shape_of, value.values())), by_name=True)
        return Shape(members={key: shape_of(one) for key, one in value.items()}, what=what)
    if isinstance(value, list | tuple | set | frozenset):
        return Shape(entries=merged(map(shape_of, value)))
    if isinstance(value, str | Path):
        return Shape(plain={"text"})
    return Shape(plain={WORDS[type(value)]})


def merged(shapes: Iterable[Shape]) -> Shape:
    """Return what holds of all of these."""
    whole = Shape()
    for number, one in enumerate(shapes):
        whole = both(whole, one) if number else one
    return whole


def both(one: Shape, other: Shape) -> Shape:
    """Return what holds of either."""
    whole = Shape(
        one.plain | other.plain,
        None,
        one.seldom | other.seldom,
        both(one.entries, other.entries)
        if one.entries and other.entries
        else one.entries or other.entries,
        one.by_name or other.by_name,
        one.what if one.what == other.what else one.what and other.what and "",
    )
    if one.what and not other.what and other.members is None:
        whole.what = one.what
    if other.what and not one.what and one.members is None:
        whole.what = other.what
    if whole.by_name:
        for side in (one, other):
            for inner in (side.members or {}).values():
                whole.entries = both(whole.entries, inner) if whole.entries else inner
        whole.seldom = set()
        return whole
    if one.members is not None and other.members is not None:
        names = {**one.members, **other.members}
        whole.seldom |= one.members.keys() ^ other.members.keys()
        whole.members = {
            name: both(one.members[name], other.members[name])
            if name in one.members and name in other.members
            else names[name]
            for name in names
        }
    else:
        whole.members = one.members if one.members is not None else other.members
    return whole


def differences(seen: Shape, known: Shape, place: str = "answer") -> list[str]:
    """Say where what was seen is not as it is recorded; nothing where it is."""
    wrong = [f"{place} is {one}" for one in sorted(seen.plain - known.plain)]
    if seen.members is not None and known.by_name and known.entries is not None:
        for name, one in seen.members.items():
            wrong += differences(one, known.entries, f"{place}.{name}")
    elif seen.members is not None:
        inner = known.members or {}
        wrong += [f"{place}.{name} is new" for name in seen.members if name not in inner]
        missing = inner.keys() - seen.members.keys() - known.seldom
        wrong += [f"{place}.{name} is not there" for name in sorted(missing)]
        for name in seen.members.keys() & inner.keys():
            wrong += differences(seen.members[name], inner[name], f"{place}.{name}")
    if seen.entries is not None and seen.entries != Shape():
        if known.entries is None:
            wrong.append(f"{place} is a list or has names that are data")
        else:
            wrong += differences(seen.entries, known.entries, f"{place}[]")
    return wrong


def recorded() -> dict[str, Shape]:
    """Return the recorded shapes by command."""
    data = json.loads(RECORDED.read_text("utf-8"))
    return {command: from_json(one) for command, one in data.items()}


def merge_records(folder: Path) -> dict[str, Shape]:
    """Return the shapes that the tests saw, a line of JSON for each answer."""
    seen: dict[str, Shape] = {}
    for path in sorted(folder.iterdir()):
        for line in path.read_text("utf-8").splitlines():
            command, data = json.loads(line)
            one = from_json(data)
            seen[command] = both(seen[command], one) if command in seen else one
    return dict(sorted(seen.items()))


def record(folder: Path, *, add: bool) -> None:
    """Record the shapes that were seen; with ``add`` beside those of before."""
    shapes = merge_records(folder)
    for command, one in recorded().items() if add else ():
        shapes[command] = both(one, shapes[command]) if command in shapes else one
    data = {command: one.to_json() for command, one in sorted(shapes.items())}
    RECORDED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main(words: list[str]) -> None:
    """Record what lies in the folder that is named, if one is, and write the page."""
    from tests.fieldkit.cli.answers_page import page

    if words:
        record(Path(words[0]), add="--add" in words)
    PAGE.write_text(page(recorded()), "utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
