"""The roster: whom the organisation trusts, signed by its root key and carried to every laptop.

Versions never go down. Expiry warns and never stops anyone writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.crypto.fingerprint import fingerprint, keys_fingerprint
from storage.crypto.signing import ENROL, ROSTER, Signed
from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.ops.op import FeedId, by_name
from storage.ops.text import MAX_LINE_CHARS, is_one_line
from storage.trust.identity import device_id

VERSION = 1
GRACE_DAYS = 30
"""Days between a receipt and the earliest erasure, unless the roster says otherwise."""
KINDS = {"pq": "mlkem768x25519", "x25519": "X25519"}
"""The two kinds of recipient and what age calls their stanzas."""
WORDS_FORM = 2
"""The form of the words that a laptop says it shows: of its signing key and its recipients."""
MAX_SAID = 4096
"""Bytes of what a roster carries of a laptop's own request."""
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
class OwnRequest:
    """Holds what a laptop signed when it asked for its entry.

    Attributes:
        said: the members of its request that the entry does not say again.
        signature: the laptop's own, of the whole request.
    """

    said: dict[str, Any]
    signature: bytes

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster."""
        return {"said": self.said, "sig": self.signature.hex()}


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
        request: its own signature of its keys and its person; ``None`` where it was enrolled by a
            fieldkit that did not keep it.
    """

    name: str
    person_id: str
    person: str
    sign_pk: bytes
    recipients: dict[str, str]
    since: str
    until: dict[FeedId, int] | None = None
    signed: dict[FeedId, tuple[bytes, bytes]] = field(default_factory=dict)
    request: OwnRequest | None = None

    @property
    def id(self) -> str:
        """Return the laptop's id."""
        return device_id(self.sign_pk)

    @property
    def fingerprint(self) -> str:
        """Return the words of its keys, as its own fieldkit shows them.

        A request of an earlier fieldkit, which showed the words of the signing key alone, says
        nothing of their form.
        """
        if self.request is not None and self.request.said.get("words") != WORDS_FORM:
            return fingerprint(self.sign_pk)
        return keys_fingerprint(self.sign_pk, self.recipients.values())

    @property
    def requested(self) -> str:
        """Return when its laptop signed its keys, ISO 8601; empty where it did not."""
        return "" if self.request is None else str(self.request.said.get("at", ""))

    def has_keys_of(self, other: Device) -> bool:
        """Say whether it is another entry's laptop, with the same keys for bundles."""
        return (self.sign_pk, self.recipients) == (other.sign_pk, other.recipients)

    def check_request(self) -> None:
        """Demand that the laptop signed the keys and the person it has here, where it says so.

        Raises:
            RosterError: it did not.
        """
        if self.request is None:
            return
        entry = {
            "device": self.id,
            "person": {"id": self.person_id, "name": self.person},
            "recipients": self.recipients,
            "sign_pk": self.sign_pk.hex(),
        }
        try:
            if entry.keys() & self.request.said.keys() or self.request.said["t"] != "request":
                raise MalformedError("It is no request.")
            if len(canonical_json.dumps({"requests": {self.id: self.request.value()}})) > MAX_SAID:
                raise MalformedError("It is too long.")
            body = canonical_json.dumps(self.request.said | entry)
            Signed(body, self.sign_pk, self.request.signature).check(ENROL, self.sign_pk)
        except (KeyError, FieldkitError, ValueError):
            raise RosterError(
                f"The roster gives {self.name} ({self.person}) keys or a person that this laptop "
                "did not sign: somebody changed them on the way. Nothing was changed. Do not use "
                "this roster, and tell central's administrator in person."
            ) from None

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

    @property
    def fingerprint(self) -> str:
        """Return the words of its keys."""
        return keys_fingerprint(self.sign_pk, self.recipients)

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster."""
        return {
            "kind": self.kind,
            "recipients": list(self.recipients),
            "sign_pk": self.sign_pk.hex(),
        }


@dataclass(frozen=True)
class PlannedInspection:
    """Gives an inspection of the team one id on all its laptops.

    Attributes:
        id: its id.
        force: whose.
        starts, ends: its first and last day, ``YYYY-MM-DD``; or empty.
        phase: what it is; empty for an inspection.
        follows: the id of the inspection that a visit, a review or a re-inspection follows.
        marking: its marking; empty for that of its methodology.
        methodology: its version; empty for that of the team.
        reason: why central changed it last; empty of one that was never changed.
        others: members that a later fieldkit added: kept as they are.
    """

    id: str
    force: str
    starts: str = ""
    ends: str = ""
    phase: str = ""
    follows: str = ""
    marking: str = ""
    methodology: str = ""
    reason: str = ""
    others: dict[str, Any] = field(default_factory=dict)

    def value(self) -> dict[str, Any]:
        """Return it as it stands in the roster: without what an earlier fieldkit did not write."""
        more = {name: value for name in PLANNED_LATER if (value := getattr(self, name))}
        plain = {name: getattr(self, name) for name in PLANNED}
        return {**self.others, **more, **plain}


PLANNED = ("ends", "force", "id", "starts")
PLANNED_LATER = ("phase", "follows", "marking", "methodology", "reason")
"""The members of a planned inspection: those of every roster, and those that may be left out."""


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
        requests = {one.id: one.request.value() for one in self.devices if one.request}
        return {
            **self.others,
            **({"requests": requests} if requests else {}),
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

    def check_requests(self) -> None:
        """Demand of every laptop what :meth:`Device.check_request` does; raises as it does."""
        for device in self.devices:
            device.check_request()

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
