"""What an op from another laptop must look like before its values may reach the tables.

A laptop validates what it writes; a bundle may come from a program that does not. Ops with verbs,
kinds or fields of a later version pass, because they change no table here.
"""

from __future__ import annotations

from functools import cache
from typing import get_args, get_origin

from storage.bundle.errors import ForgedError, MalformedBundleError
from storage.bundle.manifest import malformed
from storage.fold import WRITES
from storage.op import DELETED, Op, OpId
from storage.records import KINDS
from storage.records.base import clean_text

LONGEST_ID = 200


def check(op: Op, expected: OpId, person: str) -> None:
    """Refuse an op that is not what it must be at its place.

    Args:
        op: decoded from canonical bytes.
        expected: its place.
        person: whose laptop it is; nobody writes in another's name.

    Raises:
        ForgedError: it says that it is another op, or by another person.
        MalformedBundleError: a value is of the wrong type or not fit to be shown.
    """
    if op.id != expected:
        raise ForgedError(malformed(f"the entry at {expected} says that it is {op.id}"))
    if op.who != person:
        raise ForgedError(
            f"The entry {op.id} is written in the name of a person whose laptop it is not. "
            "Nothing was used. Tell whoever administers central."
        )
    for text in (op.op, op.wall, *op.record, op.reason or ""):
        _showable(text, op)
    if any(len(text) > LONGEST_ID for text in op.record):
        raise _wrong(op, "id")
    kind = KINDS.get(op.record[0])
    if kind is None or op.op not in WRITES:
        return
    if kind.FEED != op.id.kind:
        raise MalformedBundleError(malformed(f"the entry {op.id} lies in the wrong feed"))
    types = _types(op.record[0])
    for name, value in op.fields.items():
        expected_type, item_type = types.get(name, (None, None))
        if expected_type is None:
            continue
        if type(value) is not expected_type:
            raise _wrong(op, name)
        items = value if isinstance(value, list) else [value]
        if item_type is not None and any(type(one) is not item_type for one in items):
            raise _wrong(op, name)
        for item in items:
            if isinstance(item, str):
                _showable(item, op)


def _showable(text: str, op: Op) -> None:
    try:
        tidy = clean_text(text)
    except ValueError:
        raise _wrong(op, "text") from None
    if tidy != text:
        raise _wrong(op, "text")


def _wrong(op: Op, name: str) -> MalformedBundleError:
    shown = name if name.isidentifier() else "field"
    return MalformedBundleError(malformed(f"the {shown} of the entry {op.id} is not as it must be"))


_PLAIN: dict[object, type] = {one: one for one in (str, int, bool, list, dict)}


@cache
def _types(kind: str) -> dict[str, tuple[type, type | None]]:
    """The JSON type of each field of a kind of record, and of a list's items."""
    form = KINDS[kind].form_class().model_fields
    found: dict[str, tuple[type, type | None]] = {DELETED: (bool, None)}
    for name in KINDS[kind].field_names():
        annotation = form[name].annotation
        plain = _PLAIN[get_origin(annotation) or annotation]
        inner = get_args(annotation)[0] if plain is list else None
        found[name] = (plain, inner if inner is str else None)
    return found
