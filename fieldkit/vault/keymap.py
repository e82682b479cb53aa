"""Keys of one's own: what a settings file may change of ``commands.toml``.

A command is named by its page and its label, as ``fieldkit settings keys`` lists them
(``[keys.cases]``, ``withdraw = "W"``). A key is refused where two commands of a page, or one of a
page and one that works everywhere, would have the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from storage.errors import FieldkitError
from storage.ops.meant import did_you_mean

EVERYWHERE = "global"
FIXED = frozenset({"lock", "cover", "leave"})
"""What hides or leaves: the same keys on every laptop, so that a colleague can press them too."""
SIGNS = frozenset("/+-=[],;'#")
_KEY = re.compile(r"[A-Za-z]|f([1-9]|1[0-2])|ctrl\+[a-z]|delete|insert")
_TAKEN = frozenset({"ctrl+c", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+l", "ctrl+m", "ctrl+s", "ctrl+z"})
"""What terminals send for other keys, and what text fields and dialogs need."""
_PLACES_HOME = "h"
"""The letter of home itself among the places (f5), whose others are home's keys."""


@dataclass(frozen=True)
class Keyed:
    """Holds a command as a settings file names it: its page, its label in lower case, its keys."""

    page: str
    label: str
    action: str
    keys: tuple[str, ...]
    in_fields: bool = False


@cache
def commands() -> dict[str, dict[str, Keyed]]:
    """Return the commands of each page by their labels in lower case.

    The file is read as data: no part of the app that draws is loaded for it.
    """
    from importlib.resources import files  # late: at the start nobody needs it without own keys

    text = (files("fieldkit.vault") / "commands.toml").read_text("utf-8")
    return {
        page: {
            one["label"].casefold(): Keyed(
                page,
                one["label"].casefold(),
                one["action"],
                tuple(filter(None, one["key"].split(","))),
                one.get("field", False),
            )
            for one in table["commands"]
        }
        for page, table in tomllib.loads(text).items()
    }


def key_name(text: str) -> str:
    """Return a key as the registry names it: ``^k`` is ``ctrl+k``, ``/`` is ``slash``."""
    text = text.strip()
    if len(text) > 1 and text.startswith("^"):
        text = f"ctrl+{text[1:].lower()}"
    if len(text) > 1:
        text = text.lower()
        text = "delete" if text == "del" else text
    return _SIGN_NAMES.get(text, text)


_SIGN_NAMES = {
    "/": "slash",
    "+": "plus",
    "-": "minus",
    "=": "equals_sign",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    ",": "comma",
    ";": "semicolon",
    "'": "apostrophe",
    "#": "number_sign",
}


def find(page: str, label: str) -> Keyed:
    """Return the command of a page; raises a sentence where there is none of that name."""
    pages = commands()
    if page not in pages:
        raise FieldkitError(f"fieldkit has no page “{page}”. {_look(page, pages)}")
    named = pages[page].get(label.casefold())
    if named is None:
        look = _look(label, pages[page])
        raise FieldkitError(f"page “{page}” has no command “{label}”. {look}")
    return named


def _look(word: str, known: Iterable[str]) -> str:
    return did_you_mean(word, known) or "“fieldkit settings keys” lists all."


def fitting_keys(
    wanted: Mapping[str, Mapping[str, Any]], base: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the keys that can be used, by page and action, and a sentence for each refused.

    Args:
        wanted: by page and label, as a settings file has them.
        base: what is chosen already, by page and action.
    """
    chosen = {page: dict(keys) for page, keys in base.items()}
    refused = []
    placed: list[Keyed] = []
    for page, table in wanted.items():
        for label, text in table.items():
            try:
                command = find(page, label)
                key = _usable(command, text)
            except FieldkitError as refusal:
                refused.append(str(refusal))
                continue
            chosen.setdefault(page, {})[command.action] = key
            placed.append(command)
    # Only when all stand can it be said which clash: two commands may exchange their keys. Taking
    # one back may give its old key to it again, on which another new one lies: until all is well.
    while clashing := next(filter(None, (clash(one, chosen) for one in reversed(placed))), None):
        command, key, other = clashing
        del chosen[command.page][command.action]
        placed.remove(command)
        refused.append(
            f"the key “{key}” of “{command.label}” ({command.page}) is that of “{other.label}” too."
        )
    return {page: keys for page, keys in chosen.items() if keys}, refused


def _usable(command: Keyed, text: object) -> str:
    key = key_name(text) if isinstance(text, str) else ""
    name = f"“{command.label}” ({command.page})"
    if command.action in FIXED:
        raise FieldkitError(f"the key of {name} is the same on every laptop.")
    if not (_KEY.fullmatch(key) or key in _SIGN_NAMES.values()) or key in _TAKEN:
        raise FieldkitError(
            f"{name} needs a free key: a letter, a sign such as /, f1 to f12, or ctrl with a "
            f"letter; “{text}” is none."
        )
    if not command.keys:
        raise FieldkitError(f"{name} is only asked for by name, and has no key.")
    if command.in_fields and not (key.startswith("ctrl+") or re.fullmatch(r"f[0-9]+", key)):
        raise FieldkitError(
            f"{name} works while you type, so it needs ctrl with a letter, or f1 to f12."
        )
    return key


def clash(
    command: Keyed, chosen: Mapping[str, Mapping[str, str]]
) -> tuple[Keyed, str, Keyed] | None:
    """Return the command with its key and the other command that has the same, if there is one."""
    key = chosen.get(command.page, {}).get(command.action, "")
    if not key:
        return None
    beside = commands().keys() if command.page == EVERYWHERE else (command.page, EVERYWHERE)
    if command.page == "home" and key == _PLACES_HOME:
        return command, key, Keyed("home", "home", "", (key,))
    for page in beside:
        for other in commands()[page].values():
            own = chosen.get(page, {}).get(other.action)
            if other != command and key in ((own,) if own else other.keys):
                return command, key, other
    return None
