"""No changed, shortened, lengthened or rearranged file is ever taken, nor any part of it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.crypto import age
from storage.crypto.age.payload import CHUNK_SIZE
from tests.storage.crypto.age.any_file import Decrypt, decrypt_any, decrypt_to, encrypt_armored

HYBRID = age.generate_identity()
CLASSIC = age.generate_identity(post_quantum=False)
IDENTITIES = [HYBRID, CLASSIC]
PLAIN = b"The strategy meeting was not recorded."
LIMIT = 10 * CHUNK_SIZE

SMALL = {
    "hybrid": age.encrypt_bytes(PLAIN, [HYBRID.recipient()]),
    "x25519": age.encrypt_bytes(PLAIN, [CLASSIC.recipient()] * 2),
    "empty": age.encrypt_bytes(b"", [CLASSIC.recipient()]),
}


def armored() -> bytes:
    target = io.BytesIO()
    with encrypt_armored(target, [CLASSIC.recipient()]) as writer:
        writer.write(PLAIN)
    return target.getvalue()


ARMORED = armored()
LONG_PLAIN = bytes(range(256)) * (3 * CHUNK_SIZE // 256) + b"end"
LONG = age.encrypt_bytes(LONG_PLAIN, [CLASSIC.recipient()])
LONG_CHUNKS = len(LONG) - len(LONG_PLAIN) - 4 * 16
"""Where the chunks of LONG begin."""


def refused(file: bytes, decrypt: Decrypt = age.decrypt) -> age.AgeError:
    """The error, once it is certain that nothing at all came out."""
    spool = io.BytesIO()
    with pytest.raises(age.AgeError) as caught:
        decrypt_to(io.BytesIO(file), spool, IDENTITIES, limit=LIMIT, decrypt=decrypt)
    assert spool.getvalue() == b""
    assert str(caught.value).endswith(".")
    return caught.value


def chunks_of_long() -> list[bytes]:
    body = LONG[LONG_CHUNKS:]
    return [body[n : n + CHUNK_SIZE + 16] for n in range(0, len(body), CHUNK_SIZE + 16)]


@pytest.mark.parametrize("name", SMALL)
def test_every_truncation_is_refused(name: str) -> None:
    assert age.decrypt_bytes(SMALL[name], IDENTITIES, limit=LIMIT) in (PLAIN, b"")
    for size in range(len(SMALL[name])):
        refused(SMALL[name][:size])


@pytest.mark.parametrize("flip", [0x01, 0x20, 0x80, 0xFF])
@pytest.mark.parametrize("name", SMALL)
def test_every_change_of_a_byte_is_refused(name: str, flip: int) -> None:
    for place in range(len(SMALL[name])):
        changed = bytearray(SMALL[name])
        changed[place] ^= flip
        refused(bytes(changed))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_any_splice_is_refused(name: str, data: st.DataObject) -> None:
    file = SMALL[name]
    start = data.draw(st.integers(0, len(file)))
    end = data.draw(st.integers(start, min(len(file), start + 80)))
    middle = data.draw(st.binary(max_size=80))
    spliced = file[:start] + middle + file[end:]
    if spliced != file:
        refused(spliced, data.draw(st.sampled_from([age.decrypt, decrypt_any])))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"age-encryption.org/v1\n", b"-----BEGIN "]))
def test_noise_is_refused(noise: bytes, start: bytes) -> None:
    refused(start + noise, decrypt_any)


def test_armor_has_one_spelling_but_for_line_ends() -> None:
    for size in range(len(ARMORED) - 1):
        refused(ARMORED[:size], decrypt_any)
    for place in range(len(ARMORED) - 1):
        for value in (0x09, 0x0A, 0x20, 0x3D, 0x41, ARMORED[place] ^ 1):
            changed = bytearray(ARMORED)
            changed[place] = value
            if bytes(changed) != ARMORED:
                refused(bytes(changed), decrypt_any)


@pytest.mark.parametrize("one", SMALL)
@pytest.mark.parametrize("two", SMALL)
def test_files_in_a_row_are_refused(one: str, two: str) -> None:
    assert isinstance(refused(SMALL[one] + SMALL[two]), age.PayloadError)
    assert isinstance(refused(SMALL[one] + LONG), age.PayloadError)
    assert isinstance(refused(LONG + SMALL[two]), age.PayloadError)


def test_header_of_one_with_payload_of_another_is_refused() -> None:
    other = age.encrypt_bytes(PLAIN, [CLASSIC.recipient()] * 2)
    mark = b"\n--- "
    payload = SMALL["x25519"].index(mark) + len(mark) + 44
    assert isinstance(refused(SMALL["x25519"][:payload] + other[payload:]), age.PayloadError)
    mac = SMALL["x25519"].index(mark)
    assert isinstance(refused(SMALL["x25519"][:mac] + other[mac:]), age.MacError)


def test_stanza_taken_away_or_added_is_a_mac_failure() -> None:
    file = SMALL["x25519"]
    first = file.index(b"-> ")
    second = file.index(b"-> ", first + 1)
    assert isinstance(refused(file[:first] + file[second:]), age.MacError)
    grease = b"-> example.com/grease !~\nAAAA\n"
    assert isinstance(refused(file[:first] + grease + file[first:]), age.MacError)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_cut_at_a_chunk_border_is_called_cut_short(cut: int) -> None:
    error = refused(LONG[: LONG_CHUNKS + cut * (CHUNK_SIZE + 16)])
    assert isinstance(error, age.PayloadError)
    assert "cut short" in str(error)


def test_something_after_the_end_is_called_so() -> None:
    whole = age.encrypt_bytes(bytes(CHUNK_SIZE), [CLASSIC.recipient()])
    error = refused(whole + b"more")
    assert isinstance(error, age.PayloadError)
    assert "added after its end" in str(error)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=6))
def test_chunks_dropped_repeated_or_moved_are_refused(order: list[int]) -> None:
    chunks = chunks_of_long()
    file = LONG[:LONG_CHUNKS] + b"".join(chunks[n] for n in order)
    if order == [0, 1, 2, 3]:
        assert age.decrypt_bytes(file, IDENTITIES, limit=LIMIT) == LONG_PLAIN
    else:
        assert isinstance(refused(file), age.PayloadError)


def test_reader_never_looks_finished_after_a_failure() -> None:
    reader = age.decrypt(io.BytesIO(LONG[:-1]), IDENTITIES, limit=LIMIT)
    got = bytearray()
    for _ in range(3):
        with pytest.raises(age.PayloadError):
            for chunk in reader:
                got += chunk
        assert not reader.complete
    assert bytes(got) == LONG_PLAIN[: 3 * CHUNK_SIZE]


def test_spool_is_cut_back_when_the_source_itself_fails() -> None:
    class Unplugged(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            piece = super().read(size)
            if not piece:
                raise OSError("stick removed")
            return piece

    spool = io.BytesIO()
    spool.write(b"kept")
    with pytest.raises(OSError, match="stick removed"):
        decrypt_to(Unplugged(LONG[:-1]), spool, IDENTITIES, limit=LIMIT)
    assert spool.getvalue() == b"kept"


def test_writer_abandoned_in_an_error_leaves_a_file_nobody_takes() -> None:
    target = io.BytesIO()
    with (
        pytest.raises(RuntimeError, match="crash"),
        age.encrypt(target, [CLASSIC.recipient()]) as writer,
    ):
        writer.write(LONG_PLAIN)
        raise RuntimeError("crash")
    refused(target.getvalue())
    with pytest.raises(ValueError, match="closed"):
        writer.write(b"more")


def test_writer_is_unusable_once_its_target_failed() -> None:
    class Full(io.BytesIO):
        def write(self, data: bytes, /) -> int:  # type: ignore[override]  # narrower on purpose
            if self.tell() > CHUNK_SIZE:
                raise OSError("disk full")
            return super().write(data)

    target = Full()
    writer = age.encrypt(target, [CLASSIC.recipient()])
    with pytest.raises(OSError, match="disk full"):
        writer.write(LONG_PLAIN)
    with pytest.raises(ValueError, match="failed"):
        writer.write(b"again")
    writer.close()
    refused(target.getvalue())
