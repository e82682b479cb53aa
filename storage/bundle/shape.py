"""What an op from another laptop must look like before its values may reach the tables.

A laptop validates what it writes; a bundle may come from a program that does not. Ops with verbs,
kinds or fields of a later version pass, because they change no table here; their texts are held to
what may be shown, because a history shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from storage import redaction
from storage.bundle.errors import ForgedError, MalformedBundleError
from storage.bundle.limits import LONGEST_ID, MOST_BASES, MOST_FIELDS
from storage.bundle.manifest import malformed
from storage.canonical import MalformedError
from storage.fold import WRITES
from storage.op import DELETED, Op, OpId, op_id
from storage.plaintext import LONGEST_TEXT, clean_text
from storage.records import KINDS, Record
from storage.sent import UNCOUNTED

ON_RECORD = (*UNCOUNTED, "reveal", "erasure")
"""Kinds of record that say what was done with the material; they hold no words of a case."""
_WALL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_SAID_BY = ("by", "decided_by", "answered_by")
"""Fields that say who of the team wrote a record."""


def check(
    op: Op,
    expected: OpId,
    person: str,
    others: frozenset[str] = frozenset(),
    person_of: Callable[[str], str] | None = None,
) -> None:
    """Refuse an op that is not what it must be at its place.

    Args:
        op: decoded from canonical bytes.
        expected: its place.
        person: whose laptop it is; nobody writes in another's name.
        others: the other people of the roster.
        person_of: whose a laptop is, by its id; raises where the roster does not name it.

    Raises:
        ForgedError: it says that it is another op, or by another person.
        MalformedBundleError: a value is not what its field may hold, or not fit to be shown.
    """
    if op.id != expected:
        raise ForgedError(malformed(f"the entry at {expected} says that it is {op.id}"))
    if op.who != person:
        raise _in_anothers_name(op)
    for text in (op.op, *op.record, op.reason or ""):
        _showable(text, op)
    _extents(op)
    for name, value in op.fields.items():
        _showable_in(name, op)
        _showable_in(value, op)
    kind = KINDS.get(op.record[0])
    if op.op == redaction.REDACT:
        _redaction(op, kind, person_of)
    if kind is None or op.op not in WRITES:
        return
    if kind.FEED != op.id.kind:
        raise MalformedBundleError(malformed(f"the entry {op.id} lies in the wrong feed"))
    fields = _fields(op.record[0])
    for name, value in op.fields.items():
        if name in fields:
            _fits(fields[name], value, op, name)
    # What replaces a write may bring back a colleague's, by undo or in settling a conflict.
    back = op.fields.get(DELETED) is False
    first = not op.base or (op.op == kind.MADE and not back)
    if first and any(_names(op.fields.get(name), others) for name in _SAID_BY):
        raise _in_anothers_name(op)


def _redaction(op: Op, kind: type[Record] | None, person_of: Callable[[str], str] | None) -> None:
    """What is to stand in the place of other ops is held to what those are held to."""
    try:
        redaction.check(op.fields)
        told = [(one, redaction.as_op(one, op.record)) for one in redaction.entries(op)]
    except MalformedError:
        raise _wrong(op, "fields") from None
    if person_of is not None:
        for one in (*redaction.entries(op), *redaction.also(op)):
            if one["who"] != person_of(op_id(one["id"]).device):
                raise _in_anothers_name(op)
    if any(copy.op == redaction.REDACT for _, copy in told):
        raise _wrong(op, "fields")
    if kind is None:
        return
    if kind.FEED != op.id.kind or kind.KIND in ON_RECORD:
        raise _wrong(op, "fields")
    fields = _fields(kind.KIND)
    for entry, copy in told:
        if copy.id.kind != op.id.kind or copy.op not in WRITES:
            raise _wrong(op, "fields")
        _extents(copy)
        for name, value in copy.fields.items():
            if name in fields:
                _fits(fields[name], value, op, name)
        for name in set(entry["gone"]) - {redaction.REASON}:
            if name not in copy.fields or copy.fields[name] != _left(kind, name):
                raise _wrong(op, "fields")


def _left(kind: type[Record], name: str) -> Any:
    """What stands in a field whose words were taken out, where words may stand in it at all."""
    if name not in _fields(kind.KIND):
        return redaction.GONE
    if name == DELETED or not holds_words(kind.KIND, name):
        return None
    return redaction.GONE if free_text(kind.KIND, name) else kind.default(name)


def _names(value: object, people: frozenset[str]) -> bool:
    return isinstance(value, str) and value in people


def _in_anothers_name(op: Op) -> ForgedError:
    return ForgedError(
        f"The entry {op.id} is written in the name of a person whose laptop it is not. "
        "Nothing was used. Tell whoever administers central."
    )


def _extents(op: Op) -> None:
    if any(len(text) > LONGEST_ID for text in op.record):
        raise _wrong(op, "id")
    # Python reads many forms of a time, some with any character at all in the middle.
    if not _WALL.fullmatch(op.wall):
        raise _wrong(op, "wall")
    try:
        datetime.fromisoformat(op.wall)
    except ValueError:
        raise _wrong(op, "wall") from None
    if len(op.fields) > MOST_FIELDS:
        raise _wrong(op, "fields")
    in_order = all(one < after for one, after in pairwise(op.base))
    if len(op.base) > MOST_BASES or not in_order:
        raise _wrong(op, "base")


def _showable(text: str, op: Op) -> None:
    # Most texts: nothing that cleaning could change.
    if len(text) <= LONGEST_TEXT and text.isascii() and text.isprintable():
        return
    try:
        tidy = clean_text(text)
    except ValueError:
        raise _wrong(op, "text") from None
    if tidy != text:
        raise _wrong(op, "text")


def _showable_in(value: object, op: Op) -> None:
    """Texts at any depth, the names of members among them; canonical form limits the depth."""
    if isinstance(value, str):
        _showable(value, op)
    elif isinstance(value, dict):
        for name, one in value.items():
            _showable(name, op)
            _showable_in(one, op)
    elif isinstance(value, list):
        for one in value:
            _showable_in(one, op)


def _wrong(op: Op, name: str) -> MalformedBundleError:
    shown = name if name.isidentifier() else "field"
    return MalformedBundleError(malformed(f"the {shown} of the entry {op.id} is not as it must be"))


class _Field(NamedTuple):
    """What a field may hold: its JSON type, that of a list's texts, and the form's own checks."""

    plain: type
    item: type | None
    adapter: TypeAdapter[Any] | None


def _fits(field: _Field, value: Any, op: Op, name: str) -> None:
    items = value if isinstance(value, list) else ()
    if name.endswith("_id") and isinstance(value, str) and len(value) > LONGEST_ID:
        raise _wrong(op, name)
    exact = type(value) is field.plain
    if not exact or (field.item is not None and any(type(one) is not field.item for one in items)):
        raise _wrong(op, name)
    if field.adapter is None:
        return
    try:
        same = field.adapter.validate_python(value) == value
    except ValidationError:
        same = False
    if not same:
        raise _wrong(op, name)


_PLAIN: dict[object, type] = {one: one for one in (str, int, bool, list, dict)}


@cache
def _fields(kind: str) -> dict[str, _Field]:
    """What each field of a kind of record may hold, as the form that made it demands."""
    form = KINDS[kind].form_class().model_fields
    found: dict[str, _Field] = {DELETED: _Field(bool, None, None)}
    for name in KINDS[kind].field_names():
        annotation = form[name].annotation
        plain = _PLAIN[get_origin(annotation) or annotation]
        inner = get_args(annotation)[0] if plain is list else None
        checks = [one for one in form[name].metadata if getattr(one, "func", None) != clean_text]
        typed: Any = Annotated[(annotation, *checks)] if checks else annotation
        adapter = TypeAdapter[Any](typed) if checks or get_args(annotation) else None
        found[name] = _Field(plain, str if inner is str else None, adapter)
    return found


_CLOSED = frozenset(
    {
        *("by", "decided_by", "criterion", "grade", "parent_kind", "evidence_kind", "revision"),
        *("judgment_op", "force_op", "file_hash", "methodology", "language", "marking", "central"),
        *("criteria", "types", "reasons", "source_group", "mode"),
    }
)
"""Texts that say where a record belongs, or by what rules it was made: no words of a person's."""


def holds_words(kind: str, name: str) -> bool:
    """Whether a field may hold words that a person wrote: free text, lists and tables."""
    if name in _CLOSED or name.endswith("_id"):
        return False
    field = _fields(kind)[name]
    return field.plain in (list, dict) or (field.plain is str and field.adapter is None)


def free_text(kind: str, name: str) -> bool:
    """Whether any text may stand in a field."""
    field = _fields(kind)[name]
    return holds_words(kind, name) and field.plain is str
