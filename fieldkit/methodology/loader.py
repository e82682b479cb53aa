"""Loads a methodology from its TOML files; refuses, in a sentence, what does not hold together."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar, cast, get_args

from fieldkit.methodology.follow_up import with_aims
from fieldkit.methodology.methodology import Country, Methodology
from fieldkit.methodology.terms import (
    Area,
    CaseType,
    Deadline,
    Grade,
    Indicator,
    Outcome,
    Phase,
    Scale,
    Subject,
    Term,
    Timing,
    canonical,
)
from storage.errors import FieldkitError

OVERALL = "overall"
"""The key of the overall assessment; no area may take it."""

_SUBJECTS: tuple[Subject, ...] = get_args(Subject)
_SHARED, _OUTCOMES = "common.toml", "outcomes.toml"
FOLLOW_UP = "+follow-up"
"""Asks, after a version, for its criteria as a follow-up has them."""
_TERMS: dict[str, type[Term]] = {
    "states": Term,
    "origins": Term,
    "case_types": CaseType,
    "referral_reasons": Term,
    "meetings": Term,
    "modes": Term,
    "source_groups": Term,
    "polarities": Term,
    "point_sorts": Term,
    "answers": Term,
    "voice": Term,
    "timeliness": Term,
    "supervision": Term,
    "risk": Term,
    "deadlines": Deadline,
    "recommendation_statuses": Term,
    "recommendation_endings": Term,
    "timings": Timing,
    "phases": Phase,
}
_LOGIC: dict[str, type[Term]] = {
    "outcomes": Outcome,
    "indicators": Indicator,
    "pulse_units": Term,
}
"""The terms of the programme's logic, which is the same for every version."""
_AnyTerm = TypeVar("_AnyTerm", bound=Term)


class MethodologyError(FieldkitError):
    """A methodology is not known, or its file does not hold together; nothing was changed."""

    @classmethod
    def of(cls, where: str, what: str) -> MethodologyError:
        """Return the refusal of a file: where, and what is wrong there."""
        return cls(
            f"The methodology file {where} cannot be used: {what}. "
            "Nothing was changed; correct the file, or install fieldkit again."
        )


@cache
def versions() -> tuple[str, ...]:
    """Return the versions that fieldkit knows, oldest first."""
    listed = files("fieldkit.methodology").iterdir()
    names = (one.name.removesuffix(".toml") for one in listed if one.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name.isdecimal()))


@cache
def load(version: str) -> Methodology:
    """The methodology of a version ("2018") or of its id ("ncpi-2018").

    With :data:`FOLLOW_UP` after it, as a follow-up has it: the four aims are criteria too, and any
    area may be judged on the force. Raises :class:`MethodologyError` for a version that is not
    known and for files that do not hold together.
    """
    known = versions()
    plain = version.removesuffix(FOLLOW_UP)
    year = plain.removeprefix("ncpi-")
    if year not in known:
        listed = f"{', '.join(known[:-1])} and {known[-1]}"
        raise MethodologyError(
            f"There is no methodology “{version}”. Nothing was changed; fieldkit knows {listed}."
        )
    if plain != version:
        return with_aims(load(plain))
    return parse(_read(f"{year}.toml"), _read(_SHARED), f"{year}.toml")


def load_known(version: str) -> Methodology | None:
    """Return the methodology of a version, or nothing where it is not known.

    For what is only called by a name: an inspection of a later fieldkit may be by a later one.
    """
    year = version.removeprefix("ncpi-").removesuffix(FOLLOW_UP)
    return load(version) if year in versions() else None


def parse(own: Mapping[str, Any], shared: Mapping[str, Any], name: str) -> Methodology:
    """Return the methodology that a version's file and the shared file describe together.

    ``name`` is the version's file as errors call it. Raises :class:`MethodologyError`.
    """
    _only(own, {"version", "id", "title", "safeguarding_body", OVERALL, "areas", "scales"}, name)
    _only(shared, {*_TERMS, "marking", "always_ask", "england", "wales"}, _SHARED)
    body = _text(own, "safeguarding_body", name)
    if body not in {"board", "partnership", "by date"}:
        raise MethodologyError.of(name, f"the safeguarding body is “{body}”, which is not known")
    overall_table = _table(own, OVERALL, name)
    shown = _text(overall_table, "shown", name)
    if shown not in {"first", "last"}:
        raise MethodologyError.of(name, f"the overall assessment is shown “{shown}”")
    overall_area = {"key": OVERALL} | {k: v for k, v in overall_table.items() if k != "shown"}
    terms = {
        noun: _terms(shape, _list(shared, noun, _SHARED), noun, _SHARED)
        for noun, shape in _TERMS.items()
    }
    logic = _read(_OUTCOMES)
    _only(logic, set(_LOGIC), _OUTCOMES)
    terms |= {
        noun: _terms(shape, _list(logic, noun, _OUTCOMES), noun, _OUTCOMES)
        for noun, shape in _LOGIC.items()
    }
    return Methodology(
        version=_text(own, "version", name),
        id=_text(own, "id", name),
        title=_text(own, "title", name),
        marking=_text(shared, "marking", _SHARED),
        areas=_areas(_list(own, "areas", name), name),
        overall=_area(overall_area, name),
        overall_shown=shown,
        scales=MappingProxyType(_scales(_table(own, "scales", name), name)),
        always_ask=_text(shared, "always_ask", _SHARED),
        safeguarding_body=body,
        country=_country(_table(shared, "england", _SHARED), _table(shared, "wales", _SHARED)),
        **cast(Any, terms),
    )


def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((files("fieldkit.methodology") / name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MethodologyError.of(name, f"it cannot be read ({error})") from error


def _areas(tables: list[Any], name: str) -> tuple[Area, ...]:
    areas = tuple(_area(one, name) for one in tables)
    if any(one.key == OVERALL for one in areas):
        raise MethodologyError.of(name, "an area is called “overall”, which is kept for the whole")
    _once((canonical(one.key) for one in areas), "the area", name)
    _once((canonical(one.label) for one in areas), "the area label", name)
    return areas


def _area(table: Any, name: str) -> Area:
    if not isinstance(table, Mapping):
        raise MethodologyError.of(name, "an area is not a table")
    _only(table, {one.name for one in fields(Area)}, name)
    key, judged_on = _text(table, "key", name), _list(table, "judged_on", name)
    for subject in judged_on:
        if subject not in _SUBJECTS:
            raise MethodologyError.of(
                name,
                f"the area “{key}” is judged on “{subject}”, which is neither a case nor a force",
            )
    _once(judged_on, f"the area “{key}” is judged on", name)
    return Area(key, _text(table, "label", name), tuple(judged_on), _text(table, "prompt", name))


def _scales(tables: Mapping[str, Any], name: str) -> dict[Subject, Scale]:
    _only(tables, set(_SUBJECTS), name)
    scales: dict[Subject, Scale] = {}
    for subject in _SUBJECTS:
        table = _table(tables, subject, name)
        _only(table, {"grades", "verified"}, name)
        noun = f"grades of the {subject} scale"
        listed = table.get("grades")
        if not isinstance(listed, list) or not listed:
            raise MethodologyError.of(name, f"the {subject} scale has no grades")
        grades = _terms(Grade, listed, noun, name)
        for grade in grades:
            verbs: tuple[str, ...] = grade.published
            if len(verbs) != 2 or not all(verbs):
                raise MethodologyError.of(
                    name, f"the grade “{grade.label}” needs two verbs, for one case and for several"
                )
            if len(grade.letter) != 1 or not grade.short:
                raise MethodologyError.of(
                    name, f"the grade “{grade.label}” needs a letter and a short label"
                )
            if " " in grade.key:
                raise MethodologyError.of(name, f"the grade key “{grade.key}” is not one word")
        _once((one.letter for one in grades), f"among the {noun} the letter", name)
        scales[subject] = Scale(subject, grades, bool(table.get("verified", True)))
    return scales


def _terms(shape: type[_AnyTerm], tables: list[Any], noun: str, name: str) -> tuple[_AnyTerm, ...]:
    """Return terms of one noun, every spelling of which is claimed once."""
    terms = []
    for table in tables:
        if not isinstance(table, Mapping):
            raise MethodologyError.of(name, f"one of the {noun} is not a table")
        terms.append(shape(**_values(shape, table, name)))
    _once((one.key for one in terms), f"among the {noun} the key", name)
    claimed: dict[str, str] = {}
    for term in terms:
        for spelling in sorted(term.spellings):
            if not spelling:
                raise MethodologyError.of(name, f"“{term.key}” of the {noun} has an empty alias")
            if spelling in claimed:
                raise MethodologyError.of(
                    name,
                    f"“{spelling}” is claimed twice among the {noun}, "
                    f"by “{claimed[spelling]}” and “{term.key}”",
                )
            claimed[spelling] = term.key
    return tuple(terms)


def _values(shape: type[Term], table: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of one term, each of the kind that its default has."""
    _only(table, {one.name for one in fields(shape)}, name)
    _text(table, "key", name)
    _text(table, "label", name)
    values = {key: tuple(one) if isinstance(one, list) else one for key, one in table.items()}
    for attribute in fields(shape):
        value = values.get(attribute.name, attribute.default)
        kind = str if attribute.default is MISSING else type(attribute.default)
        if not isinstance(value, kind) or (
            isinstance(value, tuple) and not all(isinstance(part, str) for part in value)
        ):
            raise MethodologyError.of(
                name, f"“{attribute.name}” of “{table['key']}” is of a wrong kind"
            )
    return values


def _country(england: Mapping[str, Any], wales: Mapping[str, Any]) -> Country:
    since = england.get("partnership_from")
    if not isinstance(since, date):
        raise MethodologyError.of(_SHARED, "“partnership_from” is not a date")
    return Country(
        board=_text(england, "board", _SHARED),
        partnership=_text(england, "partnership", _SHARED),
        partnership_from=since,
        children_director=_text(england, "children_director", _SHARED),
        welsh_forces=tuple(_list(wales, "forces", _SHARED)),
        welsh_safeguarding_body=_text(wales, "safeguarding_body", _SHARED),
        welsh_children_director=_text(wales, "children_director", _SHARED),
    )


def _text(table: Mapping[str, Any], key: str, name: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise MethodologyError.of(name, f"“{key}” is missing or empty")
    return value


def _list(table: Mapping[str, Any], key: str, name: str) -> list[Any]:
    value = table.get(key)
    if not isinstance(value, list) or not value:
        raise MethodologyError.of(name, f"“{key}” is missing or empty")
    return value


def _table(table: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    value = table.get(key)
    if not isinstance(value, Mapping):
        raise MethodologyError.of(name, f"“{key}” is missing")
    return value


def _only(table: Mapping[str, Any], known: set[str], name: str) -> None:
    strangers = sorted(set(table) - known)
    if strangers:
        raise MethodologyError.of(name, f"“{strangers[0]}” is not known there")


def _once(values: Iterable[str], what: str, name: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise MethodologyError.of(name, f"{what} “{value}” stands there twice")
        seen.add(value)
