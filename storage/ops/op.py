"""An op is one thing a person committed, as it stays in a feed for ever.

The byte format is fixed by ``docs/format.md``; nothing here may change a byte of an op that has
been written. A reader of a later version keeps what it does not know.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
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
SALT_BYTES = 16
MAIN, KEY = "main", "key"
DELETED = ".deleted"
"""The field a deletion writes (true) and its undoing writes (false); no record has such a field."""
_DEVICE, _SALT = re.compile("[0-9a-f]{16}"), re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")
_OP_ID = re.compile(rf"({_DEVICE.pattern})/([1-9][0-9]*)/({MAIN}|{KEY})/([1-9][0-9]*)")
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


@lru_cache(maxsize=1024)
def op_id(text: str) -> OpId:
    """Read ``device/epoch/kind/seq``; raises :class:`MalformedError` where it is not one."""
    match = _OP_ID.fullmatch(text)
    if match is not None:
        device, epoch, kind, seq = match.groups()
        if max(len(epoch), len(seq)) > _DIGITS:
            raise MalformedError("The data names an op with a number too large to be kept exactly.")
        place = OpId(device, int(epoch), kind, int(seq))
        if max(place.epoch, place.seq) <= canonical_json.MAX_WHOLE_NUMBER:
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
_ALL_KEYS = _KEYS | {"reason"}
_TEXTS = ("wall", "who", "op")
_TEXT_ONLY = {str}


def _malformed_part(value: dict[str, Any]) -> str:
    """Return the name of a part of an op that is not in the form of version 1, or empty."""
    if not isinstance(value["hlc"], str) or not clock.is_stamp(value["hlc"]):
        return "hlc"
    for name in _TEXTS:
        if not isinstance(value[name], str):
            return name
    if not _are_texts(value["record"]) or len(value["record"]) != 2:
        return "record"
    if not isinstance(value["fields"], dict):
        return "fields"
    if not _are_texts(value["base"]):
        return "base"
    if not isinstance(value["salt"], str) or not _SALT.fullmatch(value["salt"]):
        return "salt"
    return "reason" if not isinstance(value.get("reason", ""), str) else ""


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and (not value or set(map(type, value)) == _TEXT_ONLY)


def _is_place(device: str, epoch: int, kind: str, seq: int) -> bool:
    """Say whether these, which are of the right types, name an op."""
    highest = canonical_json.MAX_WHOLE_NUMBER
    known = kind in (MAIN, KEY) and _DEVICE.fullmatch(device) is not None
    return known and 1 <= epoch <= highest and 1 <= seq <= highest


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
        if value.keys() != _KEYS and value.keys() != _ALL_KEYS:
            raise MalformedError("An op lacks a part or has one too many.")
        if name := _malformed_part(value):
            raise MalformedError(f"An op's {name} is not in the form fieldkit knows.")
    identity = value["id"]
    if not isinstance(identity, list) or list(map(type, identity)) != _IDENTITY:
        raise MalformedError("An op's id is not in the form fieldkit knows.")
    if not trusted and not _is_place(*identity):
        raise MalformedError("The data names an op in a form fieldkit does not know.")
    record, fields = (value["record"][0], value["record"][1]), value["fields"]
    if RENAMES:
        record = (RENAMES.kind(record[0]), record[1])
        fields = RENAMES.values(record[0], fields)
    return Op(
        id=OpId(*identity),
        hlc=value["hlc"],
        wall=value["wall"],
        who=value["who"],
        op=value["op"],
        record=record,
        fields=fields,
        base=tuple(map(op_id, value["base"])),
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
