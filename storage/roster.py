"""The roster: whom the organisation trusts, signed by its root key and carried to every laptop.

Versions never go down. Expiry warns and never stops anyone writing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage import age
from storage.canonical import MalformedError
from storage.errors import FieldkitError
from storage.fingerprint import fingerprint
from storage.identity import device_id
from storage.oneline import LONGEST_LINE, one_line, read_name, read_text
from storage.op import FEED_KINDS, op_id
from storage.signing import ROSTER, Signed, read_hex, read_public

VERSION = 1
GRACE_DAYS = 30
"""Days between a receipt and the earliest erasure, unless the roster says otherwise."""
KINDS = {"pq": "mlkem768x25519", "x25519": "X25519"}
"""The two kinds of recipient and what age calls their stanzas."""
MOST_DEVICES = 1000
LONGEST_RECIPIENT = 8192
"""Characters of an age recipient; a post-quantum one has some 2,000."""


class RosterError(FieldkitError):
    """A roster was refused; the one in use stays."""


class OlderRosterError(RosterError):
    """A roster of a lower version than one seen before."""


class NewerFormatError(FieldkitError):
    """Something was made by a later fieldkit in a form that this one must not guess at."""


@dataclass(frozen=True)
class Device:
    """A laptop of the team.

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
    until: dict[str, int] | None = None
    signed: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The laptop's id."""
        return device_id(self.sign_pk)

    @property
    def fingerprint(self) -> str:
        """The words of its signing key."""
        return fingerprint(self.sign_pk)

    def accepted_to(self, feed: str) -> int | None:
        """The last seq of a feed that is accepted, or ``None`` where there is no limit."""
        return None if self.until is None else self.until.get(feed, 0)

    def value(self) -> dict[str, Any]:
        """As it stands in the roster."""
        said = {feed: [head.hex(), sig.hex()] for feed, (head, sig) in self.signed.items()}
        return {
            "from": self.since,
            "id": self.id,
            "name": self.name,
            "person": {"id": self.person_id, "name": self.person},
            "recipients": self.recipients,
            "sign_pk": self.sign_pk.hex(),
            **({"signed": said} if said else {}),
            "until": self.until,
        }


@dataclass(frozen=True)
class Central:
    """Central's keys: what signs receipts, and whom bundles for it are encrypted to."""

    sign_pk: bytes
    recipients: tuple[str, ...]
    kind: str = "pq"

    def value(self) -> dict[str, Any]:
        """As it stands in the roster."""
        return {
            "kind": self.kind,
            "recipients": list(self.recipients),
            "sign_pk": self.sign_pk.hex(),
        }


@dataclass(frozen=True)
class Planned:
    """An inspection of the team, so that all its laptops use one id for it."""

    id: str
    force: str
    starts: str = ""
    ends: str = ""

    def value(self) -> dict[str, Any]:
        """As it stands in the roster."""
        return {"ends": self.ends, "force": self.force, "id": self.id, "starts": self.starts}


@dataclass(frozen=True)
class Roster:
    """What a roster says; ``root`` is the organisation's public root key, empty in a proposal."""

    org: str
    team: str
    version: int
    issued: str
    expires: str
    central: Central
    devices: tuple[Device, ...] = ()
    methodology: str = ""
    inspections: tuple[Planned, ...] = ()
    grace_days: int = GRACE_DAYS
    root: bytes = b""
    others: dict[str, Any] = field(default_factory=dict)
    """Members that a later fieldkit added: kept as they are."""

    def value(self) -> dict[str, Any]:
        """The document."""
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
        """The laptop of that id."""
        return next((one for one in self.devices if one.id == wanted), None)

    def with_device(self, device: Device) -> Roster:
        """The roster with a laptop added, or its entry renewed."""
        kept = tuple(one for one in self.devices if one.id != device.id)
        return replace(self, devices=(*kept, device))

    def ending(self, until: Mapping[str, dict[str, int]]) -> Roster:
        """The roster with the time of further laptops ended; one ended before stays as it was."""
        devices = tuple(
            replace(one, until=until[one.id]) if one.until is None and one.id in until else one
            for one in self.devices
        )
        return replace(self, devices=devices)

    def sign(self, root: Ed25519PrivateKey) -> Signed:
        """The roster signed by the organisation's root key, which is named in it."""
        named = replace(self, root=root.public_key().public_bytes_raw())
        return Signed.make(root, ROSTER, named.value())

    def expired(self, now: str) -> bool:
        """Whether its time is over; a warning, never a reason not to write."""
        return bool(self.expires) and now > self.expires


def read_roster(signed: Signed) -> Roster:
    """Read a roster and check that the root key named in it signed it.

    That the root key is the organisation's own is for a person to say, once, by its fingerprint.

    Raises:
        MalformedError, SignatureError, WeakKeyError, NewerFormatError.
    """
    roster = from_value(signed.value())
    if not roster.root:
        raise MalformedError("This is a proposal for a roster; the root key has not signed it yet.")
    signed.check(ROSTER, roster.root)
    return roster


_OURS = frozenset(
    "central devices expires grace_days inspections issued methodology min_reader org root t team "
    "v version".split()
)


def from_value(value: dict[str, Any]) -> Roster:
    """A roster from its document, signed or proposed; raises as :func:`read_roster` does."""
    if value.get("t") != "roster":
        raise MalformedError(
            "The file is not a roster. Nothing was changed. Ask central's administrator for the "
            "roster."
        )
    least = value.get("min_reader")
    if isinstance(least, int) and least > VERSION:
        raise NewerFormatError(
            f"This roster needs a later fieldkit (format {least}; this one reads {VERSION}). "
            "Nothing was changed. Install the later fieldkit."
        )
    try:
        roster = Roster(
            org=read_name(value["org"]),
            team=read_name(value["team"]),
            version=_number(value["version"], 1),
            issued=read_text(value["issued"]),
            expires=read_text(value["expires"]),
            central=_central(value["central"]),
            devices=tuple(_device(one) for one in _list(value["devices"])),
            methodology=read_text(value["methodology"]),
            inspections=tuple(_planned(one) for one in _list(value["inspections"])),
            grace_days=_number(value["grace_days"], 0),
            root=read_public(value["root"]) if value["root"] else b"",
            others={name: one for name, one in value.items() if name not in _OURS},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MalformedError("The roster lacks a part or has one in another form.") from None
    ids = [one.id for one in roster.devices]
    if len(set(ids)) != len(ids) or len(ids) > MOST_DEVICES:
        raise MalformedError("The roster names a laptop twice, or too many of them.")
    _one_name_each(roster.devices)
    if roster.central.sign_pk in {one.sign_pk for one in roster.devices} | {roster.root}:
        raise MalformedError("The roster gives central a key that belongs to another.")
    return roster


def _one_name_each(devices: tuple[Device, ...]) -> None:
    names: dict[str, str] = {}
    for one in devices:
        if names.setdefault(one.person_id, one.person) != one.person:
            raise MalformedError("The roster gives one person two names.")


def _device(value: dict[str, Any]) -> Device:
    device = Device(
        name=read_name(value["name"]),
        person_id=read_name(value["person"]["id"]),
        person=read_name(value["person"]["name"]),
        sign_pk=read_public(value["sign_pk"]),
        recipients=read_recipients(value["recipients"]),
        since=read_text(value["from"]),
        until=None if value["until"] is None else _until(value["until"]),
        signed={
            feed: (read_hex(head, 32), read_hex(signature, 64))
            for feed, (head, signature) in value.get("signed", {}).items()
        },
    )
    if value["id"] != device.id:
        raise MalformedError("The roster gives a laptop an id that its key does not have.")
    for feed in device.signed:
        last = (device.until or {}).get(feed, 0)
        if not last or op_id(f"{feed}/{last}").device != device.id:
            raise MalformedError("The roster vouches for a feed that it does not end, or not here.")
    return device


def _until(value: dict[str, Any]) -> dict[str, int]:
    for name in value:
        parts = name.split("/")
        if len(parts) != 3 or parts[2] not in FEED_KINDS:
            raise MalformedError("The roster names a feed in a form fieldkit does not know.")
    return {name: _number(seq, 0) for name, seq in value.items()}


def _central(value: dict[str, Any]) -> Central:
    kind = value["kind"]
    recipients = tuple(read_text(one, LONGEST_RECIPIENT) for one in _list(value["recipients"]))
    if kind not in KINDS or not recipients:
        raise MalformedError("The roster does not say whom bundles for central are made for.")
    for one in recipients:
        if _kind_of(one) != KINDS[kind]:
            raise MalformedError("The roster gives central keys of several kinds.")
    return Central(read_public(value["sign_pk"]), recipients, kind)


def _planned(value: dict[str, Any]) -> Planned:
    return Planned(
        read_name(value["id"]),
        read_name(value["force"]),
        read_text(value["starts"]),
        read_text(value["ends"]),
    )


@lru_cache(maxsize=MOST_DEVICES)
def _kind_of(recipient: str) -> str:
    """What age calls the stanzas of a recipient; reading a post-quantum one takes milliseconds."""
    return age.parse_recipient(recipient).kind


def read_recipients(value: dict[str, Any]) -> dict[str, str]:
    """A laptop's age recipients by kind, each parsed; raises :class:`MalformedError`."""
    if value.keys() != KINDS.keys():
        raise MalformedError("A laptop's keys are not one of each kind.")
    for kind, recipient in value.items():
        if _kind_of(read_text(recipient, LONGEST_RECIPIENT)) != KINDS[kind]:
            raise MalformedError("A laptop's key is not of the kind it is said to be.")
    return {kind: str(value[kind]) for kind in KINDS}


def check_line(text: str, what: str) -> str:
    """A text that somebody gave for a document; raises :class:`RosterError` where it is unfit."""
    if not one_line(text):
        raise RosterError(
            f"The {what} is longer than {LONGEST_LINE} characters, begins or ends with a blank, or "
            "has line ends or signs in it that are not seen. Nothing was changed. Give it in one "
            "plain line."
        )
    return text


def check_name(text: str, what: str) -> str:
    """As :func:`check_line`, for what may not be empty."""
    if not text:
        raise RosterError(f"The {what} is empty. Nothing was changed. Give it in one plain line.")
    return check_line(text, what)


def _number(value: object, least: int) -> int:
    if type(value) is not int or value < least:
        raise MalformedError("A number in the document is missing or out of bounds.")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError("A list in the document is missing.")
    return value
