"""Where central's records lie: in the folder of its keys, or in a database, and never in both.

A folder of keys is an ordinary store as well. Opened without its database it would take bundles in
and give good receipts for them, and the database would never hear of it. So a fact in the vault
says where the records are.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from storage.central.postgres.database import Database
from storage.database.facts import Fact
from storage.database.tables import ops
from storage.database.transit import make_transit_tables
from storage.errors import FieldkitError
from storage.feed.positions import held
from storage.vault.vault import Vault

_DATABASE = Fact.text("central_database")
"""Says in which database the records lie; never with a password."""


class RecordsElsewhereError(FieldkitError):
    """The folder holds the keys of a central whose records are in a database."""


class RecordsHereError(FieldkitError):
    """The folder holds records that a database does not have."""


def remember_database(vault: Vault, database: Database) -> None:
    """Write down that the records of these keys are in a database, once."""
    if vault.fact_now(_DATABASE) is None:
        vault.set_fact_now(_DATABASE, database.place)


def refuse_keys_alone(vault: Vault) -> None:
    """Raise :class:`RecordsElsewhereError` where the records are in a database."""
    place = vault.fact_now(_DATABASE)
    if place is not None:
        raise RecordsElsewhereError(
            f"The folder {vault.folder} holds central's keys only: its records are in "
            f"{place}. Nothing was taken in or given, and nothing was changed. Name both: "
            f"“fieldkit central --store {place} --keys {vault.folder} …”."
        )


def refuse_records(vault: Vault) -> None:
    """Raise :class:`RecordsHereError` where the keys' folder has records of its own.

    Not once a database was written down, for then they were spoken of.
    """
    if vault.fact_now(_DATABASE) is not None:
        return
    number = vault.read_now(_records, vault.identity.device)
    if number:
        raise RecordsHereError(
            f"The folder {vault.folder} holds {number:,} entries that laptops sent, and the "
            "database does not have them. Nothing was changed. First copy the folder: the copy "
            "still opens with --store, and it alone has what laptops have erased. Then run "
            "“fieldkit central upgrade --without-records”, ask every laptop for “fieldkit export "
            "--full”, and take those in before giving receipts."
        )


def _records(session: Session, own: str) -> int:
    """Return how many ops there are of laptops, those that wait among them."""
    connection = session.connection()
    make_transit_tables(connection)
    query = select(func.count()).select_from(ops).where(ops.c.device != own)
    return int(connection.execute(query).scalar_one()) + held(connection)
