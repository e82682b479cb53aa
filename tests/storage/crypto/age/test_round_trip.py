"""What goes in comes out, at every chunk border and however it is cut into writes and reads."""

from __future__ import annotations

import hashlib
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.crypto import age
from storage.crypto.age.payload import CHUNK_SIZE
from tests.storage.crypto.age.any_file import decrypt_any_bytes, encrypt_armored
from tests.storage.crypto.age.scrypt import ScryptIdentity, ScryptRecipient

HYBRID = age.generate_identity()
CLASSIC = age.generate_identity(post_quantum=False)
LIMIT = 10 * CHUNK_SIZE

BORDERS = sorted(
    {0, 1, 15, 16, 17, 4096}
    | {n * CHUNK_SIZE + d for n in (1, 2, 3) for d in (-17, -16, -1, 0, 1, 15, 16, 17)}
)


def sample(size: int) -> bytes:
    return hashlib.shake_256(b"fieldkit").digest(size)


@pytest.mark.parametrize("identity", [HYBRID, CLASSIC], ids=["hybrid", "x25519"])
@pytest.mark.parametrize("size", BORDERS)
def test_sizes_around_every_chunk_border(size: int, identity: age.KeyIdentity) -> None:
    plain = sample(size)
    file = age.encrypt_bytes(plain, [identity.recipient()])
    assert age.decrypt_bytes(file, [identity], limit=size) == plain
    chunks = max(1, -(-size // CHUNK_SIZE))
    header = file.index(b"\n--- ") + len("\n--- ") + 43 + len("\n")
    assert len(file) == header + 16 + size + 16 * chunks


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.integers(0, 70)
        | st.sampled_from([CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE]),
        max_size=5,
    ),
    st.integers(1, 3 * CHUNK_SIZE),
)
def test_the_cut_into_writes_and_short_reads_does_not_matter(pieces: list[int], most: int) -> None:
    class Dribble(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(most if size is None or size < 0 else min(size, most))

    class Sip(io.BytesIO):
        """Takes only a part of each write, as an unbuffered file may."""

        def write(self, data: bytes, /) -> int:  # type: ignore[override]  # narrower on purpose
            return super().write(data[: max(1, most // 2)])

    target = Sip()
    with age.encrypt(target, [CLASSIC.recipient()]) as writer:
        for piece in pieces:
            assert writer.write(memoryview(sample(piece))) == piece
    plain = b"".join(sample(piece) for piece in pieces)
    reader = age.decrypt(Dribble(target.getvalue()), [CLASSIC], limit=LIMIT)
    assert b"".join(reader) == plain
    assert reader.complete


def test_up_to_twenty_recipients_each_open_the_file() -> None:
    identities = [age.generate_identity() for _ in range(age.MAX_STANZAS)]
    file = age.encrypt_bytes(b"for all", [i.recipient() for i in identities])
    for identity in identities:
        assert age.decrypt_bytes(file, [CLASSIC, identity], limit=100) == b"for all"


def test_two_files_of_the_same_share_nothing_but_the_format() -> None:
    one = age.encrypt_bytes(b"same", [CLASSIC.recipient()]).split(b"\n", 4)
    two = age.encrypt_bytes(b"same", [CLASSIC.recipient()]).split(b"\n", 4)
    same = [a == b for a, b in zip(one, two, strict=True)]
    assert same == [True, False, False, False, False]


@pytest.mark.parametrize("size", [0, 1, 24, 47, 48, 49, 63, 64, 65, 4096, CHUNK_SIZE + 1])
def test_armor(size: int) -> None:
    target = io.BytesIO()
    with encrypt_armored(target, [CLASSIC.recipient()]) as writer:
        writer.write(sample(size))
    text = target.getvalue()
    assert text.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert max(map(len, text.split(b"\n"))) == 64
    for form in (text, text.replace(b"\n", b"\r\n"), b" \r\n\t" + text + b"\n \n"):
        plain = decrypt_any_bytes(form, [CLASSIC], limit=size)
        assert plain == sample(size)


def test_passphrase() -> None:
    recipient = ScryptRecipient("correct horse", work_factor=8)
    file = age.encrypt_bytes(b"text", [recipient])
    right, wrong = ScryptIdentity("correct horse"), ScryptIdentity("wrong")
    assert decrypt_any_bytes(file, [right], limit=9) == b"text"
    with pytest.raises(age.NoMatchError):
        decrypt_any_bytes(file, [wrong], limit=9)
    low = ScryptIdentity("correct horse", max_work_factor=7)
    with pytest.raises(age.HeaderError, match="too high"):
        decrypt_any_bytes(file, [low], limit=9)


def test_memory_does_not_grow_with_the_file() -> None:
    class Nowhere:
        """A target that keeps nothing."""

        def write(self, data: bytes, /) -> int:
            return len(data)

    peaks = []
    for chunks in (16, 256):
        plain = bytes(CHUNK_SIZE)
        target = io.BytesIO()
        with age.encrypt(target, [CLASSIC.recipient()]) as writer:
            for _ in range(chunks):
                writer.write(plain)
        target.seek(0)
        tracemalloc.start()
        with age.encrypt(Nowhere(), [CLASSIC.recipient()]) as writer:
            for _ in range(chunks):
                writer.write(plain)
        for _chunk in age.decrypt(target, [CLASSIC], limit=chunks * CHUNK_SIZE):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 8 * CHUNK_SIZE
    assert peaks[1] < peaks[0] + CHUNK_SIZE
