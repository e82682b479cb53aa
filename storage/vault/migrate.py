"""Brings a vault of an earlier fieldkit up to date by replay.

Derived tables are never altered. After a verified backup they are dropped and made again from the
ops, all in one transaction: interrupted at any moment, the vault is as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from storage.database.tables import SCHEMA, house
from storage.errors import FieldkitError
from storage.feed.backdated import mark_all
from storage.feed.derived import SHAPE, make_indexes, present, tables_of
from storage.feed.replay import replay
from storage.ops import upcast
from storage.progress import Progress, labelled, silent
from storage.vault.backup.make import back_up
from storage.vault.store import Store
from storage.vault.vault import Vault

BACKING_UP, REPLAYING = "backup before it is brought up to date", "bringing the vault up to date"

_TABLE = re.compile(r"[a-z][a-z0-9_]*")
_KEPT = {*house.tables} - {"leaf", "disputed", "refused", "searchable"}


class MigrationError(FieldkitError):
    """The vault could not be brought up to date and is as it was."""


@dataclass(frozen=True)
class Migrated:
    """Says where the backup lies, and how many records were made from the ops."""

    backup: Path
    records: int


def bring_up_to_date(vault: Vault, progress: Progress = silent) -> Migrated:
    """Back a vault up beside its folder, then make its derived tables anew.

    Not to be called on the clerk's own thread. Raises a ``BackupError`` or
    :class:`MigrationError`; the vault is then as it was.
    """
    done = back_up(vault, progress=labelled(progress, BACKING_UP))
    records = vault.upkeep_now(lambda store: migrate(store, labelled(progress, REPLAYING)))
    return Migrated(done.backup.path, records)


def migrate(store: Store, progress: Progress = silent) -> int:
    """Drop and replay the derived tables in one transaction; returns the number of records."""
    with store.engine.begin() as connection:
        before = _count(connection)
        _drop(connection)
        house.create_all(connection)
        SQLModel.metadata.create_all(connection)
        for old, new in upcast_now().kinds.items():
            connection.execute(
                text("UPDATE op SET record_kind = :new WHERE record_kind = :old"),
                {"new": new, "old": old},
            )
        mark_all(connection)
        try:
            records = replay(connection, progress)
        except (ValueError, KeyError, TypeError) as error:
            raise MigrationError(
                "An entry of this vault cannot be read, so it was not brought up to date and is as "
                "it was. Open it with the fieldkit it was used with until now, and run “fieldkit "
                "vault check” there."
            ) from error
        if _count(connection) != before:
            raise MigrationError(
                "Bringing the vault up to date would have lost an entry, so it was given up. The "
                "vault is as it was. Use the fieldkit of before, and report this."
            )
        make_indexes(connection)
        SHAPE.put(connection, present())
        connection.execute(text(f"PRAGMA user_version = {SCHEMA}"))
    return records


def upcast_now() -> upcast.Renames:
    """Return the renames in force; read when an op is read."""
    from storage.ops import op

    return op.RENAMES


def _count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM op")).scalar_one())


def _drop(connection: Connection) -> None:
    """Drop every derived table, those of the version that wrote the vault among them."""
    names = tables_of(SHAPE.within(connection)) | tables_of(present())
    for name in sorted(names):
        if _TABLE.fullmatch(name) and name not in _KEPT:
            connection.execute(text(f'DROP TABLE IF EXISTS "{name}"'))
