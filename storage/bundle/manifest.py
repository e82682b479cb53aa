"""The manifest: the first line of a bundle, which says all that follows and binds it."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any

from storage.bundle.errors import MalformedBundleError, NewerBundleError, TooLargeError
from storage.bundle.limits import FORMAT, MAX_ITEMS, MAX_OPS, READER
from storage.crypto.signing import read_hex
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.ops.op import FeedId, op_id
from storage.ops.text import read_text

SEGMENT, ROSTER, RECEIPT, ATTACHMENT = "segment", "roster", "receipt", "attachment"
Positions = dict[FeedId, tuple[int, bytes]]
"""For each feed an op of it and the head there."""
KNOWN = frozenset({SEGMENT, ROSTER, RECEIPT})
"""Kinds of item that are understood; ``attachment`` is reserved, and any other is passed over."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a feed: ops ``first`` to ``last``, and the heads before and after it."""

    feed: FeedId
    first: int
    last: int
    prev: bytes
    head: bytes

    @property
    def device(self) -> str:
        """Return the laptop whose feed it is."""
        return self.feed.device

    @property
    def lines(self) -> int:
        """Return how many lines it takes: itself, its ops and the signature."""
        return self.last - self.first + 3

    def value(self) -> dict[str, Any]:
        """Return what the item and the segment's own line have in common."""
        return {
            "feed": str(self.feed),
            "from": self.first,
            "head": self.head.hex(),
            "prev": self.prev.hex(),
            "to": self.last,
        }

    def line(self) -> bytes:
        """Return the line that opens the segment."""
        return canonical_json.dumps(self.value() | {"t": "segment"})


def signed_head(feed: FeedId, seq: int, head: bytes) -> bytes:
    """Return what a laptop signs of its feed: the head at an op, which binds every op before it."""
    return canonical_json.dumps({"feed": str(feed), "head": head.hex(), "seq": seq})


@dataclass(frozen=True)
class Item:
    """Something else than a segment: its kind, its lines, and the SHA-256 of its document."""

    kind: str
    lines: int
    sha256: str = ""


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        sender: the laptop (or central) that made it.
        audience: a digest of each recipient's text; a reader demands its own among them, so that
            a bundle cannot be passed on as if it had been meant for another.
        have: how far the sender knows each feed.
        need: how far the sender took the reader to know each feed.
    """

    team: str
    sender: str
    created: str
    roster: int
    audience: tuple[str, ...]
    items: tuple[Segment | Item, ...]
    have: Positions = field(default_factory=dict)
    need: Positions = field(default_factory=dict)
    bundle: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def segments(self) -> list[Segment]:
        """Return the segments, in the order they come."""
        return [one for one in self.items if isinstance(one, Segment)]

    @property
    def ops(self) -> int:
        """Return how many ops it carries."""
        return sum(one.last - one.first + 1 for one in self.segments)

    def passes_on(self, device: str, here: str) -> bool:
        """Say whether a laptop's feed is handed on: it is neither the sender's nor one of here."""
        return device not in (self.sender, here)

    def encode(self) -> bytes:
        """Return the manifest's line, without its line feed."""
        return canonical_json.dumps(
            {
                "audience": list(self.audience),
                "bundle": self.bundle,
                "created": self.created,
                "critical": [],
                "fmt": FORMAT,
                "from": self.sender,
                "have": positions_value(self.have),
                "items": [_item_value(one) for one in self.items],
                "min_reader": READER,
                "need": positions_value(self.need),
                "roster": self.roster,
                "t": "manifest",
                "team": self.team,
            }
        )


def audience_id(recipient: str) -> str:
    """Return how a manifest names a recipient: 32 hexadecimal digits of SHA-256 of its text."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:32]


def read_manifest(line: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        NewerBundleError: its format, ``min_reader`` or a critical entry is beyond this fieldkit.
        MalformedBundleError: it does not keep to the format.
        TooLargeError: it announces more than a bundle may hold.
    """
    try:
        value = canonical_json.loads(line)
        if not isinstance(value, dict) or value.get("t") != "manifest":
            raise MalformedBundleError(malformed("it does not begin with a table of contents"))
        _refuse_newer(value)
        manifest = Manifest(
            team=read_text(value["team"]),
            sender=read_text(value["from"]),
            created=read_text(value["created"]),
            roster=_number(value["roster"], 0),
            audience=tuple(read_text(one) for one in value["audience"]),
            items=tuple(_item(one) for one in value["items"]),
            have=_positions(value["have"]),
            need=_positions(value["need"]),
            bundle=str(uuid.UUID(read_text(value["bundle"]))),
        )
    except MalformedError as error:
        raise MalformedBundleError(malformed(str(error))) from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MalformedBundleError(malformed("a part of its table of contents is wrong")) from None
    if manifest.ops > MAX_OPS or len(manifest.items) > MAX_ITEMS:
        raise TooLargeError(
            f"This bundle announces {manifest.ops:,} entries in {len(manifest.items):,} parts, "
            "more than is accepted at once. Nothing was used. Ask the sender for smaller ones."
        )
    return manifest


def _refuse_newer(value: dict[str, Any]) -> None:
    critical = value.get("critical")
    least = value.get("min_reader")
    if value.get("fmt") != FORMAT or critical != [] or type(least) is not int or least > READER:
        needs = ", ".join(map(str, critical)) if isinstance(critical, list) else ""
        raise NewerBundleError(
            "This bundle needs a later fieldkit"
            + (f" that knows about “{needs[:100]}”" if needs else "")
            + ". Nothing was used, and the file stays as it is. Install the later fieldkit and "
            "take it in again."
        )


def malformed(detail: str) -> str:
    """Return the sentence of a bundle that opens but is wrong inside; ``detail`` says what."""
    return (
        f"This bundle opens, but does not keep to the format: {detail.rstrip('.')}. Nothing was "
        "used. Ask the sender to export again."
    )


def _item_value(item: Segment | Item) -> dict[str, Any]:
    if isinstance(item, Segment):
        return item.value() | {"kind": SEGMENT, "lines": item.lines}
    return {"kind": item.kind, "lines": item.lines, "sha256": item.sha256}


def _item(value: dict[str, Any]) -> Segment | Item:
    lines = _number(value["lines"], 1)
    if value["kind"] != SEGMENT:
        return Item(read_text(value["kind"]), lines, read_text(value.get("sha256", "")))
    first, last = _number(value["from"], 1), _number(value["to"], 1)
    segment = Segment(
        op_id(f"{read_text(value['feed'])}/{first}").feed,
        first,
        last,
        read_hex(value["prev"], 32),
        read_hex(value["head"], 32),
    )
    if last < first or lines != segment.lines or _item_value(segment) != value:
        raise MalformedBundleError(malformed("the extent of a segment is wrong"))
    return segment


def positions_value(positions: Positions) -> dict[str, Any]:
    """Return positions as a document has them."""
    return {str(feed): [seq, head.hex()] for feed, (seq, head) in positions.items()}


def _positions(value: dict[str, Any]) -> Positions:
    return {
        op_id(f"{feed}/{_number(seq, 1)}").feed: (seq, read_hex(head, 32))
        for feed, (seq, head) in value.items()
    }


def _number(value: object, least: int) -> int:
    if type(value) is not int or value < least:
        raise MalformedBundleError(malformed("a number is missing or out of bounds"))
    return value
