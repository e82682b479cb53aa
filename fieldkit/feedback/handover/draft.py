"""A document while it is put together: its blocks, and whose words stand in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import ascii_uppercase
from typing import Any

from fieldkit.comparison.numbers import plain
from fieldkit.feedback.document.blocks import Block, Heading
from fieldkit.feedback.guard.leaving_text import LeavingTexts
from storage.records import Record


@cache
def words() -> dict[str, dict[str, Any]]:
    """Return the standing words of what the force is given, from ``words.toml``."""
    return tomllib.loads((files(__package__) / "words.toml").read_text("utf-8"))


@dataclass(slots=True)
class Draft(LeavingTexts):
    """Holds the blocks of a document so far, and every text in it that a person typed.

    Whoever puts a person's words into a block takes them by :meth:`say` or :meth:`quote`.
    """

    blocks: list[Block] = field(default_factory=list)
    annexes: int = 0

    def add(self, *blocks: Block) -> None:
        """Put blocks at the end."""
        self.blocks += blocks

    def begin_annex(self, title: str) -> None:
        """Begin the next annex, the first on a new page: “Annex A: …”."""
        letter = ascii_uppercase[self.annexes]
        self.add(Heading(f"Annex {letter}: {title}", new_page=not self.annexes))
        self.annexes += 1

    def say(self, record: Record, name: str, text: str | None = None) -> str:
        """Return a record's words on one line, noting that they leave.

        Args:
            record: the record.
            name: the field of it that holds them.
            text: the words, where they are only a part of what the field holds.
        """
        return self.quote(
            record.KIND, record.id, name, getattr(record, name) if text is None else text
        )

    def quote(self, kind: str, record_id: str, name: str, text: str) -> str:
        """Do the same for the words of a record that is named by its kind and id."""
        return plain(self.carry(kind, record_id, name, text))
