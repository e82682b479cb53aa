"""Who a person's id means: the vault's own person, and the colleagues that a roster names."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Connection

from storage.crypto.signing import Signed
from storage.database.facts import Fact
from storage.trust.identity import PERSON, own_device, own_recipients
from storage.trust.roster import Roster
from storage.trust.roster_document import read_kept_roster


@lru_cache(maxsize=8)
def _in_use(data: bytes) -> tuple[Signed, Roster]:
    """The roster in use, which is asked for at every step and seldom another."""
    signed = Signed.read(data)
    return signed, read_kept_roster(signed)


ROSTER: Fact[tuple[Signed, Roster]] = Fact("roster", lambda pair: pair[0].encode(), _in_use)
"""The signed roster in use, and what it says."""
FORMER: Fact[tuple[Signed, Roster] | None] = Fact(
    "roster_former",
    lambda pair: pair[0].encode() if pair else b"",
    lambda data: _in_use(data) if data else None,
)
"""The one in use before it, if there was one."""
ROOT = Fact.raw("roster_root")
"""The pinned root key."""


ALARM = Fact.text("roster_alarm")
"""The version of a roster that was refused because it gave this laptop foreign keys; or empty."""


def people(connection: Connection) -> dict[str, str]:
    """Return the names known here by person id, the vault's own person by their own word."""
    roster = roster_in(connection)
    names = {one.person_id: one.person for one in roster.devices} if roster else {}
    own = PERSON.within(connection)
    if own is not None:
        names[own.id] = own.name
    return names


def laptops(connection: Connection) -> dict[str, str]:
    """Return what laptops are called, by device id; by their first digits without a roster."""
    feeds = connection.exec_driver_sql("SELECT DISTINCT device FROM feed").scalars()
    names = {one: f"laptop {one[:4]}" for one in feeds}
    roster = roster_in(connection)
    return names | ({one.id: one.name for one in roster.devices} if roster else {})


def roster_in(connection: Connection) -> Roster | None:
    """Return the roster in use, within a session; ``None`` before enrolment."""
    pair = ROSTER.within(connection)
    return pair[1] if pair else None


def has_foreign_keys(connection: Connection) -> bool:
    """Say whether the roster in use gives this laptop keys that are not its own.

    Only a fieldkit that did not look at them took such a roster in.
    """
    roster = roster_in(connection)
    entry = None if roster is None else roster.device(own_device(connection))
    return entry is not None and entry.recipients != own_recipients(connection)


def former_roster(connection: Connection) -> Roster | None:
    """Return the roster that was in use before this one, within a session."""
    pair = FORMER.within(connection)
    return pair[1] if pair else None
