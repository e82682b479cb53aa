"""What every kind of record shares: identity, its feed, its verbs and its validation."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, ValidationError
from sqlmodel import Field, Session, SQLModel, col, select

from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.ops.op import MAIN
from storage.ops.text import clean_text

NAMESPACE = uuid.UUID("6c3f3a0e-5f0b-5d53-9a8a-2b1f0d6f7c11")
"""Namespace of every UUIDv5 that fieldkit makes; part of the format, never to be changed."""

FOLLOWING = frozenset({"by", "answered_by", "answered_at", "decided_by", "decided_at", "revision"})
"""Fields that say who wrote another field, when, and in sight of what. Two who agree differ in
them, and nobody has anything to decide."""


class InvalidError(FieldkitError):
    """A value does not fit its field; nothing was changed."""


def choice(*words: str) -> AfterValidator:
    """A validator that takes one of the given words and nothing else."""

    def check(value: str) -> str:
        if value not in words:
            known = ", ".join(f"«{one}»" for one in words if one)
            raise ValueError(f"«{value}» is none of {known}")
        return value

    return AfterValidator(check)


_BRITISH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(.*)", re.DOTALL)
_DAY_SAID = "write a day as 2026-11-22 or 22/11/2026"
_MOMENT_SAID = f"{_DAY_SAID}, with a time after it where it is known, as in 2026-11-22 14:30"


def _year_first(value: str) -> str:
    """A day written the British way, 22/11/2026, turned to ISO 8601; anything else as it is."""
    found = _BRITISH.fullmatch(value.strip())
    if found is None:
        return value.strip()
    day, month, year, rest = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}{rest}"


def _day(value: str) -> str:
    value = _year_first(value)
    if value:
        try:
            date.fromisoformat(value)
        except ValueError:
            raise ValueError(_DAY_SAID) from None
        if len(value) != 10:
            raise ValueError(_DAY_SAID)
    return value


def _moment(value: str) -> str:
    value = _year_first(value)
    if value:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(_MOMENT_SAID) from None
    return value


Text = Annotated[str, AfterValidator(clean_text)]
Day = Annotated[str, AfterValidator(_day)]
"""A date ``YYYY-MM-DD``, or empty where it is not known."""
Moment = Annotated[str, AfterValidator(_moment)]
"""A date or a date and time in ISO 8601, or empty where it is not known."""


def _clean_each(value: Any) -> list[str]:
    # A lone text would be taken letter by letter.
    if not isinstance(value, list | tuple | set | frozenset):
        raise ValueError("it is a list of texts")
    return [clean_text(str(one)) for one in value]


Texts = Annotated[list[str], BeforeValidator(_clean_each)]


def random_id() -> str:
    """A new id for a record the world may have any number of."""
    return str(uuid.uuid4())


def named_id(*parts: str) -> str:
    """The id of a record the world has only one of (UUIDv5 of its natural key)."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(unicodedata.normalize("NFC", p) for p in parts)))


class Record(SQLModel):
    """Base of every record class.

    Class attributes:
        KIND: the record's name in ops; for ever.
        FEED: which of a laptop's two feeds carries it.
        MADE: the verb of the op that makes one.
        UNMADE: the verb of the op that takes it away.
        SEARCH: the fields that full-text search looks through.
        STATED: the fields whose default is an answer like any other. They are written whenever a
            record is made, so that somebody else's other answer is seen to be one.
        TOGETHER: groups of fields that say one thing together, the one that says what the others
            mean first; they are written, shown and decided as one answer.
    """

    model_config = {"extra": "forbid"}

    KIND: ClassVar[str]
    FEED: ClassVar[str] = MAIN
    MADE: ClassVar[str] = "create"
    UNMADE: ClassVar[str] = "delete"
    SEARCH: ClassVar[tuple[str, ...]] = ()
    STATED: ClassVar[frozenset[str]] = frozenset()
    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: str = Field(default_factory=random_id, primary_key=True)

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """The names of the fields that ops write, the id apart."""
        return _fields(cls)

    @classmethod
    def default(cls, name: str) -> Any:
        """The value of a field that no op has written; part of the format."""
        return _defaults(cls)[name]

    @classmethod
    def form_class(cls) -> type[SQLModel]:
        """The non-table model that validates this record's values."""
        for base in cls.__mro__[1:]:
            if issubclass(base, SQLModel) and base is not Record and base is not SQLModel:
                return base
        raise TypeError(f"{cls.__name__} has no form")

    @classmethod
    def make(cls, **values: Any) -> Self:
        """A new record with validated values; raises :class:`InvalidError`."""
        identity = values.pop("id", None)
        checked = _validated(cls, values)
        made = cls(**checked)
        if identity is not None:
            made.id = identity
        return made

    def change(self, **values: Any) -> Self:
        """Set validated values, leaving equal ones untouched; raises :class:`InvalidError`."""
        merged = {name: getattr(self, name) for name in self.field_names()} | values
        checked = _validated(type(self), merged)
        for name in values:
            if getattr(self, name) != checked[name]:
                setattr(self, name, checked[name])
        return self

    def words(self) -> str:
        """What full-text search finds this record by."""
        return self.worded({name: getattr(self, name) for name in self.SEARCH})

    @classmethod
    def worded(cls, row: Mapping[str, Any]) -> str:
        """As :meth:`words`, of a row: making an object of it takes far longer than the rest."""
        return "\n".join(filter(None, (str(row[name]) for name in cls.SEARCH)))


AnyRecord = TypeVar("AnyRecord", bound=Record)
_TOGETHER = 500
"""Records asked for in one statement."""

_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(cls: type[Record]) -> tuple[str, ...]:
    if cls not in _FIELDS:
        _FIELDS[cls] = tuple(name for name in cls.model_fields if name != "id")
    return _FIELDS[cls]


_DEFAULTS: dict[type, dict[str, Any]] = {}


def _defaults(cls: type[Record]) -> dict[str, Any]:
    if cls not in _DEFAULTS:
        model = cls.form_class().model_fields
        _DEFAULTS[cls] = {
            name: "" if one.is_required() else one.get_default(call_default_factory=True)
            for name, one in ((name, model[name]) for name in cls.field_names())
        }
    return _DEFAULTS[cls]


class Form(SQLModel):
    """Base of the non-table models; a table model of SQLModel does not validate."""

    model_config = {"extra": "forbid"}


def _tidied(value: Any) -> Any:
    """Texts inside a list or table as :func:`clean_text` keeps them; keys stay as they are."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {key: _tidied(one) for key, one in value.items()}
    return [_tidied(one) for one in value] if isinstance(value, list) else value


_WORDS = {
    "starts": "first day",
    "ends": "last day",
    "held_on": "day",
    "action_due": "day the action is due",
    "action_done": "day the action was done",
    "incident_on": "day of the incident",
    "asked_on": "day it was asked for",
    "received_on": "day it was received",
    "dated": "day it bears",
}
"""What a field is called where its own name is no English."""


def _validated(cls: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    try:
        checked = cls.form_class().model_validate(values).model_dump()
        for name, value in checked.items():
            if isinstance(value, dict | list):
                checked[name] = _tidied(value)
                canonical_json.text(checked[name])
        return checked
    except MalformedError as error:
        raise InvalidError(
            f"A part of the {cls.KIND.replace('_', ' ')} was not accepted: {error} Nothing was "
            "changed; correct it and try again."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = _WORDS.get(str(first["loc"][0]) if first["loc"] else cls.KIND, "")
        where = where or ".".join(map(str, first["loc"])) or cls.KIND
        said = str(first["msg"]).removeprefix("Value error, ")
        raise InvalidError(
            f"The {where.replace('_', ' ')} of the {cls.KIND.replace('_', ' ')} was not accepted: "
            f"{said}. Nothing was changed; correct it and try again."
        ) from None


def revalidate(record: Record) -> None:
    """Check a record once more before it is flushed; raises :class:`InvalidError`."""
    values = {name: getattr(record, name) for name in record.field_names()}
    for name, value in _validated(type(record), values).items():
        if values[name] != value:
            setattr(record, name, value)


def several(session: Session, kind: type[AnyRecord], ids: Iterable[str]) -> list[AnyRecord]:
    """The records of a kind with those ids, in few statements; those not there are left out."""
    wanted = sorted(set(ids))
    found: list[AnyRecord] = []
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        found += session.exec(select(kind).where(col(kind.id).in_(some)))
    return found
