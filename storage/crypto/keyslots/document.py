"""The bytes of a key file, read strictly.

One line of JSON in ASCII: the members in alphabetical order, then ``mac`` and ``sum``, then a line
feed. ``mac`` is HMAC-SHA256 under a key derived from the vault key, over every byte before
``,"mac"``; ``sum`` is plain SHA-256 over every byte before ``,"sum"``, so that an accident is told
from a wrong passphrase before anything is derived. Magic and ``sum`` stay as they are in every
later version.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from storage.crypto.keyslots.encoding import canonical
from storage.crypto.keyslots.errors import DamagedKeyFile, NewerKeyFile
from storage.crypto.keyslots.kdf import key_file_key, zero
from storage.crypto.keyslots.slot import (
    MAGIC,
    PASSPHRASE,
    RECOVERY,
    Slot,
    SlotContext,
    slot_from_json,
)

VERSION = 1
"""The format this fieldkit writes, and the newest that it must be able to read."""

MAX_KEY_FILE_BYTES = 64 * 1024
"""Bytes of the largest key file."""

MAX_SLOTS = 8
MAX_ANCHORS = 256

_SUM = re.compile(rb',"sum":"([0-9a-f]{64})"\}\n\Z')
_MAC = re.compile(rb',"mac":"([0-9a-f]{64})"\Z')
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OURS = {"anchors", "created", "gen", "magic", "min_reader", "slots", "v", "vault_id"}


@dataclass(frozen=True)
class Anchor:
    """Says how far a feed had come: its last sequence number and chain head (hex)."""

    seq: int
    head: str


@dataclass(frozen=True)
class Document:
    """Holds what a key file says."""

    vault_id: str
    created: str
    gen: int
    slots: tuple[Slot, ...]
    anchors: dict[str, Anchor] = field(default_factory=dict)
    version: int = VERSION
    min_reader: int = 1
    unknown_members: dict[str, object] = field(default_factory=dict)
    """Members that a later fieldkit added: kept as they are."""

    @property
    def place(self) -> SlotContext:
        """Return what each slot is bound to."""
        return SlotContext(self.version, self.vault_id)

    def body(self) -> bytes:
        """Return the bytes that ``mac`` covers."""
        values: dict[str, object] = {
            **self.unknown_members,
            "anchors": {feed: [a.seq, a.head] for feed, a in self.anchors.items()},
            "created": self.created,
            "gen": self.gen,
            "magic": MAGIC,
            "min_reader": self.min_reader,
            "slots": [slot.to_json() for slot in self.slots],
            "v": self.version,
            "vault_id": self.vault_id,
        }
        return canonical(values)[:-1]

    def to_bytes(self, vault_key: bytearray) -> bytes:
        """Return the whole file."""
        body = self.body()
        before_sum = body + b',"mac":"' + _mac(vault_key, body).finalize().hex().encode() + b'"'
        return before_sum + b',"sum":"' + sha256(before_sum).hexdigest().encode() + b'"}\n'


def read(data: bytes, name: str) -> Document:
    """Read a key file's bytes; ``name`` is what messages call it.

    Raises ``DamagedKeyFile`` unless every byte is as fieldkit writes it, and ``NewerKeyFile``.
    """
    if not data:
        raise damage_error(name, "it is empty")
    end = _SUM.search(data) if len(data) <= MAX_KEY_FILE_BYTES else None
    if end is None:
        raise damage_error(name, "its end is missing or it is not a key file")
    if sha256(data[: end.start()]).hexdigest().encode() != end[1]:
        raise damage_error(name, "its checksum does not agree")
    body, _ = _split(data, name)
    try:
        values = json.loads(body.decode("ascii") + "}")
        if not isinstance(values, dict) or values.get("magic") != MAGIC:
            raise ValueError("it is not a key file")
        min_reader = _number(values.get("min_reader"), 1)
        if min_reader > VERSION:
            raise NewerKeyFile(
                f"The key file {name} was written by a newer fieldkit (format {min_reader}; this "
                f"one reads up to {VERSION}). Nothing was changed. Install the newer fieldkit."
            )
        document = _document(values, min_reader)
        if document.body() != body:
            raise ValueError("it is not written as fieldkit writes it")
        _no_lone_surrogates(values)
    except (UnicodeError, json.JSONDecodeError, RecursionError) as error:
        raise damage_error(name, "its content cannot be read") from error
    except ValueError as error:
        raise damage_error(name, str(error)) from error
    return document


def verify(data: bytes, vault_key: bytearray, name: str) -> None:
    """Raise ``DamagedKeyFile`` unless the file's MAC was made with this vault key."""
    if not is_authentic(data, vault_key, name):
        raise damage_error(name, "something other than fieldkit changed it")


def is_authentic(data: bytes, vault_key: bytearray, name: str) -> bool:
    """Say whether the file's MAC was made with this vault key."""
    body, mac = _split(data, name)
    try:
        _mac(vault_key, body).verify(mac)
    except InvalidSignature:
        return False
    return True


def damage_error(name: str, reason: str) -> DamagedKeyFile:
    """Return the error for a file that is not as fieldkit wrote it."""
    return DamagedKeyFile(
        f"The key file {name} is damaged: {reason}. Nothing was changed, and the database was "
        "not touched. Use the copy of the key file beside it (its name ends in .bak) or the one in "
        "your latest backup."
    )


def _split(data: bytes, name: str) -> tuple[bytes, bytes]:
    """Return the bytes that ``mac`` covers, and the mac."""
    end = _SUM.search(data)
    match = _MAC.search(data, 0, end.start()) if end else None
    if match is None:
        raise damage_error(name, "its authentication is missing")
    return data[: match.start()], bytes.fromhex(match[1].decode())


def _mac(vault_key: bytearray, body: bytes) -> HMAC:
    key = key_file_key(vault_key)
    try:
        mac = HMAC(key, hashes.SHA256())
    finally:
        zero(key)
    mac.update(body)
    return mac


def _document(values: dict[str, object], min_reader: int) -> Document:
    slot_values = values.get("slots")
    if not isinstance(slot_values, list) or not 1 <= len(slot_values) <= MAX_SLOTS:
        raise ValueError("it has no slots or too many")
    slots = tuple(slot_from_json(value) for value in slot_values)
    kinds = [slot.type for slot in slots]
    if len({slot.id for slot in slots}) != len(slots) or any(
        kinds.count(kind) > 1 for kind in (PASSPHRASE, RECOVERY)
    ):
        raise ValueError("two of its slots are the same")
    vault_id, created = values.get("vault_id"), values.get("created")
    if not isinstance(vault_id, str) or not _UUID.fullmatch(vault_id):
        raise ValueError("its vault has no id")
    if not isinstance(created, str) or len(created) > 40:
        raise ValueError("its date cannot be read")
    return Document(
        vault_id,
        created,
        _number(values.get("gen"), 1),
        slots,
        _anchors(values.get("anchors")),
        _number(values.get("v"), min_reader),
        min_reader,
        {name: value for name, value in values.items() if name not in _OURS},
    )


def _anchors(value: object) -> dict[str, Anchor]:
    if not isinstance(value, dict) or len(value) > MAX_ANCHORS:
        raise ValueError("its feed anchors cannot be read")
    anchors: dict[str, Anchor] = {}
    for feed, pair in value.items():
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):
            raise ValueError("a feed anchor cannot be read")
        if len(feed) > 200 or len(pair[1]) > 128:
            raise ValueError("a feed anchor is too long")
        anchors[feed] = Anchor(_number(pair[0], 0), pair[1])
    return anchors


def _number(value: object, least: int) -> int:
    if type(value) is not int or not least <= value <= 2**53:
        raise ValueError("a number is missing or out of bounds")
    return value


def _no_lone_surrogates(values: dict[str, object]) -> None:
    """Refuse text that no terminal could print (``ValueError``)."""
    json.dumps(values, ensure_ascii=False).encode("utf-8")
