"""Who a person's id means: the vault's own person, and the colleagues that a roster names."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage import canonical
from storage.enrolling import roster_in
from storage.tables import meta


def people(connection: Connection) -> dict[str, str]:
    """The names known here, by person id; the vault's own person by their own word."""
    roster = roster_in(connection)
    names = {one.person_id: one.person for one in roster.devices} if roster else {}
    data = connection.execute(select(meta.c.value).where(meta.c.key == "person")).scalar()
    if data is not None:
        kept = canonical.loads(data)
        names[kept["id"]] = kept["name"]
    return names


def laptops(connection: Connection) -> dict[str, str]:
    """What the laptops known here are called, by device id; by their first digits without one."""
    feeds = connection.exec_driver_sql("SELECT DISTINCT device FROM feed").scalars()
    names = {one: f"laptop {one[:4]}" for one in feeds}
    roster = roster_in(connection)
    return names | ({one.id: one.name for one in roster.devices} if roster else {})
