"""The roster and the enrolment request: who is believed, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.crypto import age
from storage.crypto.signing import ENROL, ROSTER, SignatureError, Signed, WeakKeyError
from storage.exchange.enrol import (
    FingerprintNotConfirmedError,
    enrol_request,
    read_roster_file,
    take_roster,
)
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.trust.identity import Identity, new_facts, public_bytes
from storage.trust.request import make_request, read_request
from storage.trust.roster import (
    Central,
    NewerFormatError,
    OlderRosterError,
    Roster,
    RosterError,
)
from storage.trust.roster_document import read_roster, roster_from_value
from storage.vault.vault import Vault

ROOT = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
CENTRAL = Ed25519PrivateKey.from_private_bytes(b"c" * 32)
RECIPIENT = age.generate_identity(post_quantum=False).recipient().encode()


def a_roster(*identities: Identity, version: int = 1) -> Roster:
    return Roster(
        org="Inspectorate",
        team="team",
        version=version,
        issued="2026-01-01T00:00:00.000Z",
        expires="2027-01-01T00:00:00.000Z",
        central=Central(public_bytes(CENTRAL), (RECIPIENT,), "x25519"),
        devices=tuple(
            read_request(make_request(one, "laptop", "2026-01-01")) for one in identities
        ),
    )


def test_what_is_signed_is_read_back() -> None:
    identity = Identity(new_facts("v", "Ada"))
    signed = a_roster(identity).sign(ROOT)
    roster = read_roster(Signed.read(signed.encode()))
    assert roster == replace(a_roster(identity), root=public_bytes(ROOT))
    assert roster.device(identity.device) == roster.devices[0]
    assert roster.is_expired("2027-01-01T00:00:00.001Z")
    assert not roster.is_expired("2026-12-31T00:00:00.000Z")


def test_members_of_a_later_fieldkit_are_kept() -> None:
    value = a_roster().value() | {"later": {"a": 1}}
    assert roster_from_value(value).value() == value


def test_rosters_that_are_refused() -> None:
    identity = Identity(new_facts("v", "Ada"))
    good = replace(a_roster(identity), root=public_bytes(ROOT)).value()
    device = good["devices"][0]

    def refused(error: type[Exception], **over: object) -> None:
        with pytest.raises(error):
            read_roster(Signed.make(ROOT, ROSTER, good | over))

    refused(NewerFormatError, min_reader=2)
    refused(MalformedError, t="note")
    refused(MalformedError, version=0)
    refused(MalformedError, version="2")
    for name in (
        "\x1b[2J",
        "a\nb",
        "a\tb",
        "a\u202eb",
        "a\u200bb",
        "a\u061cb",
        "a\u2028b",
        "x" * 101,
    ):
        refused(MalformedError, org=name)
        refused(MalformedError, devices=[device | {"name": name}])
        refused(MalformedError, devices=[device | {"person": {"id": "p", "name": name}}])
        planned = {"ends": "", "force": name, "id": "i", "starts": ""}
        refused(MalformedError, inspections=[planned])
    refused(MalformedError, devices=[device, device])
    refused(MalformedError, devices=[device | {"id": "0" * 16}])
    refused(MalformedError, devices=[device | {"until": {"x": 5}}])
    refused(WeakKeyError, devices=[device | {"sign_pk": "01" + "00" * 31}])
    refused(WeakKeyError, root="00" * 32)
    refused(SignatureError, root=public_bytes(Ed25519PrivateKey.generate()).hex())
    refused(MalformedError, root="")
    refused(MalformedError, central=good["central"] | {"kind": "pq"})
    refused(MalformedError, central=good["central"] | {"sign_pk": device["sign_pk"]})
    refused(MalformedError, devices="none")
    with pytest.raises(SignatureError):
        read_roster(Signed.make(CENTRAL, ROSTER, good))


def test_a_person_has_one_name_on_a_roster() -> None:
    ada, eve = Identity(new_facts("v", "Ada")), Identity(new_facts("w", "Eve"))
    roster = a_roster(ada, eve)
    value = replace(roster, root=public_bytes(ROOT)).value()
    del value["requests"]
    value["devices"][1]["person"]["id"] = ada.person.id
    with pytest.raises(MalformedError, match="two names"):
        read_roster(Signed.make(ROOT, ROSTER, value))
    value["devices"][1]["person"]["name"] = "Ada"
    assert len(read_roster(Signed.make(ROOT, ROSTER, value)).devices) == 2


def test_a_persons_name_goes_out_in_one_line() -> None:
    identity = Identity(new_facts("v", "Ada\n\u202eLove\tlace " + "x" * 200))
    device = read_request(make_request(identity, "laptop", "2026-01-01"))
    assert device.person.startswith("Ada Love lace xx")
    assert len(device.person) == 100


def test_a_request_proves_that_its_keys_are_held() -> None:
    identity = Identity(new_facts("v", "Ada"))
    signed = make_request(identity, "Ada's laptop", "2026-01-01")
    device = read_request(Signed.read(signed.encode()))
    assert (device.id, device.person, device.name) == (identity.device, "Ada", "Ada's laptop")
    other = Ed25519PrivateKey.generate()
    with pytest.raises(SignatureError):
        read_request(Signed.make(other, ENROL, signed.value()))
    for over in (
        {"device": "0" * 16},
        {"person": "Ada"},
        {"recipients": {"pq": "age1x"}},
        {"name": "a\x07"},
        {"name": "Ada.\nIts fingerprint: genuine words"},
        {"name": "x" * 101},
        {"person": {"id": "p", "name": "Ada\u202e"}},
    ):
        with pytest.raises(MalformedError):
            read_request(Signed.make(identity.signing, ENROL, signed.value() | over))
    swapped = signed.value()
    swapped["recipients"]["pq"] = swapped["recipients"]["x25519"]
    with pytest.raises(MalformedError, match="not of the kind"):
        read_request(Signed.make(identity.signing, ENROL, swapped))


def put(path: Path, roster: Roster, root: Ed25519PrivateKey = ROOT) -> Path:
    path.write_bytes(roster.sign(root).encode())
    return path


def test_a_laptop_takes_a_roster_once_a_person_compared(vault: Vault, tmp_path: Path) -> None:
    enrol_request(vault, tmp_path / "request")
    read_request(Signed.read((tmp_path / "request").read_bytes()))
    with pytest.raises(RosterError, match="one plain line"):
        enrol_request(vault, tmp_path / "other", "two\nlines")
    assert not (tmp_path / "other").exists()
    first = put(tmp_path / "roster", a_roster(vault.identity))
    with pytest.raises(FingerprintNotConfirmedError, match="Compare it"):
        take_roster(vault, first, fingerprint_confirmed=False)
    assert "roster" not in vault.facts_now()
    assert take_roster(vault, first, fingerprint_confirmed=True).changed
    assert not take_roster(vault, first, fingerprint_confirmed=False).changed
    later = put(tmp_path / "later", a_roster(vault.identity, version=2))
    assert take_roster(vault, later, fingerprint_confirmed=False).roster.version == 2
    with pytest.raises(OlderRosterError):
        take_roster(vault, first, fingerprint_confirmed=True)


def test_rosters_a_laptop_does_not_take(vault: Vault, tmp_path: Path) -> None:
    path = put(tmp_path / "roster", a_roster())
    with pytest.raises(RosterError, match="not on the roster"):
        take_roster(vault, path, fingerprint_confirmed=True)
    take_roster(vault, put(path, a_roster(vault.identity)), fingerprint_confirmed=True)
    other = Ed25519PrivateKey.generate()
    with pytest.raises(RosterError, match="another root key"):
        take_roster(vault, put(path, a_roster(vault.identity, version=9), other), True)
    twin = replace(a_roster(vault.identity), org="Somebody else")
    with pytest.raises(RosterError, match="two different rosters"):
        take_roster(vault, put(path, twin), True)
    path.write_bytes(canonical_json.dumps(a_roster().value()) + b"\n")
    with pytest.raises(MalformedError):
        read_roster_file(path)
