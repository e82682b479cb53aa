"""What a person calls a record: "WST-014, Investigation", not an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlmodel import Session

from fieldkit.writing import criterion_label, methodology_of
from storage.records import KINDS, Inspection, Record

_SHORT = 50


def person_name(names: Mapping[str, str], person: str) -> str:
    """The name of a person by id; what was typed by hand is a name already."""
    return names.get(person, person) or "nobody"


def label(s: Session, kind: str, record_id: str) -> str:
    """How a person calls a record, also where it is not kept here or is of a later fieldkit."""
    plain = kind.replace("_", " ")
    known = KINDS.get(kind)
    found = s.get(known, record_id) if known else None
    if found is None:
        return f"a {plain} not kept here"
    named = _LABELS.get(kind)
    return named(s, found) if named else plain


def case_of(s: Session, kind: str, record_id: str) -> str:
    """The id of the case in whose file a record stands; empty where it stands in none."""
    if kind == "case":
        return record_id
    known = KINDS.get(kind)
    found = s.get(known, record_id) if known else None
    if found is None:
        return ""
    if kind == "note":
        return case_of(s, _text(found, "parent_kind"), _text(found, "parent_id"))
    if kind == "force_row_key":
        return case_of(s, "force_row", _text(found, "force_row_id"))
    return _text(found, "case_id")


def _text(one: Record, name: str) -> str:
    return str(getattr(one, name, ""))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"


def _case(s: Session, one: Record) -> str:
    found = s.get(KINDS["case"], _text(one, "case_id"))
    return _text(found, "reference") if found else "a case not kept here"


def _criterion(s: Session, one: Record) -> str:
    inspection = s.get(Inspection, _text(one, "inspection_id"))
    key = _text(one, "criterion")
    return criterion_label(methodology_of(s, inspection.id), key) if inspection else key


def _on(one: Record) -> str:
    day = _text(one, "held_on")
    return f", {day}" if day else ""


def _of(noun: str) -> Callable[[Session, Record], str]:
    return lambda s, one: f"{_case(s, one)}, {noun}"


def _inside(noun: str, kind: str, field: str) -> Callable[[Session, Record], str]:
    return lambda s, one: f"{noun} {label(s, kind, _text(one, field))}"


_LABELS: dict[str, Callable[[Session, Record], str]] = {
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
    "note": lambda s, one: (
        f"note in {label(s, _text(one, 'parent_kind'), _text(one, 'parent_id'))}"
    ),
    "point": lambda s, one: f"{_text(one, 'sort')}: {_short(_text(one, 'wording'))}",
    "support": _inside("evidence for", "point", "point_id"),
    "debrief": lambda s, one: f"{_text(one, 'sort')} debrief{_on(one)}",
    "debrief_point": lambda s, one: (
        f"{label(s, 'debrief', _text(one, 'debrief_id'))}: "
        f"{label(s, 'point', _text(one, 'point_id'))}"
    ),
    "referral": _of("referral"),
    "recommendation": lambda s, one: f"recommendation {_text(one, 'number')}",
    "basis": _inside("basis of", "recommendation", "recommendation_id"),
    "self_assessment": lambda s, one: f"self-assessment: {_text(one, 'file_name')}",
    "force_row": lambda s, one: f"the force's row {_text(one, 'row')}",
    "force_row_key": lambda s, one: f"the force's row {_text(one, 'row')}",
}
