"""Enrolment: a laptop asks to be put on the roster and proves that it holds its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storage import files
from storage.crypto.signing import ENROL, MAX_DOCUMENT_BYTES, Signed, read_public
from storage.ops.canonical_json import MalformedError
from storage.ops.text import read_name, read_text, tidy_line
from storage.trust.identity import Identity
from storage.trust.roster import WORDS_FORM, Device, NewerFormatError, OwnRequest, RosterError
from storage.trust.roster_document import read_recipients

VERSION = 1
_IN_ENTRY = frozenset(("device", "person", "recipients", "sign_pk"))
"""Members of a request that stand in the entry of a roster as well."""


def make_request(identity: Identity, name: str, at: str) -> Signed:
    """Return a laptop's request: its public keys and its person, signed by its signing key.

    Args:
        identity: the laptop's keys and person.
        name: what people call the laptop.
        at: now, ISO 8601 in UTC.

    The person's name goes out in one line of at most 100 characters, as rosters have it.
    """
    value: dict[str, Any] = {
        "at": at,
        "device": identity.device,
        "min_reader": VERSION,
        "name": name,
        "person": {"id": identity.person.id, "name": tidy_line(identity.person.name)},
        "recipients": identity.recipients,
        "sign_pk": identity.public.hex(),
        "t": "request",
        "v": VERSION,
        "words": WORDS_FORM,
    }
    return Signed.make(identity.signing, ENROL, value)


def read_request_file(path: Path) -> Device:
    """Read a file as :func:`read_request` does."""
    return read_request(Signed.read(files.read(path, MAX_DOCUMENT_BYTES)))


def read_request(signed: Signed) -> Device:
    """Check a request and give the roster entry it asks for.

    That it comes from whom it says is for a person to establish, by the fingerprint.

    Raises:
        MalformedError, SignatureError, WeakKeyError, NewerFormatError.
    """
    value = signed.value()
    if value.get("t") != "request":
        raise MalformedError("The file is not an enrolment request.")
    least = value.get("min_reader")
    if isinstance(least, int) and least > VERSION:
        raise NewerFormatError(
            "This enrolment request was made by a later fieldkit than this one reads. Nothing was "
            "changed. Install the later fieldkit."
        )
    try:
        device = Device(
            name=read_name(value["name"]),
            person_id=read_name(value["person"]["id"]),
            person=read_name(value["person"]["name"]),
            sign_pk=read_public(value["sign_pk"]),
            recipients=read_recipients(value["recipients"]),
            since=read_text(value["at"]),
            request=OwnRequest(
                {name: said for name, said in value.items() if name not in _IN_ENTRY},
                signed.signature,
            ),
        )
        if value["device"] != device.id:
            raise MalformedError("The request gives the laptop an id that its key does not have.")
    except (KeyError, TypeError, AttributeError):
        raise MalformedError("The request lacks a part or has one in another form.") from None
    signed.check(ENROL, device.sign_pk)
    try:
        device.check_request()
    except RosterError:
        raise MalformedError("The request has parts that no roster can carry.") from None
    return device
