"""Bundles changed from outside, from inside, and by a laptop of the team that signs its forgeries.

Whatever it is: refused with a reason of its own kind, in bounded time and memory, and the store is
as it was. What a laptop signs may also be a bundle like any other; then it is taken in whole.
"""

from __future__ import annotations

import json
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from storage.bundle.apply import apply
from storage.bundle.errors import BundleError
from storage.bundle.verify import Checked, Trust, verify
from storage.bundle.write import SUFFIX
from storage.crypto import age
from storage.exchange.exchange import write_bundles
from storage.exchange.merge import merge
from storage.feed.replay import differences
from storage.ops import canonical_json
from storage.records import Note
from storage.records.case import case_id
from storage.trust.roster import Roster
from storage.vault.vault import Vault
from tests.storage.forging import an_op, craft, lines_of, remanifest, reseal
from tests.storage.travelling import INSPECTION, make_team, work
from tests.torture.bending import bent

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
SHARE = 1 if TORTURE else 500
CHUNK = 65536 + 16
"""Bytes of an encrypted piece of an age file (https://age-encryption.org/v1, "Payload")."""
SECONDS, GROWTH = 5.0, 300_000
"""Processor time of one refusal, and KiB of memory that all of them may take."""

Change = Callable[["Desk", random.Random], Path | None]


@dataclass
class Desk:
    """A laptop's bundle of several pieces for a colleague, who judges what becomes of it."""

    ada: Vault
    ben: Vault
    roster: Roster
    stick: Path
    whole: bytes
    lines: list[bytes]

    @property
    def trust(self) -> Trust:
        identity = self.ben.identity
        own = tuple(one.recipient().encode() for one in (identity.age_pq, identity.age_x25519))
        return Trust(self.roster, own, tuple(identity.identities))

    @property
    def recipient(self) -> str:
        return self.ben.identity.age_x25519.recipient().encode()

    def ops(self) -> int:
        query = "SELECT count(*) FROM op"
        found = self.ben.read_now(lambda s: s.connection().exec_driver_sql(query).scalar())
        assert isinstance(found, int)
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("bent")
    team = make_team(folder / "team", pq=False)
    stick = folder / "stick"
    stick.mkdir()
    with team.central() as central, team.laptop("ada") as ada, team.laptop("ben") as ben:
        ada.write_now(work)
        ada.write_now(notes)
        roster = central.roster()[1]
        write_bundles(ada, stick)
        yield Desk(ada, ben, roster, stick, *for_colleague(stick, ben))


def for_colleague(stick: Path, ben: Vault) -> tuple[bytes, list[bytes]]:
    """The bundle on the stick that is for him: its bytes and its lines."""
    for path in stick.glob(f"*{SUFFIX}"):
        with suppress(age.AgeError):
            return path.read_bytes(), lines_of(path, ben.identity.age_x25519)
    raise AssertionError("there is no bundle for a colleague")


def notes(s: Session) -> None:
    for number in range(40):
        text = f"{number}: he had told them twice, and nobody rang back. " * 90
        case = case_id(INSPECTION, "WST-001")
        s.add(Note.make(inspection_id=INSPECTION, parent_kind="case", parent_id=case, text=text))


def outside(desk: Desk, chance: random.Random) -> Path:
    """The encrypted file, changed by somebody who cannot open it."""
    data = bytearray(desk.whole)
    header = data.index(b"\n---") + 60
    pieces = (len(data) - header) // CHUNK
    for _ in range(chance.choice((1, 1, 2, 5))):
        here, there = (header + CHUNK * chance.randrange(pieces) for _ in "xy")
        way = chance.randrange(8)
        at = chance.randrange(header if way == 7 else len(data))
        if way in (0, 7):
            data[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del data[at:]
        elif way == 2:
            data[at:at] = chance.randbytes(chance.choice((1, 16, 70_000)))
        elif way == 3:
            del data[at : at + chance.choice((1, 16, CHUNK))]
        elif way == 4 and here != there:
            data[here : here + CHUNK], data[there : there + CHUNK] = (
                data[there : there + CHUNK], data[here : here + CHUNK],
            )  # fmt: skip
        elif way == 5:
            data += data[here : here + CHUNK]
        elif way == 6:
            del data[here : here + CHUNK]
        if len(data) < header + CHUNK:
            break
    if bytes(data) == desk.whole:
        data[-1] ^= 1
    path = desk.stick / "outside.age"
    path.write_bytes(data)
    return path


def inside(desk: Desk, chance: random.Random) -> Path:
    """The plaintext, changed by somebody who has a recipient's key and signs nothing."""
    lines = [*desk.lines]
    for _ in range(chance.choice((1, 1, 2, 4))):
        # The lines that tell of others stand at both ends.
        place = chance.choice((chance.randrange(len(lines)), chance.randrange(8), -1, -2, -3))
        place %= len(lines)
        way = chance.randrange(7)
        if way == 0:
            line = bytearray(lines[place])
            line[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
            lines[place] = bytes(line)
        elif way == 1:
            del lines[place]
        elif way == 2:
            lines.insert(place, lines[chance.randrange(len(lines))])
        elif way == 3:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        elif way == 4:
            lines[place] = written(bent(canonical_json.loads(desk.lines[0]), chance))
        elif way == 5:
            lines[place] = b"[" * chance.choice((3, 70_000))
        else:
            lines[place] = document(lines[place], chance)
    if lines == desk.lines:
        del lines[-2]
    pad = chance.random() < 0.9
    return reseal(desk.stick / "inside.age", lines, desk.recipient, pad=pad)


def manifests(desk: Desk, chance: random.Random) -> Path:
    """A manifest that says strange things, signed by the laptop whose it is."""

    def change(value: dict[str, Any]) -> None:
        made = bent(value, chance)
        value.clear()
        value.update(made)

    try:
        lines = remanifest(desk.lines, desk.ada, change)
    except Exception:  # what has no canonical form cannot be signed as one
        lines = [written(bent(canonical_json.loads(desk.lines[0]), chance)), *desk.lines[1:]]
    return reseal(desk.stick / "manifest.age", lines, desk.recipient)


def ops(desk: Desk, chance: random.Random) -> Path | None:
    """Ops that say strange things, chained and signed by the laptop whose they are."""
    made: list[bytes] = []
    for seq in range(1, chance.choice((2, 4))):
        value = canonical_json.loads(an_op(desk.ada, seq).encode())
        made.append(written(bent(value, chance) if chance.random() < 0.7 else value))
    try:
        return craft(desk.ada, desk.roster, desk.stick, made, to=desk.ben)
    except BundleError:
        return None  # our own writer would not write it


def written(value: Any) -> bytes:
    """As canonical JSON where it has that form, else as any other program would write it."""
    try:
        return canonical_json.dumps(value)
    except Exception:  # it is bent
        return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def document(line: bytes, chance: random.Random) -> bytes:
    """A line of JSON with other values in it."""
    try:
        value = canonical_json.loads(line)
    except Exception:  # it was bent before
        return line[::-1]
    return written(bent(value, chance)) if isinstance(value, dict) and value else line[::-1]


WAYS: dict[str, tuple[Change, int]] = {
    "outside": (outside, 40_000),
    "inside": (inside, 30_000),
    "manifests": (manifests, 15_000),
    "ops": (ops, 15_000),
}


class Aside(Exception):
    """Ends a transaction that is not to be kept."""


@pytest.mark.parametrize("way", WAYS)
def test_mutated_bundles(way: str, desk: Desk) -> None:
    change, number = WAYS[way]
    chance = random.Random(f"{way} 2026")
    trust, before = desk.trust, desk.ops()
    words: Counter[str] = Counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    longest, made = 0.0, 0
    while made < number // SHARE:
        path = change(desk, chance)
        if path is None:
            words["not written"] += 1
            assert words["not written"] < number
            continue
        made += 1
        began = time.process_time()
        checked: Checked | None = None
        try:
            checked = verify(path, trust)
            words["accepted"] += 1
        except BundleError as refusal:
            said = str(refusal)
            assert said.endswith(".") and ("Nothing" in said or "nothing" in said), said
            words[type(refusal).__name__] += 1
        longest = max(longest, time.process_time() - began)
        if checked is None and made % 20 == 0:
            with pytest.raises(BundleError):
                merge(desk.ben, path)
        if checked is not None:
            taken_in(desk, checked, wholly=made % 20 == 0)
        path.unlink()
    assert desk.ops() == before
    assert desk.ben.read_now(lambda s: differences(s.connection())) == []
    print(f"{way}: {made} bundles, {dict(words)}, {longest:.2f} s at the most")
    assert longest < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < GROWTH
    if way in ("outside", "inside"):
        assert not words["accepted"], "what nobody signed was accepted"


def taken_in(desk: Desk, checked: Checked, *, wholly: bool) -> None:
    """What is accepted can be taken in, or is refused in a sentence; then it is left again."""

    def take(s: Session) -> None:
        apply(s, checked)
        if wholly:
            assert differences(s.connection()) == []
        raise Aside

    with pytest.raises((Aside, BundleError)):
        desk.ben.write_now(take)


def test_the_bundle_itself_is_accepted(desk: Desk) -> None:
    path = desk.stick / "whole.age"
    path.write_bytes(desk.whole)
    assert len(desk.whole) > 3 * CHUNK
    assert verify(path, desk.trust).manifest.ops > 40
    reseal(path, desk.lines, desk.recipient)
    assert verify(path, desk.trust).manifest.ops > 40
    assert age.decrypt_bytes(path.read_bytes(), [desk.ben.identity.age_x25519], limit=2**28)
