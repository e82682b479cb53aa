"""Keys put on a roster that are not the laptop's: bundles would be encrypted to somebody else.

The attacker owns central's computer and hands proposals to the person who signs, but has no root
key and no laptop's signing key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fieldkit.inspections.reminders import warnings
from storage.crypto.signing import ENROL, ROSTER, SignatureError, Signed
from storage.exchange.enrol import NotEnrolledError, RosterTaken, signed_roster, take_signed_roster
from storage.ops.canonical_json import MalformedError
from storage.trust.current import ALARM
from storage.trust.identity import AGE_PQ, AGE_X25519, Identity, new_facts
from storage.trust.request import make_request, read_request
from storage.trust.roster import Device, Roster, RosterError
from storage.trust.roster_changes import changes, refuse_foreign_keys
from storage.trust.roster_document import read_kept_roster, read_roster, roster_from_value
from storage.vault.vault import Vault
from tests.storage.trust.test_roster import RECIPIENT, ROOT, a_roster

ADA, BEN, EVE = (Identity(new_facts(name, name)) for name in ("Ada", "Ben", "Eve"))


def entry(identity: Identity, at: str = "2026-01-01T00:00:00.000Z") -> Device:
    return read_request(make_request(identity, "laptop", at))


EVES = entry(EVE).recipients


def with_keys(device: Device) -> Device:
    """The entry with an attacker's keys, and the laptop's own signature left beside them."""
    return replace(device, recipients=EVES)


def with_one_key(device: Device) -> Device:
    return replace(device, recipients=device.recipients | {"x25519": EVES["x25519"]})


def without_signature(device: Device) -> Device:
    return replace(device, recipients=EVES, request=None)


def signed_by_eve(device: Device) -> Device:
    return replace(device, recipients=EVES, request=entry(EVE).request)


def said_otherwise(device: Device) -> Device:
    """The request's own members say the keys over again, in the hope that they win."""
    assert device.request is not None
    said = device.request.said | {"recipients": device.recipients}
    return replace(device, recipients=EVES, request=replace(device.request, said=said))


def another_person(device: Device) -> Device:
    return replace(device, person_id=EVE.person.id, person=EVE.person.name)


SWAPS = (with_keys, with_one_key, without_signature, signed_by_eve, said_otherwise)


def take(vault: Vault, roster: Roster) -> RosterTaken:
    signed = roster.sign(ROOT)
    return take_signed_roster(vault, signed, read_kept_roster(signed), fingerprint_confirmed=True)


@pytest.mark.parametrize("swap", SWAPS)
def test_a_laptop_takes_no_roster_with_other_keys_of_its_own(
    vault: Vault, swap: Callable[[Device], Device]
) -> None:
    roster = a_roster(vault.identity, BEN)
    forged = replace(roster, devices=(swap(roster.devices[0]), roster.devices[1]))
    with pytest.raises(RosterError, match=r"keys that are not its own[^.]*\..*in person, now"):
        take(vault, forged)
    with pytest.raises(NotEnrolledError):
        signed_roster(vault)
    take(vault, roster)
    with pytest.raises(RosterError, match="keys that are not its own"):
        take(vault, replace(forged, version=2))
    assert signed_roster(vault)[1].version == 1
    # It is said on home until a right roster comes.
    assert vault.fact_now(ALARM) == "2"
    assert any("Version 2 of the roster gave this" in one for one in vault.read_now(warnings))
    take(vault, replace(roster, version=3))
    assert not [one for one in vault.read_now(warnings) if "not its own" in one]


@pytest.mark.parametrize("swap", [*SWAPS, another_person])
def test_a_colleagues_laptop_takes_none_either(swap: Callable[[Device], Device]) -> None:
    before = a_roster(ADA, BEN)
    after = replace(before, version=2, devices=(before.devices[0], swap(before.devices[1])))
    with pytest.raises(RosterError, match=r"in person|tell central's administrator"):
        refuse_foreign_keys(before, after)
    signed = after.sign(ROOT)
    if swap is not without_signature:
        with pytest.raises(RosterError, match="did not sign"):
            read_roster(signed)
    # A vault that an earlier fieldkit took it into opens all the same.
    assert read_kept_roster(signed).version == 2


def test_a_swapped_request_is_refused_and_has_other_words() -> None:
    signed = make_request(ADA, "laptop", "2026-01-01")
    value = signed.value() | {"recipients": EVES}
    with pytest.raises(SignatureError, match=r"signed by another key|does not fit"):
        read_request(Signed.make(EVE.signing, ENROL, value))
    with pytest.raises(SignatureError, match="does not fit"):
        read_request(replace(signed, body=Signed.make(EVE.signing, ENROL, value).body))
    eve = read_request(
        Signed.make(EVE.signing, ENROL, value | {"sign_pk": EVE.public.hex(), "device": EVE.device})
    )
    assert eve.fingerprint != entry(ADA).fingerprint == ADA.fingerprint
    swapped = without_signature(entry(ADA))
    assert swapped.fingerprint != ADA.fingerprint


def test_a_further_laptop_of_a_person_is_told_to_whoever_signs_and_to_the_person(
    vault: Vault,
) -> None:
    roster = a_roster(vault.identity)
    claim = make_request(EVE, "Ada's new one", "2026-01-02").value()
    person = {"id": vault.person.id, "name": roster.devices[0].person}
    eve = read_request(Signed.make(EVE.signing, ENROL, claim | {"person": person}))
    after = replace(roster, version=2, devices=(*roster.devices, eve))
    (told, new) = changes(roster, after)
    assert told.grave
    assert "gets a further laptop, Ada's new one" in told.text
    assert eve.fingerprint in new.text
    take(vault, roster)
    assert any("further laptop" in one for one in take(vault, after).notices)


def test_an_older_request_gives_a_laptop_no_other_keys() -> None:
    facts = new_facts("v", "Ada")
    new = {AGE_PQ.key, AGE_X25519.key}
    later = Identity(facts | {k: v for k, v in new_facts("v", "Ada").items() if k in new})
    old, now = entry(Identity(facts), "2026-01-01"), entry(later, "2026-02-01")
    assert old.id == now.id
    before = replace(a_roster(BEN), devices=(now,))
    with pytest.raises(RosterError, match="older request"):
        refuse_foreign_keys(before, replace(before, devices=(old,)))
    forward = replace(before, devices=(old,))
    refuse_foreign_keys(forward, before)
    assert [one.grave for one in changes(forward, before)] == [True]
    same = entry(later, "2026-01-15")
    refuse_foreign_keys(before, replace(before, devices=(same,)))


@pytest.mark.parametrize(
    ("over", "said", "grave"),
    [
        ({"grace_days": 0}, "earliest erasure: 0, before 30", True),
        ({"grace_days": 90}, "earliest erasure: 90, before 30", False),
        ({"devices": ()}, "no longer on the roster", True),
        ({"expires": "2030-01-01T00:00:00.000Z"}, "1 January 2030, before 1 January 2027", False),
        ({"org": "Elsewhere"}, "Elsewhere, before Inspectorate", False),
    ],
)
def test_what_a_roster_changes_is_said(over: dict[str, Any], said: str, grave: bool) -> None:
    before = a_roster(ADA)
    (told,) = changes(before, replace(before, version=2, **over))
    assert said in told.text
    assert told.grave == grave


@pytest.mark.parametrize("form", ["added", "replaced", "dropped", "signing"])
def test_other_keys_of_centrals_are_said(form: str) -> None:
    before = a_roster(ADA)
    theirs = EVES["x25519"]
    central = {
        "added": replace(before.central, recipients=(RECIPIENT, theirs)),
        "replaced": replace(before.central, recipients=(theirs,)),
        "dropped": before.central,
        "signing": replace(before.central, sign_pk=EVE.public),
    }[form]
    if form == "dropped":
        before = replace(before, central=replace(before.central, recipients=(RECIPIENT, theirs)))
    (told,) = changes(before, replace(before, version=2, central=central))
    assert told.grave
    assert "entral" in told.text


def test_a_revoked_laptop_that_counts_again_is_said() -> None:
    before = a_roster(ADA)
    ended = replace(before, devices=(replace(before.devices[0], until={}),))
    assert [one.grave for one in changes(before, ended)] == [False]
    assert [one.grave for one in changes(ended, before)] == [True]


# --- what earlier fieldkits made


def old_request(identity: Identity) -> Signed:
    """A request as an earlier fieldkit made it: its words are those of the signing key alone."""
    value = make_request(identity, "laptop", "2025-01-01").value()
    del value["words"]
    return Signed.make(identity.signing, ENROL, value)


def old_roster(*identities: Identity, version: int = 1) -> Roster:
    roster = a_roster(*identities, version=version)
    return replace(roster, devices=tuple(replace(one, request=None) for one in roster.devices))


def test_a_request_of_an_earlier_fieldkit_is_read_with_the_words_it_shows() -> None:
    device = read_request(old_request(ADA))
    assert device.fingerprint != ADA.fingerprint
    assert len(device.fingerprint.split(" ")) == 7
    roster = replace(a_roster(BEN), devices=(device,))
    assert read_roster(roster.sign(ROOT)).devices[0] == device
    with pytest.raises(RosterError, match="did not sign"):
        read_roster(replace(roster, devices=(with_keys(device),)).sign(ROOT))


def test_rosters_of_an_earlier_fieldkit_are_taken_and_said(vault: Vault) -> None:
    taken = take(vault, old_roster(vault.identity, BEN))
    (notice,) = taken.notices
    assert "has no signature of the laptop's own for 2 laptops" in notice
    assert take(vault, old_roster(vault.identity, BEN, EVE, version=2)).changed
    # A central of today carries the signatures of those enrolled from now on.
    mixed = replace(
        old_roster(vault.identity, BEN, version=3), devices=(entry(vault.identity), entry(BEN))
    )
    assert not [one for one in take(vault, mixed).notices if "own signature" in one]
    with pytest.raises(RosterError, match="leaves out"):
        take(vault, old_roster(vault.identity, BEN, version=4))
    late = replace(mixed, version=4, devices=(*mixed.devices, old_roster(EVE).devices[0]))
    with pytest.raises(RosterError, match="new laptop without"):
        take(vault, late)


def test_an_earlier_fieldkit_passes_on_what_it_does_not_know() -> None:
    """It keeps members of the roster that it does not know, and none of an entry."""
    value = a_roster(ADA).value()
    assert set(value["requests"]) == {ADA.device}
    assert "request" not in value["devices"][0]
    assert value["min_reader"] == 1
    kept = {**value["requests"], "0123456789abcdef": value["requests"][ADA.device]}
    assert roster_from_value(value | {"requests": kept}) == a_roster(ADA)


@pytest.mark.parametrize(
    "requests",
    [
        [],
        {"x": {"said": [["t", "request"]], "sig": "00" * 64}},
        {"x": 1},
        {"x": {"said": {}}},
        {"x": {"said": [], "sig": "00"}},
        {"x": {"said": 1}},
        "x",
    ],
)
def test_misshapen_requests_are_refused(requests: object) -> None:
    value = a_roster(ADA).value() | {
        "requests": requests,
        "root": ROOT.public_key().public_bytes_raw().hex(),
    }
    with pytest.raises(MalformedError, match=r"another form|right form"):
        read_roster(Signed.make(ROOT, ROSTER, value))


def test_a_request_that_no_roster_can_carry_is_refused() -> None:
    value = make_request(ADA, "laptop", "2026-01-01").value()
    deep: Any = 1
    for _ in range(6):
        deep = [deep]
    for over in ({"later": "x" * 5000}, {"later": deep}):
        with pytest.raises(MalformedError, match="no roster can carry"):
            read_request(Signed.make(ADA.signing, ENROL, value | over))
    carried = read_request(Signed.make(ADA.signing, ENROL, value | {"later": "x" * 500}))
    signed = replace(a_roster(BEN), devices=(carried,)).sign(ROOT)
    assert read_roster(signed).devices == (carried,)
