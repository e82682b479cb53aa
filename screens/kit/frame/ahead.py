"""What a page shows first is read while the page is being made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.vault.vault import Vault

T = TypeVar("T")


class Ahead(Generic[T]):
    """Is a reading that has begun before somebody asks for what was read.

    Args:
        vault: the one to read in, which begins at once.
        read: reads it.
    """

    def __init__(self, vault: Vault, read: Callable[[Session], T]) -> None:
        self._vault = vault
        self._read = read
        self._commits = vault.author.commits
        self._reading = vault.read_later(read)

    def known(self) -> T:
        """Return what was read; for jobs of the vault's that come after it."""
        return self._reading.result()

    async def result(self) -> T:
        """Return what was read, or what is true now where something was kept since."""
        if self._vault.author.commits != self._commits:
            return await self._vault.read(self._read)
        return await asyncio.shield(asyncio.wrap_future(self._reading))
