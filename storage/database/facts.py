"""Holds what a vault knows of itself, in ``meta``: each fact has a key and a form of its own.

Keys and forms are bytes on disk, which stay for ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, bindparam, select

from storage.database.tables import meta

T = TypeVar("T")
_VALUE = select(meta.c.value).where(meta.c.key == bindparam("key"))


@dataclass(frozen=True)
class Fact(Generic[T]):
    """Says of one fact by which key it is kept, and how its value is written and read.

    Attributes:
        key: its key in the table.
        encode, decode: the value as bytes, and back; ``decode`` raises ``ValueError``,
            ``KeyError`` or ``TypeError`` where the bytes are none of its form.
    """

    key: str
    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]

    @staticmethod
    def raw(key: str) -> Fact[bytes]:
        """Return a fact that is bytes."""
        return Fact(key, bytes, bytes)

    @staticmethod
    def text(key: str) -> Fact[str]:
        """Return a fact that is a text."""
        return Fact(key, str.encode, bytes.decode)

    @staticmethod
    def number(key: str) -> Fact[int]:
        """Return a fact that is a whole number."""
        return Fact(key, lambda value: str(value).encode(), int)

    @staticmethod
    def flag(key: str) -> Fact[bool]:
        """Return a fact that is a yes or a no."""
        return Fact(key, lambda value: b"1" if value else b"0", lambda data: data == b"1")

    @staticmethod
    def path(key: str) -> Fact[Path]:
        """Return a fact that is the place of a file or folder, whatever bytes its name has."""
        form = ("utf-8", "surrogateescape")
        return Fact(
            key, lambda path: str(path).encode(*form), lambda data: Path(data.decode(*form))
        )

    @staticmethod
    def json(key: str) -> Fact[Any]:
        """Return a fact that is anything JSON can say."""
        form = ("utf-8", "surrogateescape")
        return Fact(key, lambda value: json.dumps(value).encode(*form), json.loads)

    def of(self, facts: Mapping[str, bytes]) -> T | None:
        """Return the value among all facts; None where there is none that can be read."""
        return self._read(facts.get(self.key))

    def needed(self, facts: Mapping[str, bytes]) -> T:
        """Return the value among all facts of a vault, which is none without it."""
        return self.decode(facts[self.key])

    def within(self, connection: Connection) -> T | None:
        """Return the value within a transaction; None where there is none that can be read."""
        return self._read(connection.execute(_VALUE, {"key": self.key}).scalar_one_or_none())

    def put(self, connection: Connection, value: T) -> None:
        """Write the value within a transaction."""
        self.drop(connection)
        connection.execute(meta.insert().values(key=self.key, value=self.encode(value)))

    def drop(self, connection: Connection) -> None:
        """Take the fact away within a transaction."""
        connection.execute(meta.delete().where(meta.c.key == self.key))

    def item(self, value: T) -> dict[str, bytes]:
        """Return the fact as one of the first facts of a vault."""
        return {self.key: self.encode(value)}

    def _read(self, data: bytes | None) -> T | None:
        try:
            return None if data is None else self.decode(data)
        except (ValueError, KeyError, TypeError):
            return None


VAULT_ID = Fact.text("vault_id")
EPOCH = Fact.number("epoch")
CLOCK = Fact.text("clock")
"""The last stamp of the laptop's hybrid logical clock."""
CREATED = Fact.text("created")
