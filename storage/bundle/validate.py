"""What an op from another laptop must look like before its values may reach the tables.

A laptop validates what it writes; a bundle may come from a program that does not. Ops with verbs,
kinds or fields of a later version pass, because they change no table here; their texts are held to
what may be shown, because a history shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from storage.bundle.errors import ForgedError, MalformedBundleError
from storage.bundle.manifest import malformed
from storage.ops import redactions
from storage.ops.canonical_json import MalformedError
from storage.ops.clock import read_stamp
from storage.ops.fold import WRITES
from storage.ops.op import DELETED, MAX_BASES, MAX_FIELDS, MAX_ID_CHARS, Op, OpId, op_id
from storage.ops.text import MAX_TEXT_BYTES, settled_text
from storage.records import Record
from storage.records.registry import KINDS, FieldRule, fields_with, redacted_value, rules

_TEXTS = ("id", "hlc", "wall", "who", "op")


_PARTS = {*_TEXTS, "fields", "base", "gone"}


_ALSO = {"id", "hlc", "wall", "who", "field", "reason"}


_WALL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


def check(
    op: Op,
    expected: OpId,
    person: str,
    others: frozenset[str] = frozenset(),
    person_of: Callable[[str], str] | None = None,
    *,
    plain: bool = False,
) -> None:
    """Refuse an op that is not what it must be at its place.

    Args:
        op: decoded from canonical bytes.
        expected: its place.
        person: whose laptop it is; nobody writes in another's name.
        others: the other people of the roster.
        person_of: whose a laptop is, by its id; raises where the roster does not name it.
        plain: its bytes hold what can be shown and nothing else, as :func:`is_plain` says.

    Raises:
        ForgedError: it says that it is another op, or by another person.
        MalformedBundleError: a value is not what its field may hold, or not fit to be shown.
    """
    if op.id != expected:
        raise ForgedError(malformed(f"the entry at {expected} says that it is {op.id}"))
    if op.who != person:
        raise _in_anothers_name(op)
    if not plain:
        _all_showable(op)
    _extents(op)
    kind = KINDS.get(op.record[0])
    if op.op == redactions.REDACT:
        _redaction(op, kind, person_of)
    if kind is None or op.op not in WRITES:
        return
    if kind.FEED != op.id.kind:
        raise MalformedBundleError(malformed(f"the entry {op.id} lies in the wrong feed"))
    fields = rules(kind)
    for name, value in op.fields.items():
        if name in fields:
            _fits(fields[name], value, op, name)
    # What replaces a write may bring back a colleague's, by undo or in settling a conflict.
    back = op.fields.get(DELETED) is False
    first = not op.base or (op.op == kind.MADE and not back)
    if first and any(_names(op.fields.get(name), others) for name in fields_with(kind, "author")):
        raise _in_anothers_name(op)


def is_plain(data: bytes) -> bool:
    """Say whether all texts of an op are letters and signs of ASCII, and none is too long.

    In canonical JSON a control character has a backslash before its number; so has a quotation
    mark, whose op is then looked through text by text.
    """
    return (
        len(data) <= MAX_TEXT_BYTES and data.isascii() and b"\\" not in data and b"\x7f" not in data
    )


def _all_showable(op: Op) -> None:
    for text in (op.op, *op.record, op.reason or ""):
        _showable(text, op)
    for name, value in op.fields.items():
        _showable_in(name, op)
        _showable_in(value, op)


def _redaction(op: Op, kind: type[Record] | None, person_of: Callable[[str], str] | None) -> None:
    """Hold what is to stand in the place of other ops to what those are held to."""
    try:
        check_redaction(op.fields)
        told = redactions.entries(op)
        copies = [(one, redactions.op_of_entry(one, op.record, op.who)) for one in told]
    except MalformedError:
        raise _wrong(op, "fields") from None
    if person_of is not None:
        for one in (*redactions.entries(op), *redactions.earlier_redactions(op)):
            if one["who"] != person_of(op_id(one["id"]).device):
                raise _in_anothers_name(op)
    if any(copy.op == redactions.REDACT for _, copy in copies):
        raise _wrong(op, "fields")
    if kind is None:
        return
    if kind.FEED != op.id.kind or not kind.REDACTABLE:
        raise _wrong(op, "fields")
    fields = rules(kind)
    for entry, copy in copies:
        if copy.id.kind != op.id.kind or copy.op not in WRITES:
            raise _wrong(op, "fields")
        _extents(copy)
        for name, value in copy.fields.items():
            if name in fields:
                _fits(fields[name], value, op, name)
        for name in set(entry["gone"]) - {redactions.REASON}:
            if name not in copy.fields or copy.fields[name] != redacted_value(kind.KIND, name):
                raise _wrong(op, "fields")


def _names(value: object, people: frozenset[str]) -> bool:
    return isinstance(value, str) and value in people


def _in_anothers_name(op: Op) -> ForgedError:
    return ForgedError(
        f"The entry {op.id} is written in the name of a person whose laptop it is not. "
        "Nothing was used. Tell whoever administers central."
    )


def _extents(op: Op) -> None:
    if any(len(text) > MAX_ID_CHARS for text in op.record):
        raise _wrong(op, "id")
    # Python reads many forms of a time, some with any character at all in the middle.
    if not _WALL.fullmatch(op.wall):
        raise _wrong(op, "wall")
    try:
        datetime.fromisoformat(op.wall)
    except ValueError:
        raise _wrong(op, "wall") from None
    if len(op.fields) > MAX_FIELDS:
        raise _wrong(op, "fields")
    in_order = all(one < after for one, after in pairwise(op.base))
    if len(op.base) > MAX_BASES or not in_order:
        raise _wrong(op, "base")


def _showable(text: str, op: Op) -> None:
    # Most texts: nothing that cleaning could change.
    if len(text) <= MAX_TEXT_BYTES and text.isascii() and text.isprintable():
        return
    try:
        tidy = settled_text(text)
    except ValueError:
        raise _wrong(op, "text") from None
    if tidy != text:
        raise _wrong(op, "text")


def _showable_in(value: object, op: Op) -> None:
    """Check texts at any depth, the names of members too; canonical form limits the depth."""
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


def _fits(field: FieldRule, value: Any, op: Op, name: str) -> None:
    items = value if isinstance(value, list) else ()
    if name.endswith("_id") and isinstance(value, str) and len(value) > MAX_ID_CHARS:
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


def check_redaction(fields: dict[str, Any]) -> None:
    """Refuse the fields of a redact op that cannot be read; raises :class:`MalformedError`."""
    entries, earlier = fields.get("entries"), fields.get("also", [])
    if (
        not isinstance(entries, list)
        or not isinstance(earlier, list)
        or not isinstance(fields.get("field"), str)
    ):
        raise MalformedError("A redaction does not say what it takes away.")
    for one in entries:
        _check_entry(one)
    if len({one["id"] for one in entries}) != len(entries):
        raise MalformedError("A redaction tells of one entry twice.")
    for one in earlier:
        whole = isinstance(one, dict) and one.keys() == _ALSO
        if not whole or not all(isinstance(text, str) for text in one.values()):
            raise MalformedError("A redaction names an earlier one in a form not known here.")
        op_id(one["id"])
        _check_stamp(one["hlc"], one["wall"])


def _check_entry(entry: Any) -> None:
    if not isinstance(entry, dict) or not _PARTS <= entry.keys() <= _PARTS | {"reason"}:
        raise MalformedError("An entry of a redaction lacks a part or has one too many.")
    texts = [entry[name] for name in _TEXTS] + [entry.get("reason", "")]
    lists = entry["base"], entry["gone"]
    listed = all(isinstance(each, list) for each in lists)
    if (
        not listed
        or not isinstance(entry["fields"], dict)
        or not all(isinstance(text, str) for text in [*texts, *lists[0], *lists[1]])
    ):
        raise MalformedError("An entry of a redaction is not in the form known here.")
    if not entry["gone"]:
        raise MalformedError("An entry of a redaction takes nothing away.")
    op_id(entry["id"])
    _check_stamp(entry["hlc"], entry["wall"])
    for base in entry["base"]:
        op_id(base)


def _check_stamp(hlc: str, wall: str) -> None:
    try:
        read_stamp(hlc)
        datetime.fromisoformat(wall)
    except ValueError:
        raise MalformedError("A redaction names a time that is none.") from None
