"""What stands in a field, in a person's words: labels, names, references and local times."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from fieldkit.methodology import find, load_known
from fieldkit.service import criterion_label
from fieldkit.wording.dates import short_moment
from fieldkit.wording.labels import Names, label
from storage.records import Inspection
from storage.records.inspection import judged_by
from storage.records.model.fields import holds_time
from storage.records.registry import KINDS, facts, named_by


class Words:
    """Gives the words of a record's values.

    Args:
        s: a session.
        kind, record_id: the record; its inspection's methodology says what terms are called.
    """

    def __init__(self, s: Session, kind: str, record_id: str) -> None:
        self._s, self._kind = s, kind
        known = KINDS.get(kind)
        record = s.get(known, record_id) if known else None
        inspection = s.get(Inspection, getattr(record, "inspection_id", ""))
        self._methodology = load_known(judged_by(inspection)) if inspection else None
        self.names = Names(s)

    def value(self, name: str, value: Any) -> str:
        """Return a field's value; empty where there was none, “nothing” for one that is empty."""
        if value is None or value == "" or value == [] or value == {}:
            return "" if value is None else "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        named = named_by(self._kind, name, {name: value}.get) if isinstance(value, str) else None
        if named is not None and named[0] in KINDS:
            there = self._s.get(KINDS[named[0]], value) is not None
            return label(self._s, *named) if there else str(value)
        if facts(self._kind, name).person:
            return self.names.person(str(value))
        known = KINDS.get(self._kind)
        field = known.model_fields.get(name) if known else None
        if isinstance(value, str) and field is not None and holds_time(field.metadata):
            return short_moment(value)
        if isinstance(value, list):
            return ", ".join(self._term(name, str(item)) for item in value)
        return str(value)

    def _term(self, name: str, key: str) -> str:
        """Return a term of the methodology by its label; the key where it has none."""
        terms = facts(self._kind, name).terms
        if self._methodology is None or not terms:
            return key
        if terms == "criteria":
            return criterion_label(self._methodology, key)
        term = find(getattr(self._methodology, terms), key)
        return term.label if term else key
