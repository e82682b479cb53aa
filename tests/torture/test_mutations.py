"""Damaged and forged key files and databases end in a sentence, in bounded time and memory."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from fieldkit.casework.cases import add_case
from fieldkit.evidence.notes import add_note
from fieldkit.history import search
from fieldkit.inspections import frame, inspections
from storage.crypto.keyslots.encoding import canonical
from storage.crypto.keyslots.kdf import FLOOR
from storage.crypto.keyslots.keyfile import KeyFile
from storage.crypto.keyslots.slot import WordSlot
from storage.database.cipher import findings
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault, open_with
from tests.conftest import PASSPHRASE
from tests.journeys.canaries import copied
from tests.torture.bending import bent

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
KEY_FILES = 92_000 if TORTURE else 600
DATABASES = 8_000 if TORTURE else 48
SHARES = 4
"""Tests that the databases are divided among, for as many processes."""
PAGE, FRAME = 4096, 24 + 4096


# --- key files


def sealed(document: dict[str, Any]) -> bytes:
    """As a forger would write it: all that needs no key is right."""
    known = {name: one for name, one in document.items() if name not in ("mac", "sum")}
    try:
        body = canonical(known)
    except Exception:  # what has no canonical form is written as JSON is
        body = json.dumps(known, separators=(",", ":"), sort_keys=True).encode()
    mac = json.dumps(document.get("mac", "0" * 64)).encode()
    before = body.removesuffix(b"}") + b',"mac":' + mac
    return before + b',"sum":"' + sha256(before).hexdigest().encode() + b'"}\n'


def test_forged_key_files(vault_made_once: Path) -> None:
    data = (vault_made_once / "vault.keys").read_bytes()
    document = json.loads(data)
    assert sealed(document) == data, "the forger of this test writes another form"
    chance = random.Random(4)
    read, opened, longest = 0, 0, 0.0
    for number in range(KEY_FILES):
        forged = sealed(bent(document, chance))
        began = time.process_time()
        try:
            file = KeyFile(Path("vault.keys"), forged)
        except FieldkitError as refusal:
            assert str(refusal).endswith("."), refusal
            continue
        finally:
            longest = max(longest, time.process_time() - began)
        read += 1
        costs = [one.params for one in file.slots if isinstance(one, WordSlot)]
        assert all(one.within_bounds() for one in costs), number
        if opened < 40 and all(one.m_kib <= FLOOR.m_kib and one.t == 1 for one in costs):
            opened += 1
            if forged != data:
                with pytest.raises(FieldkitError):
                    file.unlock(PASSPHRASE)
    assert read > 5, "no forgery came as far as the passphrase"
    assert longest < 5
    print(f"{KEY_FILES} forged key files, {read} of them well-formed, {opened} tried")


# --- databases


@pytest.fixture(scope="module")
def worn(
    vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[dict[str, bytes]], bytes]:
    """The files of a vault at three moments, one of them with a log as after a crash; the key."""
    folder = tmp_path_factory.mktemp("worn") / "vault"
    shutil.copytree(vault_made_once, folder)
    moments = []
    for turn in range(3):
        vault = open_vault(folder, PASSPHRASE)
        if turn == 0:
            made = vault.write_now(inspections.create, force="Westshire", methodology="2018")
            case = vault.write_now(add_case, made.id, "WST-001")
        for number in range(6):
            words = f"Nobody rang back, {turn} {number}. " * 30
            vault.write_now(add_note, "case", case.id, words)
        vault.write_now(drafts.save, "new-note/x", "text", "a remark", "typing " * 300)
        key = bytes(vault._key)
        if turn == 2:
            moments.append(taken(folder))
        vault.lock()
        moments.append(taken(folder))
    return moments, key


def taken(folder: Path) -> dict[str, bytes]:
    """The bytes of the files; by another process where the vault is open, for its locks."""
    aside = folder.with_name("aside")
    shutil.rmtree(aside, ignore_errors=True)
    copied(folder, aside)
    return {one.name: one.read_bytes() for one in aside.iterdir()}


def injured(moments: list[dict[str, bytes]], chance: random.Random) -> dict[str, bytes]:
    """The files of one moment with one or two injuries that know what a page and a frame are."""
    made = dict(chance.choice(moments))
    for _ in range(chance.choice((1, 1, 2))):
        name = "vault.db-wal" if "vault.db-wal" in made and chance.random() < 0.5 else "vault.db"
        size, head = (FRAME, 32) if name.endswith("wal") else (PAGE, 0)
        data = bytearray(made[name])
        if len(data) < 2 * size:
            continue
        here, there = (head + size * chance.randrange((len(data) - head) // size) for _ in "xy")
        way = chance.randrange(9)
        if way == 0:
            at = chance.randrange(len(data))
            data[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            at = here + chance.choice((0, 4, 8, 16, 20, size - 80, size - 64, size - 1))
            data[at : at + 4] = chance.randbytes(len(data[at : at + 4]))
        elif way == 2:
            data[here : here + size], data[there : there + size] = (
                data[there : there + size], data[here : here + size],
            )  # fmt: skip
        elif way == 3:
            data[here : here + size] = bytes(len(data[here : here + size]))
        elif way == 4:
            del data[here:]
        elif way == 5:
            del data[here : here + size]
        elif way == 6:
            data[here:here] = data[there : there + size]
        elif way == 7:
            # A page of another moment, which is authentic at this place: it was ours once.
            old = chance.choice(moments).get(name, b"")[here : here + size]
            data[here : here + len(old)] = old
        else:
            data += chance.randbytes(chance.choice((1, 100, size)))
        made[name] = bytes(data)
    return made


USES: tuple[Callable[[Any], object], ...] = (
    inspections.the_open_one,
    lambda s: frame.frame(s, inspections.the_open_one(s).id),
    lambda s: search.search(s, inspections.the_open_one(s).id, "rang"),
    drafts.listed,
)


@pytest.mark.parametrize("share", range(SHARES))
def test_injured_databases(
    share: int,
    worn: tuple[list[dict[str, bytes]], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments, key = worn
    # Nobody is writing here, so no page becomes whole by waiting.
    monkeypatch.setattr("storage.database.sealed_pages._BETWEEN_LOOKS", 0)
    chance = random.Random(share)
    refused = found = sound = 0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(DATABASES // SHARES):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, data in injured(moments, chance).items():
            (folder / name).write_bytes(data)
        try:
            with open_with(folder, lambda keys: keys._verified(bytearray(key))) as vault:
                for use in USES:
                    said(partial(vault.read_now, use))
                said(lambda: vault.write_now(drafts.save, "new-note/y", "text", "x", "more"))
                wrong = vault._clerk.wait(lambda: findings(vault._store.connection))
                if number % 20 == 0:  # it copies the whole file first
                    said(partial(check_vault, vault))
                found, sound = found + bool(wrong), sound + (not wrong)
        except FieldkitError as refusal:
            assert str(refusal).endswith("."), refusal
            refused += 1
        shutil.rmtree(folder)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 300_000, "KiB of memory grew with the damage"
    assert min(refused, found) > 0
    print(f"{refused} refused, {found} with findings, {sound} sound again by the log or by luck")


def said(step: Callable[[], object]) -> None:
    """A step either works or refuses in a sentence; any other error is this test's failure."""
    try:
        step()
    except FieldkitError as refusal:
        assert str(refusal).endswith("."), refusal
