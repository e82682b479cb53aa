"""The one registry of commands: bindings, last line, palette, help and ``docs/keys.md``.

They stand in ``fieldkit/vault/commands.toml``, where commands of settings read them too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from textual.binding import Binding

import fieldkit.vault

Keys = Mapping[str, Mapping[str, str]]
"""Keys by page and action."""
KEY_WORDS = {
    "slash": "/",
    "asterisk": "*",
    "plus": "+",
    "minus": "-",
    "equals_sign": "=",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "delete": "del",
    "escape": "esc",
    "ctrl+": "^",
    "right": "→",
    "left": "←",
    "down": "↓",
}
"""How a key is called where a person reads it."""

DIGITS = {
    "case": "Give the grade of that place in the scale and go on.",
    "assessments": "Give the grade of that place in the scale and go on.",
    "follow_up": "Give the force the grade of that place in the scale, on this area.",
    "entry": "Mark the note with the criterion of that number, or take the mark away.",
}
"""What the digits do on a page whose list takes them."""


@dataclass(frozen=True)
class Command:
    """Holds one thing a person may ask for on a page.

    Attributes:
        key: what is pressed; several separated by commas; empty for what is only asked for by name.
        label: two or three words.
        help: a sentence.
        action: the method of the page or app that does it.
        line: it is one of the keys of the last line.
        field: it works in text fields too.
        brief: what it does in at most 28 columns, for the help page; its label where it is empty.
        group: the task that it belongs to, for the help page.
        row: it needs a row of the list to stand on.
    """

    key: str
    label: str
    help: str
    action: str
    line: bool = False
    field: bool = False
    brief: str = ""
    group: str = ""
    row: bool = False

    @property
    def first_key_word(self) -> str:
        """Return the first of its keys as a person reads it, where there is room for one."""
        return replace(self, key=self.key.partition(",")[0]).key_word

    @property
    def words(self) -> str:
        """Return what it does as the help page says it: in short where it has a task."""
        return self.brief or (self.label if self.group else self.help)

    @property
    def works_in_fields(self) -> bool:
        """Say whether the key does the same while a text field has the keys."""
        return self.field or self.key in ("escape", "ctrl+s")

    @property
    def key_word(self) -> str:
        """Return the key as a person reads it."""
        words = self.key or "ctrl+p"
        for name, word in KEY_WORDS.items():
            words = words.replace(name, word)
        return words.replace(",", " ")

    @property
    def binding(self) -> Binding:
        """Return the key as Textual wants it."""
        return Binding(self.key, self.action, self.label, show=self.line, priority=self.field)


@dataclass(frozen=True)
class PageCommands:
    """Holds the title of a page and its commands."""

    title: str
    commands: tuple[Command, ...]


class Registry(Mapping[str, PageCommands]):
    """Shows the commands of each page; a page is read when it is first asked for.

    Reading all of the file takes as long as a third of a Textual app's own way to its first frame.
    """

    def __init__(self, text: str) -> None:
        parts = re.split(r"^\[(\w+)\]$", text, flags=re.MULTILINE)
        self._texts = dict(zip(parts[1::2], parts[2::2], strict=True))
        self._read: dict[str, PageCommands] = {}
        self._shown: dict[str, PageCommands] = {}
        self._own: Keys = {}

    def take_keys(self, own: Keys) -> None:
        """Show other keys from now on, by page and action; all others are those of the file."""
        self._own = own
        self._shown.clear()

    @property
    def keymap(self) -> dict[str, str]:
        """Return the keys taken, by the names that :func:`bindings` gives their bindings."""
        return {
            f"{page}.{action}": key
            for page, keys in self._own.items()
            for action, key in keys.items()
        }

    def __getitem__(self, page: str) -> PageCommands:
        if page not in self._shown:
            known, own = self.as_it_comes(page), self._own.get(page, {})
            changed = tuple(
                replace(one, key=own.get(one.action, one.key)) for one in known.commands
            )
            self._shown[page] = replace(known, commands=changed) if own else known
        return self._shown[page]

    def as_it_comes(self, page: str) -> PageCommands:
        """Return the commands of a page with the keys of the file; raises ``KeyError``."""
        if page not in self._read:
            table = tomllib.loads(self._texts[page])
            self._read[page] = PageCommands(
                table.get("title", "Everywhere"),
                tuple(Command(**one) for one in table["commands"]),
            )
        return self._read[page]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@cache
def registry() -> Registry:
    """Return every page's commands, ``global`` among them, in the order of the file."""
    file = Path(fieldkit.vault.__path__[0]) / "commands.toml"
    return Registry(file.read_text("utf-8"))


def bindings(page: str) -> list[Binding]:
    """Return the bindings of a page, or of ``global``, with the keys of the file.

    Textual's keymap puts a person's own keys in their place (:attr:`Registry.keymap`).
    """
    return [
        replace(one.binding, id=f"{page}.{one.action}")
        for one in registry().as_it_comes(page).commands
        if one.key
    ]


def keys_page() -> str:
    """``docs/keys.md``: every key, page by page."""
    lines = [
        "# Keys",
        "",
        "Made by `python -m screens.kit.commands` from `fieldkit/vault/commands.toml`.",
        "",
    ]
    for name, page in registry().items():
        lines += [f"## {page.title}", "", "| key | does |", "|---|---|"]
        for command in page.commands:
            lines.append(f"| `{command.key_word}` | {command.help} |")
        if name in DIGITS:
            lines.append(f"| `1` … `9` | {DIGITS[name]} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(keys_page(), end="")
