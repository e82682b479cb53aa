"""What the laptops of a team are called in an exchange: by their person."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session

from storage.exchange.plan import CENTRAL
from storage.trust.current import laptops, people
from storage.trust.identity import device_id
from storage.trust.roster import Roster


def names_of(s: Session, roster: Roster) -> dict[str, str]:
    """Return whose each laptop is, and its own name where the person has several."""
    named = laptops(s.connection()) | {device_id(roster.central.sign_pk): CENTRAL}
    persons = people(s.connection())
    owned = Counter(one.person_id for one in roster.devices)
    for one in roster.devices:
        person = persons.get(one.person_id, one.person)
        named[one.id] = f"{person} ({one.name})" if owned[one.person_id] > 1 else person
    return named
