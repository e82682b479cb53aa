"""How a roster is read from its signed document."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from storage.crypto import age
from storage.crypto.signing import ROSTER, Signed, read_hex, read_public
from storage.ops.canonical_json import MalformedError
from storage.ops.op import FeedId
from storage.ops.text import read_name, read_text
from storage.trust.roster import (
    KINDS,
    MAX_DEVICES,
    MAX_RECIPIENT_CHARS,
    PLANNED,
    PLANNED_LATER,
    VERSION,
    Central,
    Device,
    NewerFormatError,
    OwnRequest,
    PlannedInspection,
    Roster,
)

_OURS = frozenset(
    "central devices expires grace_days inspections issued methodology min_reader org requests "
    "root t team v version".split()
)


def read_roster(signed: Signed) -> Roster:
    """Read a roster and check that the root key named in it signed it, and laptops their entries.

    That the root key is the organisation's own is for a person to say, once, by its fingerprint.

    Raises:
        MalformedError, SignatureError, WeakKeyError, NewerFormatError.
        RosterError: an entry says otherwise than its laptop signed.
    """
    roster = read_kept_roster(signed)
    roster.check_requests()
    return roster


def read_kept_roster(signed: Signed) -> Roster:
    """Read a roster that was taken before; raises as :func:`read_roster` does.

    Perhaps a fieldkit took it that knew nothing of laptops' own signatures: these are not demanded,
    so that its vault opens.
    """
    roster = roster_from_value(signed.value())
    if not roster.root:
        raise MalformedError("This is a proposal for a roster; the root key has not signed it yet.")
    signed.check(ROSTER, roster.root)
    return roster


def roster_from_value(value: dict[str, Any]) -> Roster:
    """Read a roster from its document, signed or proposed; raises as :func:`read_roster`."""
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
        requests = {
            laptop: OwnRequest({**request["said"]}, read_hex(request["sig"], 64))
            for laptop, request in value.get("requests", {}).items()
        }
        roster = Roster(
            org=read_name(value["org"]),
            team=read_name(value["team"]),
            version=_number(value["version"], 1),
            issued=read_text(value["issued"]),
            expires=read_text(value["expires"]),
            central=_central(value["central"]),
            devices=tuple(
                replace(device, request=requests.get(device.id))
                for device in map(_device, _list(value["devices"]))
            ),
            methodology=read_text(value["methodology"]),
            inspections=tuple(_planned(one) for one in _list(value["inspections"])),
            grace_days=_number(value["grace_days"], 0),
            root=read_public(value["root"]) if value["root"] else b"",
            others={name: one for name, one in value.items() if name not in _OURS},
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise MalformedError("The roster lacks a part or has one in another form.") from None
    ids = [one.id for one in roster.devices]
    if len(set(ids)) != len(ids) or len(ids) > MAX_DEVICES:
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
            FeedId.parse(feed): (read_hex(head, 32), read_hex(signature, 64))
            for feed, (head, signature) in value.get("signed", {}).items()
        },
    )
    if value["id"] != device.id:
        raise MalformedError("The roster gives a laptop an id that its key does not have.")
    for feed in device.signed:
        last = (device.until or {}).get(feed, 0)
        if not last or feed.device != device.id:
            raise MalformedError("The roster vouches for a feed that it does not end, or not here.")
    return device


def _until(value: dict[str, Any]) -> dict[FeedId, int]:
    return {FeedId.parse(name): _number(seq, 0) for name, seq in value.items()}


def _central(value: dict[str, Any]) -> Central:
    kind = value["kind"]
    recipients = tuple(read_text(one, MAX_RECIPIENT_CHARS) for one in _list(value["recipients"]))
    if kind not in KINDS or not recipients:
        raise MalformedError("The roster does not say whom bundles for central are made for.")
    for one in recipients:
        if _kind_of(one) != KINDS[kind]:
            raise MalformedError("The roster gives central keys of several kinds.")
    return Central(read_public(value["sign_pk"]), recipients, kind)


def _planned(value: dict[str, Any]) -> PlannedInspection:
    return PlannedInspection(
        read_name(value["id"]),
        read_name(value["force"]),
        read_text(value["starts"]),
        read_text(value["ends"]),
        **{name: read_text(value.get(name, "")) for name in PLANNED_LATER},
        others={name: one for name, one in value.items() if name not in (*PLANNED, *PLANNED_LATER)},
    )


@lru_cache(maxsize=MAX_DEVICES)
def _kind_of(recipient: str) -> str:
    """Return what age calls a recipient's stanzas; a post-quantum one takes milliseconds."""
    return age.parse_recipient(recipient).kind


def read_recipients(value: dict[str, Any]) -> dict[str, str]:
    """Read a laptop's age recipients by kind; raises :class:`MalformedError`."""
    if value.keys() != KINDS.keys():
        raise MalformedError("A laptop's keys are not one of each kind.")
    for kind, recipient in value.items():
        if _kind_of(read_text(recipient, MAX_RECIPIENT_CHARS)) != KINDS[kind]:
            raise MalformedError("A laptop's key is not of the kind it is said to be.")
    return {kind: str(value[kind]) for kind in KINDS}


def _number(value: object, least: int) -> int:
    if type(value) is not int or value < least:
        raise MalformedError("A number in the document is missing or out of bounds.")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError("A list in the document is missing.")
    return value
