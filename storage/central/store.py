"""What central asks of a store: to run a job in a transaction, or one that changes nothing."""

from __future__ import annotations

from typing import Protocol

from storage.vault.vault import Job, P, T


class ReadableStore(Protocol):
    """Something that records can be read from."""

    def read_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job that changes nothing."""


class OpStore(ReadableStore, Protocol):
    """A store of ops. A vault is one, and so is a database."""

    def write_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job in a transaction: all of it is durable on return, or nothing happened."""
