"""A slot: the vault key, wrapped for one way of opening the vault."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.crypto.keyslots.encoding import canonical, from_base64, to_base64
from storage.crypto.keyslots.kdf import KEY_BYTES, SALT_BYTES, Argon2Params, stretch, zero

MAGIC = "FIELDKIT-KEYS"
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a slot type
RECOVERY = "recovery"
AGE = "age"

MAX_ESCROW_BYTES = 6 * 1024
"""Bytes of a sealed escrow; a post-quantum age file of 64 bytes is about 1.9 KiB."""

_NONCE = 12
_TAG = 16
_AGE_INTRO = b"age-encryption.org/v1\n"

Seal = Callable[[bytes], bytes]
"""Encrypts to the organisation's recovery recipient: plain bytes in, an age file out."""

Unseal = Callable[[bytes], bytes]
"""Decrypts such an age file with the organisation's identity; raises when it is not for it."""


@dataclass(frozen=True)
class SlotContext:
    """Names the key file a slot belongs to; authenticated, so that no slot moves to another."""

    version: int
    vault_id: str


@dataclass(frozen=True)
class WordSlot:
    """Holds the vault key under a passphrase or a recovery code."""

    id: str
    type: str
    params: Argon2Params
    salt: bytes
    nonce: bytes
    sealed: bytes
    label: str

    def kdf(self) -> dict[str, object]:
        """Return the derivation's block in the file."""
        params = self.params
        salt = to_base64(self.salt)
        return {
            "alg": "argon2id",
            "m_kib": params.m_kib,
            "p": params.p,
            "salt": salt,
            "t": params.t,
        }

    def to_json(self) -> dict[str, object]:
        """Return the slot as it stands in the file."""
        return {
            "ct": to_base64(self.sealed),
            "id": self.id,
            "kdf": self.kdf(),
            "label": self.label,
            "nonce": to_base64(self.nonce),
            "type": self.type,
        }

    def open(self, place: SlotContext, words: str) -> bytearray | None:
        """Return the vault key, which the caller zeroes; None for other words than this slot's."""
        wrapping = stretch(words, self.salt, self.params)
        vault_key = bytearray(KEY_BYTES)
        try:
            ChaCha20Poly1305(wrapping).decrypt_into(
                self.nonce, self.sealed, _bound(place, self.id, self.type, self.kdf()), vault_key
            )
        except InvalidTag:
            return None
        finally:
            zero(wrapping)
        return vault_key


@dataclass(frozen=True)
class AgeSlot:
    """Holds the vault key sealed to an organisation's age recipient."""

    type: ClassVar[str] = AGE

    id: str
    recipient: str
    sealed: bytes
    label: str

    def kdf(self) -> dict[str, object]:
        """Return the recipient's block in the file."""
        return {"alg": "age", "recipient": self.recipient}

    def to_json(self) -> dict[str, object]:
        """Return the slot as it stands in the file."""
        return {
            "ct": to_base64(self.sealed),
            "id": self.id,
            "kdf": self.kdf(),
            "label": self.label,
            "type": AGE,
        }

    def open(self, place: SlotContext, unseal: Unseal) -> bytearray | None:
        """Return the vault key, or None when what was sealed was not sealed for this place.

        Whatever ``unseal`` raises passes through.
        """
        plain = unseal(self.sealed)
        bound = sha256(_bound(place, self.id, AGE, self.kdf())).digest()
        if len(plain) != len(bound) + KEY_BYTES or not compare_digest(plain[: len(bound)], bound):
            return None
        return bytearray(plain[len(bound) :])


@dataclass(frozen=True)
class OtherSlot:
    """Keeps a slot of a type that a later fieldkit added; it is not opened."""

    id: str
    type: str
    fields: Mapping[str, object]

    def to_json(self) -> dict[str, object]:
        """Return the slot as it stands in the file."""
        return dict(self.fields)


Slot = WordSlot | AgeSlot | OtherSlot


def word_slot(
    place: SlotContext,
    kind: str,
    words: str,
    vault_key: bytearray,
    params: Argon2Params,
    label: str = "",
) -> WordSlot:
    """Wrap the vault key under a passphrase or recovery code, with a fresh salt and nonce."""
    empty = WordSlot(
        new_id(),
        kind,
        params,
        secrets.token_bytes(SALT_BYTES),
        secrets.token_bytes(_NONCE),
        b"",
        label,
    )
    wrapping = stretch(words, empty.salt, params)
    try:
        sealed = ChaCha20Poly1305(wrapping).encrypt(
            empty.nonce, vault_key, _bound(place, empty.id, kind, empty.kdf())
        )
    finally:
        zero(wrapping)
    return replace(empty, sealed=sealed)


def age_slot(
    place: SlotContext, recipient: str, vault_key: bytearray, seal: Seal, label: str = ""
) -> AgeSlot:
    """Seal the vault key to an age recipient; ``ValueError`` if ``seal`` makes no age file."""
    empty = AgeSlot(new_id(), recipient, b"", label)
    bound = sha256(_bound(place, empty.id, AGE, empty.kdf())).digest()
    sealed = seal(bound + bytes(vault_key))
    if not sealed.startswith(_AGE_INTRO) or len(sealed) > MAX_ESCROW_BYTES or vault_key in sealed:
        raise ValueError("the sealing function did not return a binary age file")
    return replace(empty, sealed=sealed)


def slot_from_json(value: object) -> Slot:
    """Read and bound a slot before anything is derived from it. Raises ``ValueError``."""
    fields = _fields(value)
    ident, kind = _text(fields.get("id"), 64), _text(fields.get("type"), 32)
    if kind in (PASSPHRASE, RECOVERY):
        return _word_slot(ident, kind, fields)
    if kind == AGE:
        return _age_slot(ident, fields)
    return OtherSlot(ident, kind, fields)


def new_id() -> str:
    """Make a random slot id."""
    return secrets.token_hex(8)


def _word_slot(ident: str, kind: str, fields: dict[str, object]) -> WordSlot:
    _exactly(fields, {"ct", "id", "kdf", "label", "nonce", "type"})
    kdf = _fields(fields["kdf"])
    _exactly(kdf, {"alg", "m_kib", "p", "salt", "t"})
    params = Argon2Params(_number(kdf["m_kib"]), _number(kdf["t"]), _number(kdf["p"]))
    if kdf["alg"] != "argon2id" or not params.within_bounds():
        raise ValueError("a slot asks for a derivation out of bounds")
    return WordSlot(
        ident,
        kind,
        params,
        _bytes(kdf["salt"], SALT_BYTES),
        _bytes(fields["nonce"], _NONCE),
        _bytes(fields["ct"], KEY_BYTES + _TAG),
        _text(fields["label"], 200, empty=True),
    )


def _age_slot(ident: str, fields: dict[str, object]) -> AgeSlot:
    _exactly(fields, {"ct", "id", "kdf", "label", "type"})
    kdf = _fields(fields["kdf"])
    _exactly(kdf, {"alg", "recipient"})
    sealed = _bytes(fields["ct"])
    if kdf["alg"] != "age" or len(sealed) > MAX_ESCROW_BYTES or not sealed.startswith(_AGE_INTRO):
        raise ValueError("an escrow slot is not an age file")
    label = _text(fields["label"], 200, empty=True)
    return AgeSlot(ident, _text(kdf["recipient"], 4096), sealed, label)


def _bound(place: SlotContext, ident: str, kind: str, kdf: dict[str, object]) -> bytes:
    """Return what a slot's encryption authenticates beside the key: what gives it meaning."""
    return canonical(
        {
            "id": ident,
            "kdf": kdf,
            "magic": MAGIC,
            "type": kind,
            "v": place.version,
            "vault_id": place.vault_id,
        }
    )


def _fields(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("an object was expected")
    return value


def _exactly(fields: dict[str, object], names: set[str]) -> None:
    if fields.keys() != names:
        raise ValueError("a slot has missing or unknown members")


def _text(value: object, at_most: int, *, empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > at_most or not (value or empty):
        raise ValueError("a text is missing or too long")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise ValueError("a whole number was expected")
    return value


def _bytes(value: object, length: int | None = None) -> bytes:
    data = from_base64(_text(value, 2 * MAX_ESCROW_BYTES))
    if length is not None and len(data) != length:
        raise ValueError("bytes of another length were expected")
    return data
