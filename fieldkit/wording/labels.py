"""What a person calls a record: "WST-014, Investigation", not an id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from sqlmodel import Session

from fieldkit.methodology import load
from fieldkit.service import criterion_label
from storage.records import Inspection
from storage.records.lookup import brief
from storage.records.registry import KINDS

_SHORT = 50
_ABOVE = ("case", "point", "debrief", "recommendation", "force_row")
"""The kinds that other records name by a field ``<kind>_id``, and are called after."""


class Finder(Protocol):
    """Where records are looked up by their id: a session, or :class:`Looked`."""

    def get(self, entity: Any, ident: Any, /) -> Any:
        """The record, or nothing."""


class Looked:
    """Many records and those they are called after, looked up at once.

    Args:
        s: a session; what it has not flushed is not seen.
        wanted: the kind and id of each.
    """

    def __init__(self, s: Session, wanted: Iterable[tuple[str, str]]) -> None:
        self._s = s
        self._held: dict[tuple[str, str], Any] = {}
        asked = {one for one in wanted if one[0] in KINDS}
        while asked:
            by_kind: dict[str, list[str]] = defaultdict(list)
            for kind, one in asked:
                by_kind[kind].append(one)
            asked = set()
            for kind, ids in by_kind.items():
                found = brief(s, KINDS[kind], ids)
                for one in ids:
                    self._held[kind, one] = found.get(one)
                for record in found.values():
                    asked.update(_above(record))
            asked -= self._held.keys()

    def get(self, entity: Any, ident: Any, /) -> Any:
        """The record, or nothing."""
        if (entity.KIND, ident) in self._held:
            return self._held[entity.KIND, ident]
        return self._s.get(entity, ident)


def _above(record: Any) -> Iterable[tuple[str, str]]:
    """The kind and id of the records that one is called after."""
    if _text(record, "parent_kind") in KINDS:
        yield _text(record, "parent_kind"), _text(record, "parent_id")
    for kind in _ABOVE:
        if other := _text(record, f"{kind}_id"):
            yield kind, other


def person_name(names: Mapping[str, str], person: str) -> str:
    """The name of a person by id; what was typed by hand is a name already."""
    return names.get(person, person) or "nobody"


def label(s: Finder, kind: str, record_id: str) -> str:
    """How a person calls a record, also where it is not kept here or is of a later fieldkit."""
    plain = kind.replace("_", " ")
    known = KINDS.get(kind)
    found = s.get(known, record_id) if known else None
    if found is None:
        return f"a {plain} not kept here"
    named = _LABELS.get(kind)
    return named(s, found) if named else plain


def case_of(s: Finder, kind: str, record_id: str) -> str:
    """The id of the case in whose file a record stands; empty where it stands in none."""
    if kind == "case":
        return record_id
    known = KINDS.get(kind)
    found = s.get(known, record_id) if known else None
    if found is None:
        return ""
    if kind == "note":
        # No note stands in a note; a colleague's bundle might say so, round and round.
        if _text(found, "parent_kind") == "note":
            return ""
        return case_of(s, _text(found, "parent_kind"), _text(found, "parent_id"))
    if kind == "force_row_key":
        return case_of(s, "force_row", _text(found, "force_row_id"))
    return _text(found, "case_id")


def _text(one: Any, name: str) -> str:
    return str(getattr(one, name, ""))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _case(s: Finder, one: Any) -> str:
    found = s.get(KINDS["case"], _text(one, "case_id"))
    return _text(found, "reference") if found else "a case not kept here"


def _criterion(s: Finder, one: Any) -> str:
    inspection = s.get(Inspection, _text(one, "inspection_id"))
    key = _text(one, "criterion")
    return criterion_label(load(inspection.methodology), key) if inspection else key


def _on(one: Any) -> str:
    day = _text(one, "held_on")
    return f", {day}" if day else ""


def _parent(s: Finder, one: Any) -> str:
    kind = _text(one, "parent_kind")
    return "a note" if kind == "note" else label(s, kind, _text(one, "parent_id"))


def _of(noun: str) -> Callable[[Finder, Any], str]:
    return lambda s, one: f"{_case(s, one)}, {noun}"


def _inside(noun: str, kind: str, field: str) -> Callable[[Finder, Any], str]:
    return lambda s, one: f"{noun} {label(s, kind, _text(one, field))}"


_LABELS: dict[str, Callable[[Finder, Any], str]] = {
    "inspection": lambda s, one: f"{_text(one, 'force')}, {_text(one, 'phase')}",
    "case": lambda s, one: _text(one, "reference"),
    "case_key": _of("force reference"),
    "case_audit": _of("case audit"),
    "judgment": lambda s, one: f"{_case(s, one)}, {_criterion(s, one)}",
    "assessment": lambda s, one: f"the force, {_criterion(s, one)}",
    "reveal": _of("the force's grade revealed"),
    "interview": lambda s, one: f"{_text(one, 'meeting')}: {_text(one, 'role')}{_on(one)}",
    "observation": lambda s, one: f"observation: {_text(one, 'place')}{_on(one)}",
    "document": lambda s, one: f"document: {_text(one, 'title')}",
    "note": lambda s, one: f"note in {_parent(s, one)}",
    "point": lambda s, one: f"{_text(one, 'sort')}: {_short(_text(one, 'wording'))}",
    "support": _inside("evidence for", "point", "point_id"),
    "debrief": lambda s, one: f"{_text(one, 'sort')} debrief{_on(one)}",
    "debrief_point": lambda s, one: (
        f"{label(s, 'debrief', _text(one, 'debrief_id'))}: "
        f"{label(s, 'point', _text(one, 'point_id'))}"
    ),
    "referral": _of("referral"),
    "query": lambda s, one: f"{_case(s, one)}, query on {_criterion(s, one)}",
    "recommendation": lambda s, one: f"recommendation {_text(one, 'number')}",
    "basis": _inside("basis of", "recommendation", "recommendation_id"),
    "self_assessment": lambda s, one: f"self-assessment: {_text(one, 'file_name')}",
    "force_row": lambda s, one: f"the force's row {_text(one, 'row')}",
    "force_row_key": lambda s, one: f"the force's row {_text(one, 'row')}",
}
