"""Damaged copies of workbooks, made from a seed: bytes, packed parts, and XML inside the parts."""

from __future__ import annotations

import io
import random
import zipfile

_SPICE = (
    b"\x00", b"\xff\xff", b"<", b">", b'"', b"&#0;", b"-1", b"99999999999", b"1e309", b"A0",
    b"XFE1", b"<row r='1048577'>", b"=cmd|'/C calc'!A0", b"&lol;", b"]]>", b"\xe2\x80\xae",
    b"true", b"NaN",
)  # fmt: skip


def mutate_bytes(data: bytes, rng: random.Random) -> bytes:
    """One to four small injuries: a byte changed, a run removed, doubled or replaced."""
    out = bytearray(data)
    for _ in range(rng.randrange(1, 5)):
        if not out:
            break
        at = rng.randrange(len(out))
        kind = rng.randrange(6)
        if kind == 0:
            out[at] = rng.randrange(256)
        elif kind == 1:
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 2:
            del out[at : at + rng.randrange(1, 40)]
        elif kind == 3:
            out[at:at] = out[at : at + rng.randrange(1, 200)]
        elif kind == 4:
            out[at:at] = rng.choice(_SPICE)
        else:
            spice = rng.choice(_SPICE)
            out[at : at + len(spice)] = spice
    return bytes(out)


def mutate_package(data: bytes, rng: random.Random) -> bytes:
    """One part of a zip injured and packed again, or left out, so that the damage gets inside."""
    source = zipfile.ZipFile(io.BytesIO(data))
    names = source.namelist()
    victim = rng.choice([n for n in names if n.endswith((".xml", ".rels"))] or names)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in names:
            body = source.read(name)
            if name == victim:
                if rng.random() < 0.04:
                    continue
                body = mutate_bytes(body, rng)
            target.writestr(name, body)
    return made.getvalue()


def mutated(data: bytes, seed: int) -> bytes:
    """The injured copy that belongs to `seed`."""
    rng = random.Random(seed)
    if data[:2] == b"PK" and rng.random() < 0.7:
        return mutate_package(data, rng)
    return mutate_bytes(data, rng)
