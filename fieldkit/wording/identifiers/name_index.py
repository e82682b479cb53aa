"""The inspection's list of names, made ready to be looked for in texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from fieldkit.wording.identifiers.spelling import fold, mutations, short_forms, sound
from fieldkit.wording.identifiers.word_lists import WORDS

FIRST, LAST = "first", "last"
_WORD = re.compile(r"[^\W\d_]+(?:['’‘`\u00b4\-–][^\W\d_]+)*")
_JOINT = re.compile(r"['’‘`\u00b4\-–]")


@dataclass(frozen=True, slots=True)
class Part:
    """Holds a part of a name of the list, as one spelling of it.

    Attributes:
        name: the whole name as the list has it.
        role: the first name or a last one.
        key: the part, folded.
        form: "exact", "mutated" or "short".
        ordinary: the spelling is also a word, a month or a place.
    """

    name: str
    role: str
    key: str
    form: str
    ordinary: bool


class NameIndex:
    """Gives the parts of the listed names by what may stand in a text for them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.parts: dict[str, list[Part]] = {}
        self.by_sound: dict[str, list[Part]] = {}
        self.initials: dict[str, str] = {}
        for name in names:
            self._add(name)
        self.fuzzy = [
            key
            for key, parts in self.parts.items()
            if len(key) > 3 and any(part.form == "exact" and not part.ordinary for part in parts)
        ]

    def _add(self, name: str) -> None:
        words = _WORD.findall(name)
        particles = WORDS["titles", "particles"]
        plain = [word for word in words if fold(word) not in particles]
        if not plain:
            return
        if len(plain) > 1:
            barrels = "".join(piece[0] for piece in _JOINT.split(plain[-1]) if piece)
            middle = "".join(word[0] for word in plain[1:])
            for letters in (plain[-1][0], barrels, barrels[-1], middle):
                self.initials.setdefault(f"{plain[0][0]}{letters}".upper(), name)
            # As people call themselves on their telephones: “janeprosser”, “jprosser”.
            for form in (fold(plain[0] + plain[-1]), fold(plain[0][0] + plain[-1])):
                if len(form) > 5 and form not in WORDS.ordinary and form not in WORDS.common:
                    self._keep(form, Part(name, LAST, form, "exact", False))
        for place, word in enumerate(plain):
            role = FIRST if place < max(1, len(plain) - 1) else LAST
            self._add_part(name, role, word)
            if role == LAST:
                before = words[: words.index(word)]
                joined = [one for one in before if fold(one) in particles]
                if joined and len(joined[-1]) > 1:
                    self._add_part(name, role, joined[-1] + word)
            pieces = _JOINT.split(word)
            for piece in pieces if len(pieces) > 1 else ():
                if len(piece) > 3:
                    self._add_part(name, role, piece)

    def _add_part(self, name: str, role: str, word: str) -> None:
        key = fold(word)
        if len(key) < 2:
            return
        ordinary = key in WORDS.ordinary
        self._keep(key, Part(name, role, key, "exact", ordinary))
        heard = sound(key)
        if len(heard) > 2 and not ordinary:
            self.by_sound.setdefault(heard, []).append(Part(name, role, key, "exact", False))
        for form in mutations(key):
            if len(form) > 2 and form not in WORDS.common:
                weak = ordinary or form in WORDS.ordinary
                self._keep(form, Part(name, role, key, "mutated", weak))
        if role == FIRST:
            for form in short_forms(key):
                if len(form) > 2 and form not in WORDS.common:
                    self._keep(form, Part(name, role, key, "short", form in WORDS.ordinary))

    def _keep(self, form: str, part: Part) -> None:
        parts = self.parts.setdefault(form, [])
        if all((one.name, one.key, one.form) != (part.name, part.key, part.form) for one in parts):
            parts.append(part)


@lru_cache(maxsize=4)
def index_of(names: tuple[str, ...]) -> NameIndex:
    """Return the index of a list of names; that of the same list is made once."""
    return NameIndex(names)
