"""What central asks of a store: to run a job in a transaction, or one that changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")


class ReadableStore(Protocol):
    """Something that records can be read from."""

    def read_now(
        self, job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a job that changes nothing."""


class OpStore(ReadableStore, Protocol):
    """A store of ops. A vault is one, and so is a database."""

    def write_now(
        self, job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a job in a transaction: all of it is durable on return, or nothing happened."""
