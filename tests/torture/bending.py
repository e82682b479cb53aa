"""Documents bent at random: values taken away, exchanged with others, or made strange."""

from __future__ import annotations

import copy
import random
from typing import Any

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 0.5, "", "0", "a" * 70_000, "\u202e",
    "\ud800", "passphrase", "recovery", "age", [], {}, [[]], [None] * 300, {"a": {"b": {"c": []}}},
    65536, 1048576, 1048577, 10, 11, 8, 9,
)  # fmt: skip


def nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document where something stands: its container and its key."""
    found: list[tuple[Any, Any]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in items:
        found.append((value, key))
        if isinstance(one, dict | list):
            found += nodes(one)
    return found


def bent(document: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The document with one to three of its values taken away, exchanged or made strange."""
    made = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        places = nodes(made)
        if not places:
            break
        (container, key), (other, of) = chance.choice(places), chance.choice(places)
        way = chance.randrange(6)
        if way == 0:
            del container[key]
        elif way == 1:
            container[key] = copy.deepcopy(chance.choice(STRANGE))
        elif way == 2:
            container[key] = copy.deepcopy(other[of])
        elif way == 3 and isinstance(container[key], str) and container[key]:
            text = container[key]
            at = chance.randrange(len(text))
            container[key] = text[:at] + chance.choice('0fgzA\\"\x00é') + text[at + 1 :]
        elif way == 4 and type(container[key]) is int:
            container[key] += chance.choice((-1, 1, 2**16, -(2**16), 2**40))
        elif isinstance(container, dict):
            container[chance.choice(("x", "gen", "kdf", "salt", "type", ""))] = 1
        else:
            container.append(copy.deepcopy(container[key]))
    return made
