"""What is let in and what may be made: kinds, numbers and sizes."""

from __future__ import annotations

import io
import itertools

import pytest

from storage.crypto import age
from storage.crypto.age import header
from storage.crypto.age.header import MAX_HEADER_BYTES
from storage.crypto.age.payload import CHUNK_SIZE, PayloadWriter, payload_cipher
from storage.errors import FieldkitError
from tests.storage.crypto.age.any_file import decrypt_any_bytes, decrypt_to, encrypt_armored
from tests.storage.crypto.age.scrypt import ScryptIdentity, ScryptRecipient

HYBRID = age.generate_identity()
CLASSIC = age.generate_identity(post_quantum=False)
PASSPHRASE = ScryptRecipient("x", work_factor=1)
FILE_KEY = b"sixteen byte key"


def file_with(*stanzas: header.Stanza) -> bytes:
    """A genuine file with any stanzas, also such as ``encrypt`` would never write."""
    target = io.BytesIO()
    target.write(header.build(stanzas, FILE_KEY) + bytes(16))
    PayloadWriter(target, payload_cipher(FILE_KEY, bytes(16))).close()
    return target.getvalue()


def mine(*, hybrid: bool = False) -> header.Stanza:
    return (HYBRID if hybrid else CLASSIC).recipient().wrap(FILE_KEY)


def grease(size: int = 0) -> header.Stanza:
    return header.Stanza("example.com/grease", ("!~",), bytes(size))


def read(file: bytes, limit: int = 100) -> bytes:
    return age.decrypt_bytes(file, [HYBRID, CLASSIC], limit=limit)


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        [HYBRID.recipient(), CLASSIC.recipient()],
        [CLASSIC.recipient(), PASSPHRASE],
        [HYBRID.recipient()] * (age.MAX_STANZAS + 1),
    ],
    ids=["none", "mixed", "passphrase and key", "too many"],
)
def test_files_that_are_not_made(recipients: list[age.Recipient]) -> None:
    target = io.BytesIO()
    with pytest.raises(age.PolicyError, match="Nothing was written"):
        age.encrypt(target, recipients)
    assert target.getvalue() == b""


def test_mixed_kinds_are_refused_on_import_only() -> None:
    file = file_with(mine(hybrid=True), mine())
    with pytest.raises(age.PolicyError, match="older keys"):
        read(file)
    assert decrypt_any_bytes(file, [HYBRID, CLASSIC], limit=100) == b""


@pytest.mark.parametrize("before", [b"", b" \r\n\t", b"From a colleague:\n"])
def test_text_form_is_refused_by_name(before: bytes) -> None:
    target = io.BytesIO()
    target.write(before)
    with encrypt_armored(target, [CLASSIC.recipient()]) as writer:
        writer.write(b"text")
    with pytest.raises(age.PolicyError, match="text form"):
        read(target.getvalue())


def test_passphrase_beside_a_key_is_malformed() -> None:
    with pytest.raises(age.HeaderError, match="mixed with other ways"):
        read(file_with(PASSPHRASE.wrap(FILE_KEY), mine()))


def test_passphrase_is_refused_before_it_is_computed() -> None:
    stanza = header.Stanza("scrypt", ("AAAAAAAAAAAAAAAAAAAAAA", "20"), bytes(32))
    with pytest.raises(age.PolicyError, match="passphrase"):
        age.decrypt_bytes(file_with(stanza), [ScryptIdentity("x")], limit=1)


def test_unknown_stanzas_alone_match_nobody_and_beside_ours_are_ignored() -> None:
    with pytest.raises(age.NoMatchError):
        read(file_with(grease()))
    assert read(file_with(grease(), mine(), grease(48), grease(1000))) == b""


def test_number_of_stanzas() -> None:
    most = [grease()] * (age.MAX_STANZAS - 1)
    assert read(file_with(*most, mine())) == b""
    for file in (file_with(*most, grease(), mine()), file_with(mine(), *most, grease())):
        with pytest.raises(age.PolicyError, match="more than 20 keys"):
            read(file)


def test_length_of_the_header() -> None:
    rest = len(header.build([mine(), grease()], FILE_KEY))
    fits = grease((MAX_HEADER_BYTES - rest) // 65 * 48)
    assert read(file_with(mine(), fits)) == b""
    with pytest.raises(age.PolicyError, match="longer than the 65536 bytes"):
        read(file_with(mine(), grease(MAX_HEADER_BYTES)))


def test_endless_header_line_is_not_read_to_its_end() -> None:
    class Endless:
        taken = 0
        start = io.BytesIO(b"age-encryption.org/v1\n-> X25519 ")

        def read(self, size: int, /) -> bytes:
            self.taken += size
            return self.start.read(size) or b"A" * size

    source = Endless()
    with pytest.raises(age.PolicyError):
        age.decrypt(source, [CLASSIC], limit=1)
    assert source.taken <= 2 * MAX_HEADER_BYTES


@pytest.mark.parametrize("size", [1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE])
def test_limit_of_plaintext(size: int) -> None:
    file = age.encrypt_bytes(bytes(size), [HYBRID.recipient()])
    assert len(read(file, limit=size)) == size
    spool = io.BytesIO()
    with pytest.raises(age.PolicyError, match="holds more than"):
        decrypt_to(io.BytesIO(file), spool, [HYBRID], limit=size - 1)
    assert spool.getvalue() == b""


def test_all_of_a_key_kind_are_checked_whichever_would_match() -> None:
    bad = [
        header.Stanza("X25519", (), bytes(32)),
        header.Stanza("X25519", ("AAAA",), bytes(32)),
        header.Stanza("X25519", mine().arguments, bytes(31)),
        header.Stanza("X25519", (*mine().arguments, "more"), bytes(32)),
    ]
    for stanza, before in itertools.product(bad, [True, False]):
        pair = [stanza, mine()] if before else [mine(), stanza]
        with pytest.raises(age.HeaderError):
            read(file_with(*pair))


def test_a_header_without_stanzas_is_malformed() -> None:
    with pytest.raises(age.HeaderError):
        read(file_with())


def test_other_versions_and_other_files_are_told_apart() -> None:
    with pytest.raises(age.HeaderError, match="another version"):
        read(b"age-encryption.org/v2\n-> X25519 x\n\n--- x\n")
    with pytest.raises(age.HeaderError, match="does not begin"):
        read(b"PK\x03\x04 a workbook")


def test_every_error_is_one_a_person_may_meet() -> None:
    for name in age.__all__:
        thing = getattr(age, name)
        if isinstance(thing, type) and issubclass(thing, Exception):
            assert issubclass(thing, FieldkitError)
