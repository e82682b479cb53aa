"""What stands in a field, in a person's words: labels, names, references and local times."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from fieldkit.methodology import find, load
from fieldkit.service import criterion_label
from fieldkit.wording.format import local
from fieldkit.wording.labels import person_name
from storage.records import Case, Inspection
from storage.records.registry import KINDS
from storage.trust.current import people

_PEOPLE = (
    "allocated_to",
    "second_reader",
    "decided_by",
    "action_owner",
    "asked_of",
    "answered_by",
)
"""Fields that hold a person's id."""

_CASES = ("replaced_by", "case_id")
"""Fields that hold a case's id."""


class Words:
    """The words of a record's values.

    Args:
        s: a session.
        kind, record_id: the record; its inspection's methodology says what terms are called.
    """

    def __init__(self, s: Session, kind: str, record_id: str) -> None:
        self._s = s
        known = KINDS.get(kind)
        found = s.get(known, record_id) if known else None
        inspection = s.get(Inspection, getattr(found, "inspection_id", ""))
        self._methodology = load(inspection.methodology) if inspection else None
        self._people = people(s.connection())

    def value(self, name: str, value: Any) -> str:
        """A value of a field; empty where there was none, "nothing" for one that is empty."""
        if value is None or value == "" or value == [] or value == {}:
            return "" if value is None else "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name in _CASES and isinstance(value, str):
            other = self._s.get(Case, value)
            return other.reference if other else str(value)
        if name in _PEOPLE:
            return person_name(self._people, str(value))
        if name.endswith("_at") and isinstance(value, str):
            return local(value)
        if isinstance(value, list):
            return ", ".join(self._term(name, str(one)) for one in value)
        return str(value)

    def _term(self, name: str, key: str) -> str:
        """A term of the methodology by its label; the key where it has none."""
        if self._methodology is None:
            return key
        if name == "criteria":
            return criterion_label(self._methodology, key)
        terms = {
            "types": self._methodology.case_types,
            "reasons": self._methodology.referral_reasons,
        }
        term = find(terms.get(name, ()), key)
        return term.label if term else key
