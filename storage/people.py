"""Who a person's id means: the vault's own person, and the colleagues that a roster names."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage import canonical
from storage.tables import meta


def people(connection: Connection) -> dict[str, str]:
    """The names known here, by person id."""
    data = connection.execute(select(meta.c.value).where(meta.c.key == "person")).scalar()
    if data is None:
        return {}
    kept = canonical.loads(data)
    return {kept["id"]: kept["name"]}


def laptops(connection: Connection) -> dict[str, str]:
    """What the laptops known here are called, by device id."""
    rows = connection.exec_driver_sql("SELECT DISTINCT device FROM op").scalars()
    return {one: f"laptop {one[:4]}" for one in rows}
