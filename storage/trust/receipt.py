"""Receipts: central's signed word that it has verified and kept the feeds up to an op.

A receipt is cumulative: it says how far each feed goes, not which bundle arrived, so a lost or
repeated receipt does no harm.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.crypto.signing import RECEIPT, Signed, read_hex
from storage.ops.canonical_json import MalformedError
from storage.ops.op import FeedId, op_id
from storage.ops.text import read_text
from storage.trust.roster import NewerFormatError

VERSION = 1
MAX_REJECTED = 50
"""Refused bundles named in one receipt, the latest ones."""
MAX_DIGESTS = 200
"""Ops of one feed that a receipt names as held without their words, the first ones."""


@dataclass(frozen=True)
class Rejected:
    """Names a bundle that central refused: its file name and SHA-256, why and when."""

    name: str
    sha256: str
    reason: str
    at: str

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the receipt."""
        return {"at": self.at, "name": self.name, "reason": self.reason, "sha256": self.sha256}


@dataclass(frozen=True)
class Receipt:
    """Holds what a receipt says.

    Attributes:
        team: the team's id.
        device: the laptop it is for.
        roster: the version of the roster central used.
        covers: for each feed central holds, its last op without a gap and the head there.
        held: for each feed with a gap, the ops central is waiting for.
        rejected: bundles that were refused.
        at: when it was made, ISO 8601 in UTC.
        prev: SHA-256 of the receipt given to this laptop before, or empty.
        digests: for each feed the ops, among those covered, of which central never had more than
            the digest: whoever has their words sends them.
    """

    team: str
    device: str
    roster: int
    covers: dict[FeedId, tuple[int, bytes]]
    at: str
    held: dict[FeedId, tuple[int, int]]
    rejected: tuple[Rejected, ...] = ()
    prev: str = ""
    digests: dict[FeedId, tuple[int, ...]] = field(default_factory=dict)

    def sign(self, key: Ed25519PrivateKey) -> Signed:
        """Return it signed by central."""
        value: dict[str, Any] = {
            "at": self.at,
            "covers": {str(feed): [seq, head.hex()] for feed, (seq, head) in self.covers.items()},
            "device": self.device,
            "held": {str(feed): list(gap) for feed, gap in self.held.items()},
            "min_reader": VERSION,
            "prev": self.prev,
            "rejected": [one.value() for one in self.rejected[-MAX_REJECTED:]],
            "roster": self.roster,
            "t": "receipt",
            "team": self.team,
            "v": VERSION,
        }
        if self.digests:
            value["digests"] = {str(feed): list(seqs) for feed, seqs in self.digests.items()}
        return Signed.make(key, RECEIPT, value)


def read_receipt(signed: Signed, central: bytes) -> Receipt:
    """Check that central signed a receipt, and read it.

    Raises:
        MalformedError, SignatureError, NewerFormatError.
    """
    value = signed.value()
    if value.get("t") != "receipt":
        raise MalformedError(
            "The file is not a receipt. Nothing was changed. Ask central's administrator for the "
            "receipt of this laptop."
        )
    signed.check(RECEIPT, central)
    least = value.get("min_reader")
    if isinstance(least, int) and least > VERSION:
        raise NewerFormatError(
            "This receipt was made by a later fieldkit than this one reads. Nothing was changed. "
            "Install the later fieldkit."
        )
    try:
        return Receipt(
            team=read_text(value["team"]),
            device=read_text(value["device"]),
            roster=int(value["roster"]),
            covers={
                _feed(feed, seq): (seq, read_hex(head, 32))
                for feed, (seq, head) in value["covers"].items()
            },
            at=read_text(value["at"]),
            held={_feed(feed, a): (a, int(b)) for feed, (a, b) in value["held"].items()},
            rejected=tuple(
                Rejected(*(read_text(one[name]) for name in ("name", "sha256", "reason", "at")))
                for one in value["rejected"]
            ),
            prev=read_text(value["prev"]),
            digests={
                FeedId.parse(feed): tuple(_feed(feed, seq).at(seq).seq for seq in seqs)
                for feed, seqs in value.get("digests", {}).items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MalformedError("The receipt lacks a part or has one in another form.") from None


def _feed(feed: str, seq: object) -> FeedId:
    if type(seq) is not int:
        raise MalformedError("The receipt names no op where it must.")
    return op_id(f"{feed}/{seq}").feed


def document_digest(signed: Signed) -> str:
    """Return the SHA-256 of a receipt's document, in hexadecimal digits."""
    return hashlib.sha256(signed.body).hexdigest()


@dataclass(frozen=True)
class ReceiptSummary:
    """Holds what a receipt confirmed.

    Attributes:
        covers: for each feed known here, up to which op central has it.
        at: when central made it.
        new: it confirms something, or is not recorded yet.
        rejected: bundles that central refused.
        held: for each feed, the ops central is waiting for before it can use later ones.
        left: how many of this laptop's own ops it does not cover yet; keys, and what is written
            about sending and looking, apart.
        forks: alarms of colleagues' feeds of which central holds another past; it confirms
            nothing of those.
    """

    covers: dict[FeedId, int]
    at: str
    new: bool
    rejected: tuple[Rejected, ...]
    held: dict[FeedId, tuple[int, int]]
    left: int
    forks: tuple[str, ...] = ()
