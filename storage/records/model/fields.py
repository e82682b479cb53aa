"""The types of a record's fields: what each takes, and what is known of it besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from sqlalchemy import JSON
from sqlmodel import Field

from storage.ops.canonical_json import MalformedError
from storage.ops.dates import NO_DATE
from storage.ops.op import DELETED, op_id
from storage.ops.short_dates import read_typed_day, read_typed_moment
from storage.ops.text import clean_text


@dataclass(frozen=True, slots=True)
class Facts:
    """Says of a field what its type does not.

    Attributes:
        label: what a person calls it; empty where its own name will do.
        refers: the kind of record whose id it holds, where its name does not say so.
        terms: the list of the methodology that its keys are of.
        person: it holds the id of a person.
        author: it says who of the team wrote the record, or a part of it.
        code: it says where a record belongs, or by what rules it was made: no words of a person.
        tacit: no history names it, as it ties records together or repeats what the line says.
        trailing: undo names it only where no other field of the same step has a name.
        following: it says who wrote another field, when, or in sight of what; two who agree
            differ in it, and nobody has anything to decide.
    """

    label: str = ""
    refers: str = ""
    terms: str = ""
    person: bool = False
    author: bool = False
    code: bool = False
    tacit: bool = False
    trailing: bool = False
    following: bool = False


_TIE = Facts(code=True, tacit=True)
_BY_NAME = {DELETED: Facts("deleted", tacit=True), "by": Facts(code=True, tacit=True)}
_NO_FACTS = Facts()


def facts_of_name(name: str) -> Facts:
    """Return what a field's name alone says: one that names another record ties the two."""
    return _TIE if name.endswith(("_id", "_kind")) else _BY_NAME.get(name, _NO_FACTS)


def choice(*words: str) -> AfterValidator:
    """Return a validator that takes one of the given words and nothing else."""

    def check(value: str) -> str:
        if value not in words:
            *others, last = (f"“{word}”" for word in words if word)
            known = f"{', '.join(others)} or {last}" if others else last
            raise ValueError(f"can be {known}, not “{value}”")
        return value

    return AfterValidator(check)


_DAY_FORM = "needs a date such as 22/11/2026"
_MOMENT_FORM = "needs a date such as 22/11/2026 14:30"


def british_days(day: str) -> Iterator[str]:
    """Return how a day of ISO 8601 may have been typed the British way; nothing for no day."""
    year, _, rest = day.partition("-")
    month, _, number = rest.partition("-")
    if not (month.isdigit() and number.isdigit()):
        return
    for sign in "/.":
        for days in dict.fromkeys((number, number.lstrip("0"))):
            for months in dict.fromkeys((month, month.lstrip("0"))):
                yield sign.join((days, months, year))


def _day(value: str) -> str:
    """Return a day in ISO 8601 however a person wrote it; what is ISO 8601 stays as it is."""
    value = value.strip()
    with suppress(ValueError):
        if not value or date.fromisoformat(value).isoformat() == value:
            return value
    return _read(read_typed_day(value), _DAY_FORM)


def _moment(value: str) -> str:
    """Return what :func:`_day` does, with a time after it where one is given."""
    value = value.strip()
    with suppress(ValueError):
        if value:
            datetime.fromisoformat(value)
        return value
    return _read(read_typed_moment(value), _MOMENT_FORM)


def _read(understood: tuple[str | None, str], form: str) -> str:
    moment, why = understood
    if moment is None:
        raise ValueError(form if why == NO_DATE else f"{form}: {why}")
    return moment


def _clean_each(value: Any) -> list[str]:
    # A lone text would be taken letter by letter.
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValueError("it is a list of texts")
    return [clean_text(str(text)) for text in value]


def _op_place(value: str) -> str:
    try:
        if value:
            op_id(value)
    except MalformedError:
        raise ValueError("it names an entry as device/epoch/kind/number") from None
    return value


Text = Annotated[str, AfterValidator(clean_text)]
Texts = Annotated[list[str], BeforeValidator(_clean_each)]
_DAY_TYPE, _MOMENT_TYPE = AfterValidator(_day), AfterValidator(_moment)
Day = Annotated[str, _DAY_TYPE]
"""A date ``YYYY-MM-DD``, or empty where it is not known."""
Moment = Annotated[str, _MOMENT_TYPE]
"""A date or a date and time in ISO 8601, or empty where it is not known."""
OpPlace = Annotated[str, AfterValidator(_op_place)]
"""The id of an op, or empty where none is named."""
Code = Annotated[Text, Facts(code=True)]
"""A key of the methodology or of ours, never words of a person's."""
Criterion = Annotated[Text, Facts(code=True, tacit=True, terms="criteria")]
"""The key of the criterion that a record is on; what the record is called names it."""
Criteria = Annotated[Texts, Facts(code=True, terms="criteria")]
Outcomes = Annotated[Texts, Facts(code=True, terms="outcomes")]
"""The keys of the programme's outcomes that a record bears on."""
Person = Annotated[Text, Facts(person=True)]
"""The id of a person, or a name typed by hand."""
By = Annotated[Text, Facts(author=True, code=True, tacit=True, following=True)]
"""Who wrote the record."""


def holds_time(metadata: Iterable[Any]) -> bool:
    """Say whether a field of that metadata holds a :data:`Day` or a :data:`Moment`."""
    return any(one is _DAY_TYPE or one is _MOMENT_TYPE for one in metadata)


def json_list() -> Any:
    """Return the declaration of a field that holds a list, empty where nothing was said."""
    return Field(default_factory=list, sa_type=JSON)


def json_dict() -> Any:
    """Return the declaration of a field that holds a table, empty where nothing was said."""
    return Field(default_factory=dict, sa_type=JSON)
