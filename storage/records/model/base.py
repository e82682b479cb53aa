"""What every kind of record shares: identity, its feed, its verbs and its validation."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from functools import cache, lru_cache
from typing import Any, ClassVar, Literal, NamedTuple, Self, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from sqlalchemy import inspect
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Field, SQLModel

from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.ops.op import MAIN
from storage.ops.text import clean_text
from storage.records.model.fields import Facts, facts_of_name

PREDICATES = ("needs ", "can be ")
"""How a problem begins that makes a sentence with the name of its field before it."""
NAMESPACE = uuid.UUID("6c3f3a0e-5f0b-5d53-9a8a-2b1f0d6f7c11")
"""Namespace of every UUIDv5 that fieldkit makes; part of the format, never to be changed."""


class InvalidError(FieldkitError):
    """A value does not fit its field; nothing was changed."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def random_id() -> str:
    """Return a new id for a record the world may have any number of."""
    return str(uuid.uuid4())


@lru_cache(maxsize=512)
def named_id(*parts: str) -> str:
    """Return the id of a record the world has only one of (UUIDv5 of its natural key)."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(unicodedata.normalize("NFC", p) for p in parts)))


Answers = Mapping[str, tuple[str, ...]]
"""Fields that are one thing together, by what that is called."""

Endings = Mapping[str, Mapping[object, str]]
"""By field, the values that take a record out of what runs, each with its verb."""


class Witness(NamedTuple):
    """Names an op of another record, and what it must have written for a record to be true."""

    record: tuple[str, str]
    op: str
    wrote: Mapping[str, Any]


class Record(SQLModel):
    """Is the base of every record class, which says all that is known of its kind.

    Class attributes:
        KIND: the record's name in ops; for ever.
        PLURAL: what several are called; empty where an s does it.
        LABEL: what a person calls one: a text with fields in braces, and in square brackets what
            goes where its field is empty; a number after a colon cuts the field short.
        UNDER: the field that names the record it lies under, besides its inspection.
        NOTED: notes may stand in it.
        OWN_PAGE: it is worked on in a page of its own, though it lies under another record.
        ORDER: the fields by which its records are listed; none where nobody minds.
        FEED: which of a laptop's two feeds carries it.
        MADE: the verb of the op that makes one.
        UNMADE: the verb of the op that takes it away.
        SEARCH: the fields that full-text search looks through.
        ONCE: the fields that say where a record belongs, or that nobody may write after its making.
        NAMED: the fields whose values its id is made of, in their order; none where ids are random.
            Of “a_id.name” the value is that of the record whose id “a_id” holds.
        REMADE: its id names no inspection, so it may be made anew in another once it was deleted.
        STATED: the fields whose default is an answer like any other. They are written whenever a
            record is made, so that somebody else's other answer is seen to be one.
        TOGETHER: fields that are one answer, written, shown and decided together, by what the
            answer is called; the one that says what the others mean first.
        COUNTED: it counts as work that waits to be sent; records about sending and looking do not.
        REDACTABLE: it may hold words of a person's, and is not there to say what was done.
        EXPLAINED: once the team has left the site, writing one needs a reason; what only tells of
            sending, looking, asking and of what comes after fieldwork needs none.
        UNDOABLE: undo takes it back; what happened in the world it does not.
        REMOVED_BY: whose laptop may take one away: any, that which made it (maker), or none.
        FROZEN: the fields that undo never takes back.
        ENDS: by field, the values that take it out of what runs, and what a person calls doing so.
        COUNTS: what is kept counted of its records: the name of the table, with the fields by whose
            values it counts them.
        OPERATIONS: by section 62's name of an operation, the fields whose writing is one.
    """

    model_config = {"extra": "forbid", "defer_build": True}

    KIND: ClassVar[str]
    PLURAL: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""
    UNDER: ClassVar[str] = ""
    NOTED: ClassVar[bool] = False
    OWN_PAGE: ClassVar[bool] = False
    ORDER: ClassVar[tuple[str, ...]] = ()
    FEED: ClassVar[str] = MAIN
    MADE: ClassVar[str] = "create"
    UNMADE: ClassVar[str] = "delete"
    SEARCH: ClassVar[tuple[str, ...]] = ()
    ONCE: ClassVar[tuple[str, ...]] = ()
    NAMED: ClassVar[tuple[str, ...]] = ()
    REMADE: ClassVar[bool] = False
    STATED: ClassVar[frozenset[str]] = frozenset()
    TOGETHER: ClassVar[Answers] = {}
    COUNTED: ClassVar[bool] = True
    REDACTABLE: ClassVar[bool] = True
    EXPLAINED: ClassVar[bool] = True
    UNDOABLE: ClassVar[bool] = True
    REMOVED_BY: ClassVar[Literal["any", "maker", "none"]] = "any"
    FROZEN: ClassVar[frozenset[str]] = frozenset()
    ENDS: ClassVar[Endings] = {}
    COUNTS: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    OPERATIONS: ClassVar[Answers] = {}

    id: str = Field(default_factory=random_id, primary_key=True)

    @classmethod
    def noun(cls) -> str:
        """Return what a person calls the kind."""
        return cls.KIND.replace("_", " ")

    @classmethod
    def plural(cls) -> str:
        """Return what a person calls several of the kind."""
        return cls.PLURAL or f"{cls.noun()}s"

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """Return the names of the fields that ops write, the id apart."""
        return _field_names(cls)

    @classmethod
    def default(cls, name: str) -> Any:
        """Return the value of a field that no op has written; part of the format."""
        return _defaults(cls)[name]

    @classmethod
    def required(cls) -> frozenset[str]:
        """Return the fields that have no default: given when a record is made, by every maker."""
        return _required(cls)

    @classmethod
    def ids_of(cls, parts: tuple[str, ...]) -> Iterator[str]:
        """Return the ids that a record of these values of :attr:`NAMED` may have."""
        yield named_id(cls.KIND, *parts)

    @classmethod
    def witness(cls, fields: Mapping[str, Any]) -> Witness | None:
        """Return the op that bears out what a record says; None where it rests on itself."""
        return None

    @classmethod
    def facts(cls, name: str) -> Facts:
        """Return what is known of a field besides its type."""
        return _facts(cls).get(name) or facts_of_name(name)

    @classmethod
    def field_label(cls, name: str) -> str:
        """Return what a person calls a field."""
        return cls.facts(name).label or name.replace("_", " ")

    @classmethod
    def form_class(cls) -> type[BaseModel]:
        """Return the model that validates values, as a table model of SQLModel does not."""
        return _form(cls)

    @classmethod
    def make(cls, **values: Any) -> Self:
        """Return a new record with validated values; raises :class:`InvalidError`."""
        identity, checked = cls.made_of(**values)
        made: Self = _making(cls)()
        # What SQLModel does for each value of a new object takes longer than all the rest.
        vars(made).update({"id": ""} | checked)
        made.id = identity
        inspect(made).info[_CHECKED] = checked
        return made

    @classmethod
    def made_of(cls, **values: Any) -> tuple[str, dict[str, Any]]:
        """Return the id and values that :meth:`make` gives a record, where thousands are planned.

        Raises :class:`InvalidError`.
        """
        identity = values.pop("id", None)
        checked = _validated(cls, values)
        if identity is None and cls.NAMED and not any("." in name for name in cls.NAMED):
            identity = next(cls.ids_of(tuple(str(checked[name]) for name in cls.NAMED)))
        return random_id() if identity is None else identity, checked

    def change(self, **values: Any) -> Self:
        """Set validated values, leaving equal ones untouched; raises :class:`InvalidError`."""
        merged = self.field_values() | values
        checked = _validated(type(self), merged)
        for name in values:
            if getattr(self, name) != checked[name]:
                setattr(self, name, checked[name])
        inspect(self).info[_CHECKED] = checked
        return self

    def confirm(self, *names: str) -> Self:
        """Have fields written although they keep their values, as where a person says so again."""
        for name in names:
            flag_modified(self, name)
        return self

    def field_values(self) -> dict[str, Any]:
        """Return the value of each field, by its name."""
        held = vars(self)  # all of them, but in an object that is to be read again
        return {
            name: held[name] if name in held else getattr(self, name) for name in self.field_names()
        }

    def words(self) -> str:
        """Return what full-text search finds this record by."""
        return self.worded({name: getattr(self, name) for name in self.SEARCH})

    @classmethod
    def worded(cls, row: Mapping[str, Any]) -> str:
        """Return what :meth:`words` does, of a row: an object of it takes far longer to make."""
        return "\n".join(filter(None, (str(row[name]) for name in cls.SEARCH)))


@cache
def _making(cls: type[Record]) -> Callable[[], Any]:
    """Return what makes an object without values, known to SQLAlchemy as new."""
    configure_mappers()
    manager: Any = inspect(cls).class_manager
    return cast("Callable[[], Any]", manager.new_instance)


@cache
def _field_names(cls: type[Record]) -> tuple[str, ...]:
    return tuple(name for name in cls.model_fields if name != "id")


@cache
def _defaults(cls: type[Record]) -> dict[str, Any]:
    fields = ((name, cls.model_fields[name]) for name in cls.field_names())
    return {
        # Of a field that every maker gives, as a changed program may not have: empty, of its type.
        name: (0 if field.annotation is int else "")
        if field.is_required()
        else field.get_default(call_default_factory=True)
        for name, field in fields
    }


@cache
def _required(cls: type[Record]) -> frozenset[str]:
    return frozenset(name for name in cls.field_names() if cls.model_fields[name].is_required())


@cache
def _facts(cls: type[Record]) -> dict[str, Facts]:
    return {
        name: fact
        for name, field in cls.model_fields.items()
        for fact in field.metadata
        if isinstance(fact, Facts)
    }


@cache
def _form(cls: type[Record]) -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (field.annotation, copy(field))
        for name, field in cls.model_fields.items()
        if name != "id"
    }
    return create_model(cls.__name__, __config__=ConfigDict(extra="forbid"), **fields)


def _tidied(value: Any) -> Any:
    """Texts inside a list or table as :func:`clean_text` keeps them; keys stay as they are."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {key: _tidied(one) for key, one in value.items()}
    return [_tidied(one) for one in value] if isinstance(value, list) else value


def _validated(cls: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    try:
        # As `model_dump` gives them; lists and tables in it are made anew below.
        checked = dict(vars(cls.form_class().model_validate(values)))
        for name, value in checked.items():
            if isinstance(value, dict | list):
                checked[name] = _tidied(value)
                canonical_json.text(checked[name])
        return checked
    except MalformedError as error:
        raise _invalid(cls, "A part", str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        called = cls.field_label(place) if place else cls.noun()
        problem = str(first["msg"]).removeprefix("Value error, ")
        if problem.startswith(PREDICATES):
            sentence = f"“{called[:1].upper()}{called[1:]}” {problem}."
            raise InvalidError(f"{sentence} Nothing was changed.", place) from None
        raise _invalid(cls, f"The {called}", f"{problem}.", place) from None


def _invalid(cls: type[Record], part: str, problem: str, field: str = "") -> InvalidError:
    return InvalidError(
        f"{part} of the {cls.noun()} was not accepted: {problem} Nothing was changed; correct "
        "it and try again.",
        field,
    )


_CHECKED = "checked"
"""Under which SQLAlchemy keeps, with a record, the values that were found valid last."""
_PLAIN = frozenset((str, int, bool))
"""The types of values that nobody can change in place."""


def revalidate(record: Record) -> None:
    """Check a record before it is flushed, unless it stands as it was checked last.

    Raises :class:`InvalidError`.
    """
    values = record.field_values()
    checked = inspect(record).info.get(_CHECKED)
    if checked == values and all(
        type(value) in _PLAIN and type(checked[name]) is type(value)
        for name, value in values.items()
    ):
        return
    for name, value in _validated(type(record), values).items():
        if values[name] != value:
            setattr(record, name, value)
