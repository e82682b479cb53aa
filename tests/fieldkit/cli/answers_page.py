"""Writes ``docs/json.md`` from the recorded shapes, and from what classes say of their fields."""

from __future__ import annotations

import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from fieldkit.cli.kit.exit import EXIT_OF
from fieldkit.cli.reference.page import anchor
from fieldkit.cli.refusals import Error
from storage.records import Record
from storage.records.registry import KINDS
from tests.fieldkit.cli.answers import Shape

HEAD = """# JSON

What commands print with `--json`. Made by `make answers` from what the tests of the commands saw;
each of those tests tries its answers against this page, so a change of a name or type is noticed.

- **stdout holds one JSON value** however the command ends: the answer, or `{"error": …}`. What is
  said to a person stands on stderr, a refusal's sentence too. `--version`, `--help`,
  `fieldkit compare --csv` and `fieldkit audit --csv` print no JSON.
- Text is UTF-8. Signs that a terminal would act on are escaped. Times are ISO 8601 in UTC, days
  `YYYY-MM-DD`.
- `marking` is the protective marking of the inspection whose words are in the answer.
- **Names are only added.** A program should pass over a name that it does not know, and must not
  rely on one that is marked *not always*.
- A type in brackets, `[text]`, is a list of it. `{name: text}` is an object whose names are data.

## A refusal

The exit code says the kind ([cli.md](cli.md#how-it-ends)); the error says it in words.
"""


EVERYWHERE = {
    "id": "what it is named by in other answers and commands",
    "marking": "the protective marking of what is in the answer",
    "inspection_id": "the inspection that it belongs to",
    "case_id": "the case that it belongs to",
    "point_id": "the point that it belongs to",
    "force": "the name of the force",
    "sha256": "the SHA-256 of the file, in hexadecimal digits",
}
"""What some names say in every answer, where their class says nothing of them."""
WORDS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("answers_words.toml").read_text("utf-8")
)
"""What names say where nothing else does, after the names that hold them as far as needed."""


def page(shapes: Mapping[str, Shape]) -> str:
    """Return the page."""
    parts = [HEAD, "| name | type | is |", "|---|---|---|"]
    meanings = attributes(inspect.getdoc(Error) or "")
    for name in Error.__annotations__:
        known = ": " + ", ".join(f"`{code}`" for code in EXIT_OF) if name == "code" else ""
        parts.append(f"| `error.{name}` | text | {meanings[name].split(' (')[0]}{known} |")
    links = " · ".join(f"[{one.removeprefix('fieldkit ')}](#{anchor(one)})" for one in shapes)
    parts.append(f"\n## Answers\n\n{links}\n")
    for command, shape in shapes.items():
        parts.append(f"### {command}\n")
        rows = list(_rows(command.removeprefix("fieldkit "), shape, ""))
        parts.append(f"{_intro(shape)}\n")
        if rows:
            parts += ["| name | type | is |", "|---|---|---|", *rows, ""]
    return "\n".join(parts).rstrip() + "\n"


def _intro(shape: Shape) -> str:
    if shape.members is not None:
        return "An object:"
    if shape.entries and shape.entries.members is not None:
        return "An object by name, each:" if shape.by_name else "A list, of each:"
    return f"{_type(shape)}."


def _type(shape: Shape) -> str:
    types = sorted(shape.plain - {"nothing"})
    if shape.members is not None:
        types.append("object")
    if shape.entries is not None:
        inner = _type(shape.entries) if shape.entries != Shape() else "nothing"
        types.append(f"{{name: {inner}}}" if shape.by_name else f"[{inner}]")
    if "nothing" in shape.plain:
        types.append("nothing")
    return " or ".join(types) or "nothing"


def _rows(command: str, shape: Shape, before: str) -> Iterator[str]:
    for place, one, inside in places(shape, before):
        name = place.rpartition(".")[2]
        seldom = "not always" if name in inside.seldom else ""
        usual = EVERYWHERE.get(name, "") if _type(one) == "text" else ""
        told = WORDS.get(worded_by(command, place), "") or label(name)
        words = "; ".join(filter(None, (said_of(inside.what).get(name) or usual or told, seldom)))
        yield f"| `{place}` | {_type(one)} | {words} |"


def places(shape: Shape, before: str = "") -> Iterator[tuple[str, Shape, Shape]]:
    """Give each name of an answer after those that hold it, its shape and that of what holds it."""
    while shape.entries is not None:
        if shape.entries.members is not None:
            before += ".NAME" if shape.by_name and before else "[]" if before else ""
        shape = shape.entries
    for name, one in (shape.members or {}).items():
        place = f"{before}.{name}".removeprefix(".")
        yield place, one, shape
        yield from places(one, place)


def worded_by(command: str, place: str) -> str:
    """Return the key of ``answers_words.toml`` that says what stands there; empty for none."""
    names = [one.removesuffix("[]") for one in place.split(".") if one not in ("NAME", "NAME[]")]
    if len(names) == 1 and f"{command}: {names[0]}" in WORDS:
        return f"{command}: {names[0]}"
    for at in range(len(names)):
        of_all = ".".join([*names[at:-1], "*"])
        for key in (".".join(names[at:]), of_all):
            if key in WORDS:
                return key
    return ""


@cache
def label(name: str) -> str:
    """Return what the one record calls its field, or all of them alike; empty otherwise."""
    labels = {kind.field_label(name) for kind in KINDS.values() if name in kind.field_names()}
    return labels.pop() if len(labels) == 1 else ""


@cache
def said_of(what: str) -> Mapping[str, str]:
    """Return what a class says of each of its fields; nothing where it says nothing."""
    if not what:
        return {}
    module, name = what.rsplit(".", 1)
    kind = getattr(importlib.import_module(module), name)
    if issubclass(kind, Record):
        return {field: kind.field_label(field) for field in kind.field_names()}
    return attributes(inspect.getdoc(kind) or "")


def attributes(docstring: str) -> dict[str, str]:
    """Return the attributes that a docstring describes, each in one line without references.

    What a docstring says of several at once, “kind, id: which one”, is said of each.
    """
    _, _, rest = docstring.partition("Attributes:\n")
    said: dict[str, str] = {}
    names: list[str] = []
    for line in rest.split("\n\n")[0].splitlines():
        if match := re.match(r"    (\w+(?:, \w+)*): (.*)", line):
            names = match[1].split(", ")
            said |= dict.fromkeys(names, match[2])
        else:
            said |= {name: f"{said[name]} {line.strip()}" for name in names}
    return {
        name: re.sub(r":\w+:`[~.\w]*?(\w+)`|``(.*?)``", r"\1\2", text).rstrip(".")
        for name, text in said.items()
    }
