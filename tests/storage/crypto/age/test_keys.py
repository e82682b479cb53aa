"""Recipients and identities as text: one spelling, nothing unsafe, no secret in a message."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.crypto import age
from storage.crypto.age import bech32
from storage.crypto.age.mlkem768x25519 import HybridIdentity, HybridRecipient
from storage.crypto.age.x25519 import X25519Identity, X25519Recipient

# The examples printed in the age specification (c2sp.org/age).
SPEC_IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
SPEC_RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
SPEC_HYBRID = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
SPEC_HYBRID_RECIPIENT_START = "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5z"

HYBRID = age.generate_identity()
CLASSIC = age.generate_identity(post_quantum=False)

# Points of order 1, 2, 4 and 8, and the non-canonical spellings of small ones (RFC 7748 §6.1 and
# the list in cr.yp.to/ecdh.html#validate).
LOW_ORDER = [
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ec" + "ff" * 30 + "7f",
    "ed" + "ff" * 30 + "7f",
    "ee" + "ff" * 30 + "7f",
]
NOT_CANONICAL = ["f6" + "ff" * 30 + "7f", "09" + "00" * 30 + "80"]


def test_examples_of_the_specification() -> None:
    identity = age.parse_identity(SPEC_IDENTITY)
    assert identity.recipient().encode() == SPEC_RECIPIENT
    assert identity.encode() == SPEC_IDENTITY
    hybrid = age.parse_identity(SPEC_HYBRID)
    assert hybrid.recipient().encode().startswith(SPEC_HYBRID_RECIPIENT_START)
    assert hybrid.encode() == SPEC_HYBRID


def test_post_quantum_is_the_default() -> None:
    assert isinstance(HYBRID, HybridIdentity)
    assert isinstance(CLASSIC, X25519Identity)
    assert age.generate_identity().encode() != HYBRID.encode()


@pytest.mark.parametrize("identity", [HYBRID, CLASSIC], ids=["hybrid", "x25519"])
def test_text_and_back(identity: age.KeyIdentity) -> None:
    again = age.parse_identity(identity.encode())
    assert again.encode() == identity.encode()
    assert again.recipient() == identity.recipient()
    recipient = age.parse_recipient(identity.recipient().encode())
    assert recipient == identity.recipient()
    assert hash(recipient) == hash(identity.recipient())
    assert len({recipient, identity.recipient(), CLASSIC.recipient(), HYBRID.recipient()}) == 2


@pytest.mark.parametrize("identity", [HYBRID, CLASSIC], ids=["hybrid", "x25519"])
def test_the_secret_is_in_no_message(identity: age.KeyIdentity) -> None:
    secret = identity.encode()
    assert secret[20:] not in repr(identity).upper()
    for text in (secret[:-1], secret + "Q", secret.lower(), secret[:-1] + "1", " " + secret):
        with pytest.raises(age.KeyTextError) as caught:
            age.parse_identity(text)
        assert secret[20:-1].lower() not in str(caught.value).lower()


def test_wrong_sort_of_text() -> None:
    with pytest.raises(age.KeyTextError, match="secret key"):
        age.parse_recipient(HYBRID.encode())
    with pytest.raises(age.KeyTextError, match="secret key"):
        age.parse_recipient(CLASSIC.encode().lower())
    with pytest.raises(age.KeyTextError, match="plugin"):
        age.parse_recipient(bech32.encode("age1yubikey", bytes(33)))
    with pytest.raises(age.KeyTextError):
        age.parse_identity(CLASSIC.recipient().encode())
    for text in ("", "age1", "age1pq1", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA", "age" + "1" * 9999):
        with pytest.raises(age.KeyTextError):
            age.parse_recipient(text)
        with pytest.raises(age.KeyTextError):
            age.parse_identity(text)


@pytest.mark.parametrize(
    "text",
    [CLASSIC.recipient().encode(), HYBRID.recipient().encode()],
    ids=["x25519", "hybrid"],
)
def test_one_spelling_only(text: str) -> None:
    for other in (text.upper(), text.capitalize(), text + "\n", " " + text, text.replace("q", "Q")):
        if other != text:
            with pytest.raises(age.KeyTextError):
                age.parse_recipient(other)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([HYBRID, CLASSIC]), st.data())
def test_a_mistyped_letter_is_noticed(identity: age.KeyIdentity, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([identity.encode(), identity.recipient().encode()]))
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    changed = text[:place] + letter + text[place + 1 :]
    if changed != text:
        with pytest.raises(age.KeyTextError):
            age.parse_identity(changed)
        with pytest.raises(age.KeyTextError):
            age.parse_recipient(changed)


@pytest.mark.parametrize("point", [*LOW_ORDER, *NOT_CANONICAL])
def test_no_file_is_made_for_a_point_that_protects_nothing_or_nobody_can_open(point: str) -> None:
    raw = bytes.fromhex(point)
    with pytest.raises(age.KeyTextError, match="safely"):
        age.parse_recipient(bech32.encode("age", raw))
    mlkem = HYBRID.recipient().public[:1184]
    with pytest.raises(age.KeyTextError, match="safely"):
        age.parse_recipient(bech32.encode("age1pq", mlkem + raw))


@pytest.mark.parametrize("size", [0, 31, 33, 1215, 1217])
def test_wrong_lengths(size: int) -> None:
    data = (HYBRID.recipient().public * 2)[:size]
    for prefix in ("age", "age1pq"):
        with pytest.raises(age.KeyTextError):
            age.parse_recipient(bech32.encode(prefix, data))
    for prefix in ("AGE-SECRET-KEY-", "AGE-SECRET-KEY-PQ-"):
        with pytest.raises(age.KeyTextError):
            age.parse_identity(bech32.encode(prefix, data))


def test_mlkem_coefficients_out_of_range_are_refused() -> None:
    public = HYBRID.recipient().public
    with pytest.raises(age.KeyTextError, match="safely"):
        HybridRecipient(b"\xff\xff\xff" + public[3:])
    with pytest.raises(age.KeyTextError):
        X25519Recipient(public)


# From BIP 173, "Test vectors": whole bytes with a prefix, and what is wrong without a length limit.
BIP_VALID = ["a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"]
BIP_INVALID = ["pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "a1g7sgd8"]


def test_bech32_vectors() -> None:
    for text in BIP_VALID:
        prefix = text.rpartition("1")[0]
        assert bech32.encode(prefix, bech32.decode(prefix, text)) == text
    for text in BIP_INVALID:
        with pytest.raises(age.KeyTextError):
            bech32.decode(text.rpartition("1")[0], text)


def plainly(prefix: str, data: bytes) -> str:
    """What BIP 173 writes, digit by digit as its reference code does."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    residue = 1
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    for value in [*expanded, *values, *([0] * 6)]:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ value
        for place, word in enumerate(generator):
            residue ^= word if top >> place & 1 else 0
    checksum = [(residue ^ 1) >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(letters[value] for value in [*values, *checksum])


@given(st.binary(max_size=1300), st.sampled_from(["a", "age", "age1pq", "age-secret-key-pq-"]))
def test_bech32_writes_what_its_reference_code_writes(data: bytes, prefix: str) -> None:
    text = plainly(prefix, data)
    assert bech32.encode(prefix, data) == text
    assert bech32.decode(prefix, text) == data


@given(st.binary(max_size=100), st.data())
def test_one_other_letter_is_always_noticed(data: bytes, draw: st.DataObject) -> None:
    text = bech32.encode("age", data)
    at = draw.draw(st.integers(len("age1"), len(text) - 1))
    other = draw.draw(st.sampled_from(sorted(set(string.printable) - {text[at]})))
    with pytest.raises(age.KeyTextError):
        bech32.decode("age", text[:at] + other + text[at + 1 :])


@given(st.binary(max_size=100), st.sampled_from(["age", "AGE-SECRET-KEY-"]))
def test_bech32_is_one_to_one(data: bytes, prefix: str) -> None:
    assert bech32.decode(prefix, bech32.encode(prefix, data)) == data
