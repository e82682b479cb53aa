"""The roster: whom the organisation trusts, signed by its root key and carried to every laptop.

Versions never go down. Expiry warns and never stops anyone writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.crypto.fingerprint import fingerprint
from storage.crypto.signing import ROSTER, Signed
from storage.errors import FieldkitError
from storage.ops.op import FeedId, by_name
from storage.ops.text import MAX_LINE_CHARS, is_one_line
from storage.trust.identity import device_id

VERSION = 1
GRACE_DAYS = 30
"""Days between a receipt and the earliest erasure, unless the roster says otherwise."""
KINDS = {"pq": "mlkem768x25519", "x25519": "X25519"}
"""The two kinds of recipient and what age calls their stanzas."""
MAX_DEVICES = 1000
MAX_RECIPIENT_CHARS = 8192
"""Characters of an age recipient; a post-quantum one has some 2,000."""


class RosterError(FieldkitError):
    """A roster was refused; the one in use stays."""


class OlderRosterError(RosterError):
    """A roster has a lower version than one seen before."""


class NewerFormatError(FieldkitError):
    """Something was made by a later fieldkit in a form that this one must not guess at."""


@dataclass(frozen=True)
class Device:
    """Describes a laptop of the team.

    Attributes:
        sign_pk: its public signing key; its id is the first 16 digits of the key's SHA-256.
        person_id: whose it is; the one id its ops may carry.
        recipients: its age recipients by kind, ``pq`` and ``x25519``.
        since: from when, ISO 8601.
        until: ``None``, or after revocation the last seq accepted of each of its feeds; a feed
            not named there is not accepted at all.
        signed: of feeds named in ``until``, the head there and the laptop's own signature of it,
            with which whoever holds the ops up to there can pass them on.
    """

    name: str
    person_id: str
    person: str
    sign_pk: bytes
    recipients: dict[str, str]
    since: str
    until: dict[FeedId, int] | None = None
    signed: dict[FeedId, tuple[bytes, bytes]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the laptop's id."""
        return device_id(self.sign_pk)

    @property
    def fingerprint(self) -> str:
        """Return the words of its signing key."""
        return fingerprint(self.sign_pk)

    def accepted_to(self, feed: FeedId) -> int | None:
        """Return the last seq of a feed that is accepted, or ``None`` where there is no limit."""
        return None if self.until is None else self.until.get(feed, 0)

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster."""
        signed = {str(feed): [head.hex(), sig.hex()] for feed, (head, sig) in self.signed.items()}
        return {
            "from": self.since,
            "id": self.id,
            "name": self.name,
            "person": {"id": self.person_id, "name": self.person},
            "recipients": self.recipients,
            "sign_pk": self.sign_pk.hex(),
            **({"signed": signed} if signed else {}),
            "until": None if self.until is None else by_name(self.until),
        }


@dataclass(frozen=True)
class Central:
    """Holds central's keys: what signs receipts, and whom bundles for it are encrypted to."""

    sign_pk: bytes
    recipients: tuple[str, ...]
    kind: str = "pq"

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster."""
        return {
            "kind": self.kind,
            "recipients": list(self.recipients),
            "sign_pk": self.sign_pk.hex(),
        }


@dataclass(frozen=True)
class PlannedInspection:
    """Gives an inspection of the team one id on all its laptops."""

    id: str
    force: str
    starts: str = ""
    ends: str = ""

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster."""
        return {"ends": self.ends, "force": self.force, "id": self.id, "starts": self.starts}


@dataclass(frozen=True)
class Roster:
    """Holds what a roster says; ``root`` is the public root key, empty in a proposal."""

    org: str
    team: str
    version: int
    issued: str
    expires: str
    central: Central
    devices: tuple[Device, ...] = ()
    methodology: str = ""
    inspections: tuple[PlannedInspection, ...] = ()
    grace_days: int = GRACE_DAYS
    root: bytes = b""
    others: dict[str, Any] = field(default_factory=dict)
    """Members that a later fieldkit added: kept as they are."""

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster."""
        return {
            **self.others,
            "central": self.central.value(),
            "devices": [one.value() for one in self.devices],
            "expires": self.expires,
            "grace_days": self.grace_days,
            "inspections": [one.value() for one in self.inspections],
            "issued": self.issued,
            "methodology": self.methodology,
            "min_reader": VERSION,
            "org": self.org,
            "root": self.root.hex(),
            "t": "roster",
            "team": self.team,
            "v": VERSION,
            "version": self.version,
        }

    def device(self, wanted: str) -> Device | None:
        """Return the laptop of that id."""
        return next((one for one in self.devices if one.id == wanted), None)

    def with_device(self, device: Device) -> Roster:
        """Return the roster with a laptop added, or its entry renewed."""
        others = tuple(one for one in self.devices if one.id != device.id)
        return replace(self, devices=(*others, device))

    def with_ended(self, until: Mapping[str, dict[FeedId, int]]) -> Roster:
        """Return the roster with the time of further laptops ended; one ended before stays."""
        devices = tuple(
            replace(one, until=until[one.id]) if one.until is None and one.id in until else one
            for one in self.devices
        )
        return replace(self, devices=devices)

    def sign(self, root: Ed25519PrivateKey) -> Signed:
        """Return the roster signed by the organisation's root key, which is named in it."""
        named = replace(self, root=root.public_key().public_bytes_raw())
        return Signed.make(root, ROSTER, named.value())

    def is_expired(self, now: str) -> bool:
        """Say whether its time is over; a warning, never a reason not to write."""
        return bool(self.expires) and now > self.expires


def check_line(text: str, what: str) -> str:
    """Return a text given for a document; raises :class:`RosterError` where it is unfit."""
    if not is_one_line(text):
        raise RosterError(
            f"The {what} is longer than {MAX_LINE_CHARS} characters, begins or ends with a blank, "
            "or has line ends or signs in it that are not seen. Nothing was changed. Give it in "
            "one plain line."
        )
    return text


def check_name(text: str, what: str) -> str:
    """Check as :func:`check_line` does, for what may not be empty."""
    if not text:
        raise RosterError(f"The {what} is empty. Nothing was changed. Give it in one plain line.")
    return check_line(text, what)
