"""Whose a case is: the acting person's, a colleague's, or nobody's."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.service import author
from fieldkit.wording.labels import person_name
from storage.records import Case
from storage.trust.current import people


def me(s: Session) -> frozenset[str]:
    """Return what the acting person is called: their id and their name, in small letters."""
    person = author(s).person
    return frozenset({person.casefold(), people(s.connection()).get(person, "").casefold()}) - {""}


def colleague_of(s: Session, case: Case) -> str:
    """Return the name of the colleague who audits a case; empty where nobody else does."""
    if not case.allocated_to or case.allocated_to.casefold() in me(s):
        return ""
    return person_name(people(s.connection()), case.allocated_to)
