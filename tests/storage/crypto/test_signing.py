"""Signatures: for one purpose, over exact bytes, by keys that are keys."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.crypto.fingerprint import WORDS, fingerprint, is_same_fingerprint
from storage.crypto.signing import (
    ENROL,
    PURPOSES,
    ROSTER,
    SignatureError,
    Signed,
    WeakKeyError,
    read_public,
    sign,
    verify,
)
from storage.ops.canonical_json import MalformedError

# C2SP/CCTV, ed25519/README.md: the eight points of low order and their six other spellings.
CCTV = """
0000000000000000000000000000000000000000000000000000000000000000
edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
0000000000000000000000000000000000000000000000000000000000000080
edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
0100000000000000000000000000000000000000000000000000000000000000
0100000000000000000000000000000000000000000000000000000000000080
eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05
26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a
c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f
ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
""".split()

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


@pytest.mark.parametrize("text", CCTV)
def test_small_order_keys_are_refused(text: str) -> None:
    with pytest.raises(WeakKeyError, match="anybody could sign"):
        read_public(text)


def test_why_they_are_refused() -> None:
    # Under the identity point one signature fits every message, and the library accepts it.
    everyone = Ed25519PublicKey.from_public_bytes(bytes.fromhex("01" + "00" * 31))
    for message in (b"one", b"another"):
        everyone.verify(bytes.fromhex("01" + "00" * 31) + bytes(32), message)


def test_a_sound_key_and_other_forms() -> None:
    assert read_public(PUBLIC.hex()) == PUBLIC
    for bad in (PUBLIC.hex().upper(), PUBLIC.hex()[:-2], "zz" * 32, None, 5):
        with pytest.raises(MalformedError):
            read_public(bad)


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_a_signature_serves_its_own_purpose_only(purpose: str) -> None:
    signature = sign(KEY, purpose, b"bytes")
    for other in PURPOSES:
        if other == purpose:
            verify(PUBLIC, other, b"bytes", signature)
        else:
            with pytest.raises(SignatureError):
                verify(PUBLIC, other, b"bytes", signature)
    with pytest.raises(SignatureError):
        verify(PUBLIC, purpose, b"other bytes", signature)


def test_a_document_is_kept_byte_for_byte() -> None:
    signed = Signed.make(KEY, ROSTER, {"t": "roster", "name": "Ünïqué"})
    again = Signed.read(signed.encode())
    assert again == signed
    again.check(ROSTER, PUBLIC)
    assert again.value()["name"] == "Ünïqué"
    with pytest.raises(SignatureError):
        again.check(ENROL, PUBLIC)
    with pytest.raises(SignatureError):
        again.check(ROSTER, bytes(31) + b"\x02")


def test_documents_of_another_form() -> None:
    data = Signed.make(KEY, ROSTER, {"t": "roster"}).encode()
    for bad in (b"", data[:-1], data + b"\n", data.replace(b'"t":"sig"', b'"t":"gis"'), b"\n\n"):
        with pytest.raises(MalformedError):
            Signed.read(bad)


def test_fingerprints_are_seven_words_and_compare_as_people_do() -> None:
    words = fingerprint(PUBLIC)
    assert len(words.split()) == WORDS
    assert is_same_fingerprint(words.upper().replace(" ", ", "), words)
    assert not is_same_fingerprint(fingerprint(PUBLIC[::-1]), words)
    assert not is_same_fingerprint("", words)
