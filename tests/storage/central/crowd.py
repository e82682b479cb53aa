"""Many laptops without vaults: their keys, their feeds and their bundles, soundly made."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from storage.central import Central, Root
from storage.ops.op import MAIN, FeedId, Op, OpId, digest, first_head, next_head
from storage.trust.identity import Identity, new_facts
from storage.trust.request import make_request
from storage.trust.roster import Roster
from storage.vault.vault import Vault
from tests.storage.forging import craft
from tests.storage.travelling import PASSPHRASE

AT = "2026-07-06T09:30:00.000Z"
WORDS = "The plan was made late and reviewed once; the child was not seen by the officer. "


@dataclass
class Laptop:
    """What bundles are made from; ``head`` is where its feed stands."""

    identity: Identity
    author: Any
    ops: int = 0
    head: bytes = b""
    ended: list[tuple[int, bytes]] = field(default_factory=list)

    @classmethod
    def make(cls, name: str) -> Laptop:
        identity = Identity(new_facts("crowd", name))
        return cls(identity, SimpleNamespace(device=identity.device, epoch=1))

    @property
    def person(self) -> Any:
        return self.identity.person

    @property
    def feed(self) -> FeedId:
        return FeedId(self.author.device, 1, MAIN)

    def more(self, number: int, inspection: str) -> Iterator[Op]:
        """Further ops of its feed: each note is written, and every fourth is changed."""
        for seq in range(self.ops + 1, self.ops + number + 1):
            changed = seq % 4 == 0
            note = seq - 1 if changed else seq
            fields: dict[str, Any] = {"text": WORDS * (1 + seq % 4) + str(seq)}
            if not changed:
                fields |= {"inspection_id": inspection, "parent_kind": "case", "parent_id": "c"}
            yield Op(
                id=OpId(self.author.device, 1, MAIN, seq),
                hlc=f"{0x19F36C359C0 + seq:012x}-0000",
                wall=AT,
                who=self.person.id,
                op="set" if changed else "create",
                record=("note", f"{self.author.device[:8]}-0000-4000-8000-{note:012}"),
                fields=fields,
                base=(OpId(self.author.device, 1, MAIN, note),) if changed else (),
            )

    def bundle(self, number: int, inspection: str, roster: Roster, folder: Path) -> Path:
        """A bundle of further ops, for central."""
        several = list(self.more(number, inspection))
        before = self.head or first_head(self.feed)
        data = [one.encode() for one in several]
        path = craft(cast(Vault, self), roster, folder, data, first=self.ops + 1, prev=before)
        for one in data:
            before = next_head(before, digest(one))
        self.head, self.ops = before, self.ops + number
        self.ended.append((self.ops, self.head))
        return path


def crowd(central: Central, root_folder: Path, number: int, folder: Path) -> list[Laptop]:
    """Enrolled laptops."""
    made = [Laptop.make(f"Person {number}") for number in range(number)]
    for one in made:
        path = folder / f"{one.author.device}.request"
        path.write_bytes(make_request(one.identity, f"Laptop of {one.person.name}", AT).encode())
        central.enrol(path)
        path.unlink()
    assert central.proposal is not None
    with Root.open(root_folder, PASSPHRASE) as key:
        central.take_roster(key.sign(central.proposal))
    return made


def evenings(
    laptops: list[Laptop],
    roster: Roster,
    folder: Path,
    *,
    evenings: int,
    ops: int,
    inspections: list[str],
) -> None:
    """So many bundles of so many ops from each laptop; their names say nothing of their order."""
    drawn = random.Random(7)
    for _ in range(evenings):
        for number, one in enumerate(drawn.sample(laptops, len(laptops))):
            one.bundle(ops, inspections[number % len(inspections)], roster, folder)
