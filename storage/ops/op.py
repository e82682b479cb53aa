"""An op is one thing a person committed, as it stays in a feed for ever.

The byte format is fixed by ``docs/format.md``; nothing here may change a byte of an op that has
been written. A reader of a later version keeps what it does not know.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from storage.ops import canonical_json, clock, upcast
from storage.ops.canonical_json import MalformedError

T = TypeVar("T")

MAX_FIELDS = 256
"""Fields that one op writes."""
MAX_BASES = 4096
"""Ops whose writes one op replaces."""
MAX_OP_BYTES = 16 * 1024 * 1024
"""Bytes of one op: it may carry many texts of 256 KiB each."""
MAX_ID_CHARS = 200
"""Characters of the id or kind of a record, wherever an op names one: indexes hold no more."""

VERSION = 1
VERBS = frozenset(
    "create set delete link unlink reveal consult disclose redact resolve erase".split()
)
"""What an op may do; an unknown verb is kept and relayed, and changes no table."""
MAIN, KEY = "main", "key"
DELETED = ".deleted"
"""The field a deletion writes (true) and its undoing writes (false); no record has such a field."""
SALT_BYTES = 16
_OP_ID = re.compile(rf"([0-9a-f]{{16}})/([0-9]+)/({MAIN}|{KEY})/([0-9]+)")
_DIGITS = len(str(canonical_json.MAX_WHOLE_NUMBER))


class OpId(NamedTuple):
    """Names an op: the laptop, its epoch, the kind of feed, and the place in it (from 1)."""

    device: str
    epoch: int
    kind: str
    seq: int

    def __str__(self) -> str:
        return f"{self.device}/{self.epoch}/{self.kind}/{self.seq}"

    @property
    def feed(self) -> FeedId:
        """Return the feed it is in."""
        return FeedId(self.device, self.epoch, self.kind)


@dataclass(frozen=True, order=True, slots=True)
class FeedId:
    """Names a feed: the laptop, its epoch, and the kind of feed."""

    device: str
    epoch: int
    kind: str

    @classmethod
    def parse(cls, text: str) -> FeedId:
        """Read ``device/epoch/kind``; raises :class:`MalformedError` where it is not one."""
        try:
            return op_id(f"{text}/1").feed
        except MalformedError:
            error = "The data names a feed in a form fieldkit does not know."
            raise MalformedError(error) from None

    def __str__(self) -> str:
        return f"{self.device}/{self.epoch}/{self.kind}"

    def at(self, seq: int) -> OpId:
        """Return the id of an op of the feed."""
        return OpId(self.device, self.epoch, self.kind, seq)


def op_id(text: str) -> OpId:
    """Read ``device/epoch/kind/seq``; raises :class:`MalformedError` where it is not one."""
    match = _OP_ID.fullmatch(text)
    if match is not None:
        device, epoch, kind, seq = match.groups()
        if max(len(epoch), len(seq)) > _DIGITS:
            raise MalformedError("The data names an op with a number too large to be kept exactly.")
        place = OpId(device, int(epoch), kind, int(seq))
        highest = canonical_json.MAX_WHOLE_NUMBER
        if str(place) == text and 1 <= place.epoch <= highest and 1 <= place.seq <= highest:
            return place
    raise MalformedError("The data names an op in a form fieldkit does not know.")


def by_name(feeds: Mapping[FeedId, T]) -> dict[str, T]:
    """Return what is known of feeds with their names as keys, as records and documents have it."""
    return {str(feed): value for feed, value in feeds.items()}


@dataclass(frozen=True, slots=True)
class Op:
    """Holds one committed step.

    Attributes:
        id: which op.
        hlc: the hybrid logical clock's stamp (:mod:`storage.ops.clock`).
        wall: the laptop's own wall time, ISO 8601 in UTC.
        who: the person's id.
        op: the verb, one of :data:`VERBS` or one of a later version.
        record: the kind of record and its id.
        fields: what is written, by field.
        base: the writes it replaces, in the fields both touch.
        reason: why, where one was asked for.
        salt: 32 hexadecimal digits, so that the digest alone tells nothing about a short text.
    """

    id: OpId
    hlc: str
    wall: str
    who: str
    op: str
    record: tuple[str, str]
    fields: dict[str, Any]
    base: tuple[OpId, ...] = ()
    reason: str | None = None
    salt: str = field(default_factory=lambda: os.urandom(SALT_BYTES).hex())

    def encode(self) -> bytes:
        """Return the op's canonical bytes."""
        value: dict[str, Any] = {
            "v": VERSION,
            "id": list(self.id),
            "hlc": self.hlc,
            "wall": self.wall,
            "who": self.who,
            "op": self.op,
            "record": list(self.record),
            "fields": self.fields,
            "base": [str(one) for one in self.base],
            "salt": self.salt,
        }
        if self.reason is not None:
            value["reason"] = self.reason
        return canonical_json.dumps(value)

    @property
    def order(self) -> tuple[str, str, int, str, int]:
        """Return what sorts writes for display: the clock, then the laptop; no two are equal."""
        return (self.hlc, self.id.device, self.id.epoch, self.id.kind, self.id.seq)


RENAMES = upcast.load(upcast.shipped(), upcast.VERSION)
"""Names that ops were once written with; they are read under the present ones."""

_IDENTITY = [str, int, str, int]
_KEYS = {"v", "id", "hlc", "wall", "who", "op", "record", "fields", "base", "salt"}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_stamp(value: Any) -> bool:
    try:
        return isinstance(value, str) and clock.read_stamp(value) is not None
    except ValueError:
        return False


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_text, value))


_SHAPE: dict[str, Callable[[Any], bool]] = {
    "hlc": _is_stamp,
    "wall": _is_text,
    "who": _is_text,
    "op": _is_text,
    "record": _is_pair,
    "fields": lambda value: isinstance(value, dict),
    "base": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "salt": lambda value: _is_text(value) and bool(re.fullmatch(r"[0-9a-f]{32}", value)),
    "reason": _is_text,
}


def decode(data: bytes, *, trusted: bool = False) -> Op:
    """Read an op from its bytes.

    Args:
        data: the op's bytes.
        trusted: the bytes come from this vault, where they were checked when they came in;
            the canonical form is then not checked again.

    Raises:
        MalformedError: the bytes are not an op of version 1.
    """
    value = json.loads(data) if trusted else canonical_json.loads(data)
    if not isinstance(value, dict) or value.get("v") != VERSION or value["v"] is True:
        raise MalformedError("The data is not an op of a version this fieldkit knows.")
    if not trusted:
        if not _KEYS <= value.keys() <= _KEYS | {"reason"}:
            raise MalformedError("An op lacks a part or has one too many.")
        for name, fits in _SHAPE.items():
            if name in value and not fits(value[name]):
                raise MalformedError(f"An op's {name} is not in the form fieldkit knows.")
    identity = value["id"]
    if not isinstance(identity, list) or [type(one) for one in identity] != _IDENTITY:
        raise MalformedError("An op's id is not in the form fieldkit knows.")
    record, fields = (value["record"][0], value["record"][1]), value["fields"]
    if RENAMES:
        record = (RENAMES.kind(record[0]), record[1])
        fields = RENAMES.values(record[0], fields)
    return Op(
        id=OpId(*identity) if trusted else op_id("/".join(map(str, identity))),
        hlc=value["hlc"],
        wall=value["wall"],
        who=value["who"],
        op=value["op"],
        record=record,
        fields=fields,
        base=tuple(op_id(one) for one in value["base"]),
        reason=value.get("reason"),
        salt=value["salt"],
    )


def digest(data: bytes) -> bytes:
    """Return SHA-256 of an op's bytes: what a stub keeps when the bytes are gone."""
    return hashlib.sha256(data).digest()


def first_head(feed: FeedId) -> bytes:
    """Return the head of a feed before its first op; bound to the feed's name."""
    return hashlib.sha256(b"fieldkit/feed/v1\n" + str(feed).encode()).digest()


def next_head(head: bytes, inner: bytes) -> bytes:
    """Return the head after an op: ``SHA-256(head before ‖ SHA-256(op bytes))``."""
    return hashlib.sha256(head + inner).digest()
