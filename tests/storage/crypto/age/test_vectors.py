"""The public age test vectors (C2SP CCTV): every file decided, with the exact class of failure.

``vectors.zip`` holds them as they are published at https://github.com/C2SP/CCTV (``age/testdata``),
which their authors, “The age Authors”, gave away under CC0 1.0.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.crypto import age
from tests.storage.crypto.age.any_file import decrypt_any, decrypt_to
from tests.storage.crypto.age.armor import ArmorError
from tests.storage.crypto.age.scrypt import ScryptIdentity

KIT = Path(__file__).with_name("vectors.zip")
LIMIT = 64 * 1024 * 1024

FAILURES: dict[str, type[age.AgeError]] = {
    "no match": age.NoMatchError,
    "HMAC failure": age.MacError,
    "header failure": age.HeaderError,
    "payload failure": age.PayloadError,
    "armor failure": ArmorError,
}


@dataclass(frozen=True)
class Vector:
    name: str
    expect: str
    payload: str
    armored: bool
    identities: tuple[age.Identity, ...]
    file: bytes


def read_vector(name: str, raw: bytes) -> Vector:
    head, _, body = raw.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    identities: list[age.Identity] = [age.parse_identity(t) for t in fields.get("identity", [])]
    identities += [ScryptIdentity(t) for t in fields.get("passphrase", [])]
    return Vector(
        name=name,
        expect=fields["expect"][0],
        payload=fields.get("payload", [""])[0],
        armored="armored" in fields,
        identities=tuple(identities),
        file=zlib.decompress(body) if fields.get("compressed") == ["zlib"] else body,
    )


def vectors() -> list[Vector]:
    with zipfile.ZipFile(KIT) as kit:
        return [read_vector(name, kit.read(name)) for name in kit.namelist()]


VECTORS = vectors()


def test_all_of_them_are_here() -> None:
    assert len(VECTORS) == 143
    assert {vector.expect for vector in VECTORS} == {"success", *FAILURES}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_vector(vector: Vector) -> None:
    spool = io.BytesIO()
    spool.write(b"before")

    def run() -> int:
        return decrypt_to(
            io.BytesIO(vector.file),
            spool,
            vector.identities,
            limit=LIMIT,
            decrypt=decrypt_any,
        )

    if vector.expect == "success":
        size = run()
        plaintext = spool.read()
        assert len(plaintext) == size
        assert hashlib.sha256(plaintext).hexdigest() == vector.payload
    else:
        with pytest.raises(age.AgeError) as caught:
            run()
        assert type(caught.value) is FAILURES[vector.expect]
        assert spool.getvalue() == b"before"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_importer_takes_no_passphrase_armor_or_mixed_file(vector: Vector) -> None:
    def run() -> bytes:
        return age.decrypt_bytes(vector.file, vector.identities, limit=LIMIT)

    has_scrypt = b"\n-> scrypt" in vector.file
    mixed = b"\n-> X25519" in vector.file and b"\n-> mlkem768x25519" in vector.file
    if vector.expect == "success" and not (vector.armored or has_scrypt or mixed):
        assert hashlib.sha256(run()).hexdigest() == vector.payload
    elif vector.expect == "success" or vector.armored:
        with pytest.raises(age.PolicyError):
            run()
    else:
        with pytest.raises(age.AgeError):
            run()
