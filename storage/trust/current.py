"""Who a person's id means: the vault's own person, and the colleagues that a roster names."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection, select

from storage.crypto.signing import Signed
from storage.database.tables import meta
from storage.ops import canonical_json
from storage.trust.roster import Roster
from storage.trust.roster_document import read_roster

ROSTER, ROOT, FORMER = "roster", "roster_root", "roster_former"
"""The vault's own facts: the signed roster in use, and the pinned root key."""


def people(connection: Connection) -> dict[str, str]:
    """Return the names known here by person id, the vault's own person by their own word."""
    roster = roster_in(connection)
    names = {one.person_id: one.person for one in roster.devices} if roster else {}
    data = connection.execute(select(meta.c.value).where(meta.c.key == "person")).scalar()
    if data is not None:
        own = canonical_json.loads(data)
        names[own["id"]] = own["name"]
    return names


def laptops(connection: Connection) -> dict[str, str]:
    """Return what laptops are called, by device id; by their first digits without a roster."""
    feeds = connection.exec_driver_sql("SELECT DISTINCT device FROM feed").scalars()
    names = {one: f"laptop {one[:4]}" for one in feeds}
    roster = roster_in(connection)
    return names | ({one.id: one.name for one in roster.devices} if roster else {})


def roster_in(connection: Connection) -> Roster | None:
    """Return the roster in use, within a session; ``None`` before enrolment."""
    data = connection.execute(select(meta.c.value).where(meta.c.key == ROSTER)).scalar()
    return None if data is None else _in_use(data)[1]


def former_roster(connection: Connection) -> Roster | None:
    """Return the roster that was in use before this one, within a session."""
    data = connection.execute(select(meta.c.value).where(meta.c.key == FORMER)).scalar()
    return _in_use(data)[1] if data else None


@lru_cache(maxsize=8)
def _in_use(data: bytes) -> tuple[Signed, Roster]:
    """Return the roster in use, which is asked for at every step and seldom another."""
    signed = Signed.read(data)
    return signed, read_roster(signed)
