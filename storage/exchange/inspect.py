"""What a bundle is, told without taking anything of it in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from storage import files
from storage.bundle.errors import NotForUsError
from storage.bundle.manifest import ROSTER, Manifest, Segment
from storage.bundle.stream import Line
from storage.bundle.verify import verify
from storage.exchange.enrol import signed_roster, trust_of
from storage.feed.positions import head_at
from storage.history.delivery import own_records
from storage.ops.op import FeedId, Op
from storage.records import Inspection
from storage.records.log import Disclosure
from storage.trust.roster import Roster
from storage.trust.roster_document import read_roster
from storage.vault.vault import Vault


@dataclass(frozen=True)
class FeedPart:
    """The entries of one feed in a bundle.

    Attributes:
        feed: which; of ``laptop``.
        first, last: from which entry to which.
        known: how far the feed is known here.
        limit: up to which entry the roster accepts it; ``None`` without a limit.
    """

    feed: FeedId
    laptop: str
    first: int
    last: int
    known: int
    limit: int | None

    @property
    def fresh(self) -> int:
        """Return how many of its entries are not known here yet."""
        return max(0, self.last - max(self.known, self.first - 1))


@dataclass(frozen=True)
class BundleSummary:
    """A bundle that was verified whole.

    Attributes:
        manifest: what it says of itself, where it opens here.
        sender: who made it, by the roster.
        disclosed: the record of its export, where this laptop made it.
        parts: its feeds, in their order.
        records: how many records of each kind its entries are of.
        stubs: entries of which it carries only the digest.
        forces: whose inspections they belong to.
        along: the kinds of documents that travel along, a roster with its version.
    """

    manifest: Manifest | None
    sender: str
    disclosed: Disclosure | None = None
    parts: tuple[FeedPart, ...] = ()
    records: dict[str, int] = field(default_factory=dict)
    stubs: int = 0
    forces: tuple[str, ...] = ()
    along: tuple[str, ...] = ()

    @property
    def unknown(self) -> int:
        """Return how many of its entries are not known here yet."""
        return sum(one.fresh for one in self.parts)


class _Seen:
    """What the entries of a bundle are of, counted on the way."""

    def __init__(self) -> None:
        self.records: set[tuple[str, str]] = set()
        self.inspections: dict[str, str] = {}
        self.stubs = 0

    def each(self, segment: Segment, line: Line, op: Op | None) -> None:
        if op is None:
            self.stubs += 1
            return
        self.records.add(op.record)
        if op.record[0] == Inspection.KIND:
            force = op.fields.get("force")
            if isinstance(force, str) or op.record[1] not in self.inspections:
                self.inspections[op.record[1]] = str(force or "")
        elif isinstance(place := op.fields.get("inspection_id"), str):
            self.inspections.setdefault(place, "")


def summarise(vault: Vault, path: Path) -> BundleSummary:
    """Verify a bundle and say what it is, changing nothing; raises a ``BundleError``.

    A bundle this laptop made for others does not open here; it is known by its digest.
    """
    _, roster = signed_roster(vault)
    seen = _Seen()
    try:
        checked = verify(path, trust_of(vault, roster), each=seen.each)
    except NotForUsError:
        disclosed = vault.read_now(_disclosed, files.sha256(path))
        if disclosed is None:
            raise
        return BundleSummary(None, vault.person.name, disclosed)
    return BundleSummary(
        checked.manifest,
        name_of(roster, checked.manifest.sender),
        parts=vault.read_now(_parts, checked.manifest, roster),
        records=dict(sorted(Counter(kind for kind, _ in seen.records).items())),
        stubs=seen.stubs,
        forces=vault.read_now(_forces, seen.inspections),
        along=tuple(
            f"roster {read_roster(one.signed).version}" if one.kind == ROSTER else one.kind
            for one in checked.documents
        ),
    )


def name_of(roster: Roster, device: str) -> str:
    """Return whose laptop it is, by the roster; "central" for what is none."""
    found = roster.device(device)
    return "central" if found is None else f"{found.person} ({found.name})"


_DISCLOSED = Disclosure.field_names()


def _disclosed(session: Session, sha256: str) -> Disclosure | None:
    for record, values_said in own_records(session.connection(), Disclosure).items():
        if values_said.get("sha256") == sha256:
            values = {name: values_said.get(name, Disclosure.default(name)) for name in _DISCLOSED}
            return Disclosure(id=record, **values)
    return None


def _parts(session: Session, manifest: Manifest, roster: Roster) -> tuple[FeedPart, ...]:
    parts = []
    for segment in manifest.segments:
        known, _ = head_at(session.connection(), segment.feed)
        device = roster.device(segment.device)
        limit = device.accepted_to(segment.feed) if device else None
        laptop = name_of(roster, segment.device)
        parts.append(FeedPart(segment.feed, laptop, segment.first, segment.last, known, limit))
    return tuple(parts)


def _forces(session: Session, forces: dict[str, str]) -> tuple[str, ...]:
    known = {one: session.get(Inspection, one) for one, force in forces.items() if not force}
    names = {force for force in forces.values() if force}
    return tuple(sorted(names | {one.force for one in known.values() if one is not None}))
