"""No change to a key file gives another key: it is refused in words, or the key is the same."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from storage.crypto.keyslots import errors, slot
from storage.crypto.keyslots.document import Document, read
from storage.crypto.keyslots.encoding import canonical
from storage.crypto.keyslots.kdf import Argon2Params
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import WordSlot
from tests.storage.crypto.keyslots.conftest import CHEAP, NOW, PASSPHRASE, Made

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))


def refused_unopened(data: bytes) -> None:
    """Refused from the bytes alone, so before anything is derived."""
    with pytest.raises((errors.DamagedKeyFile, errors.NewerKeyFile)) as caught:
        read(data, "vault.keys")
    assert str(caught.value).endswith(".")


def with_sum(before_sum: bytes) -> bytes:
    """As a forger would leave it: the checksum, which needs no key, made right again."""
    return before_sum + b',"sum":"' + sha256(before_sum).hexdigest().encode() + b'"}\n'


def without_sum(data: bytes) -> bytes:
    return data[: data.rindex(b',"sum"')]


def same_key_or_typed(data: bytes, made: Made, open_it: Callable[[KeyFile], bytearray]) -> bool:
    """Whether it was refused; that it never gives another key is asserted."""
    try:
        found = open_it(KeyFile(Path("vault.keys"), data))
    except errors.KeyFileRefused as error:
        assert str(error).endswith(".")
        return True
    assert found == made.key()
    return False


def test_every_single_byte_change(made: Made) -> None:
    data = made.data
    for at, byte in enumerate(data):
        others = set(range(256)) if TORTURE else {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0x30, 0}
        for other in others - {byte}:
            refused_unopened(data[:at] + bytes([other]) + data[at + 1 :])


def test_every_truncation_deletion_and_repetition(made: Made) -> None:
    data = made.data
    for at in range(len(data)):
        refused_unopened(data[:at])
        refused_unopened(data[at + 1 :])
        refused_unopened(data[:at] + data[at + 1 :])
        refused_unopened(data[: at + 1] + data[at:])
    refused_unopened(data + b"\n")
    refused_unopened(data + data)


def test_every_byte_change_by_a_forger(made: Made) -> None:
    """With the checksum made right, what is still well-formed meets the passphrase or the MAC."""
    data = without_sum(made.data)
    rng = random.Random(7)
    # The bounded form takes a sample of the bytes, the heavy one every byte.
    places = range(len(data)) if TORTURE else sorted(rng.sample(range(len(data)), 60))
    opened = 0
    for at in places:
        for change in (1, 2) if TORTURE else (1,):
            forged = with_sum(data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
            opened += not same_key_or_typed(forged, made, lambda file: file.unlock(PASSPHRASE))
    assert opened == 0


def test_random_mutations(made: Made) -> None:
    rng = random.Random(11)
    for _ in range(100_000 if TORTURE else 3_000):
        data = bytearray(made.data)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(data))
            end = at + rng.randint(0, 8)
            data[at:end] = rng.randbytes(rng.randint(0, 8))
        if data != made.data:
            refused_unopened(bytes(data))


def forge(made: Made, change: Callable[[Document], Document]) -> bytes:
    """A file changed by somebody who knows the format but not the vault key."""
    body = change(read(made.data, "vault.keys")).body()
    return with_sum(body + b',"mac":"' + b"0" * 64 + b'"')


def words(document: Document, kind: str) -> WordSlot:
    return next(s for s in document.slots if isinstance(s, WordSlot) and s.type == kind)


FORGERIES: dict[str, Callable[[Document], Document]] = {
    "a slot taken away": lambda d: replace(d, slots=d.slots[:1]),
    "anchors": lambda d: replace(d, anchors={}),
    "generation": lambda d: replace(d, gen=7),
    "date": lambda d: replace(d, created="2020-01-01T00:00:00Z"),
    "label": lambda d: replace(d, slots=(replace(words(d, "passphrase"), label="x"), d.slots[1])),
    "a member added": lambda d: replace(d, unknown_members={"x": 1}),
    "order of slots": lambda d: replace(d, slots=d.slots[::-1]),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_the_slots_do_not_bind_the_mac_does(made: Made, name: str) -> None:
    file = KeyFile(Path("vault.keys"), forge(made, FORGERIES[name]))
    with pytest.raises(errors.DamagedKeyFile, match="something other than fieldkit"):
        file.unlock(PASSPHRASE)


BOUND: dict[str, Callable[[Document], Document]] = {
    "vault": lambda d: replace(d, vault_id="00000000-0000-0000-0000-000000000000"),
    "version": lambda d: replace(d, version=2),
    "slot id": lambda d: one(d, id="other"),
    "passes": lambda d: one(d, params=Argon2Params(CHEAP.m_kib, 2, 1)),
    "salt": lambda d: one(d, salt=bytes(16)),
    "nonce": lambda d: one(d, nonce=bytes(12)),
    "sealed key": lambda d: one(d, sealed=bytes(48)),
}


def one(document: Document, **changes: object) -> Document:
    changed = replace(words(document, "passphrase"), **changes)  # type: ignore[arg-type] # names above
    return replace(document, slots=(changed, words(document, "recovery")))


@pytest.mark.parametrize("name", BOUND)
def test_what_a_slot_binds_makes_it_fail(made: Made, name: str) -> None:
    with pytest.raises(errors.WrongPassphrase):
        KeyFile(Path("vault.keys"), forge(made, BOUND[name])).unlock(PASSPHRASE)


def test_a_slot_moved_in_from_another_vault(made: Made, tmp_path: Path) -> None:
    """Somebody who knows the passphrase of another vault puts its slot into this one."""
    other, _, _ = KeyFile.create(tmp_path / "k", "theirs and only", params=CHEAP, now=NOW)
    moved = words(other._document, "passphrase")
    data = forge(made, lambda d: replace(d, slots=(moved, words(d, "recovery"))))
    with pytest.raises(errors.WrongPassphrase):
        KeyFile(Path("vault.keys"), data).unlock("theirs and only")


@pytest.mark.parametrize(
    "params",
    [
        Argon2Params(64 * 1024 - 1, 3, 4),
        Argon2Params(1024 * 1024 + 1, 3, 4),
        Argon2Params(8, 1, 1),
        Argon2Params(2**40, 3, 4),
        Argon2Params(64 * 1024, 0, 4),
        Argon2Params(64 * 1024, 11, 4),
        Argon2Params(64 * 1024, 3, 0),
        Argon2Params(64 * 1024, 3, 9),
    ],
)
def test_costs_out_of_bounds_are_refused_before_deriving(
    made: Made, params: Argon2Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    def derived(*_: object) -> bytearray:
        raise AssertionError("a key was derived")

    monkeypatch.setattr(slot, "stretch", derived)
    with pytest.raises(errors.DamagedKeyFile, match="out of bounds"):
        KeyFile(Path("vault.keys"), forge(made, lambda d: one(d, params=params)))


def raw(made: Made, change: Callable[[dict[str, object]], None]) -> bytes:
    values = json.loads(made.data)
    del values["mac"], values["sum"]
    change(values)
    return with_sum(canonical(values)[:-1] + b',"mac":"' + b"0" * 64 + b'"')


ODD: list[tuple[str, object]] = [
    ("slots", []),
    ("slots", [{}]),
    ("slots", {}),
    ("slots", None),
    ("slots", [{"id": "a", "type": "passphrase"}]),
    ("slots", [{"id": "a", "type": "age", "kdf": {}, "label": "", "ct": ""}]),
    ("slots", [{"id": "a", "type": "x"}] * 2),
    ("slots", [{"id": str(i), "type": "x"} for i in range(9)]),
    ("gen", 0),
    ("gen", True),
    ("gen", 1.5),
    ("gen", 2**60),
    ("gen", "1"),
    ("v", 0),
    ("anchors", []),
    ("anchors", {"a": [1]}),
    ("anchors", {"a": [-1, ""]}),
    ("anchors", {"a": [1, 2]}),
    ("anchors", {str(i): [1, ""] for i in range(257)}),
    ("vault_id", "../../etc"),
    ("vault_id", None),
    ("created", 3),
    ("magic", "AGE"),
    ("hint", "\ud800"),
]


@pytest.mark.parametrize(("member", "value"), ODD)
def test_odd_members(made: Made, member: str, value: object) -> None:
    refused_unopened(raw(made, lambda values: values.update({member: value})))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"{",
        b"[" * 60_000,
        b'{"a":' * 9_000 + b"1",
        b'{"magic":"FIELDKIT-KEYS"',
        b'{"magic":"FIELDKIT-KEYS","min_reader":' + b"9" * 5000,
        b'{"magic":"FIELDKIT-KEYS","min_reader":1,"x":NaN',
        b'{"magic":"\xff"',
    ],
)
def test_well_summed_nonsense(body: bytes) -> None:
    refused_unopened(with_sum(body + b',"mac":"' + b"0" * 64 + b'"'))
    refused_unopened(with_sum(body))


def test_too_large(made: Made) -> None:
    refused_unopened(raw(made, lambda values: values.update({"x": "y" * 70_000})))


def test_a_newer_file_is_named_as_such(made: Made) -> None:
    data = raw(made, lambda values: values.update({"min_reader": 2, "v": 2, "slots": "elsewhere"}))
    with pytest.raises(errors.NewerKeyFile, match="newer fieldkit"):
        KeyFile(Path("vault.keys"), data)
