"""Names come from the vault's own person and from the roster."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.crypto import age
from storage.crypto.signing import Signed
from storage.exchange.enrol import enrol_request, take_signed_roster
from storage.trust.current import laptops, people
from storage.trust.identity import public_bytes
from storage.trust.request import read_request
from storage.trust.roster import Central, Device, Roster
from storage.trust.roster_document import read_roster
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague


def enrolled(vault: Vault, tmp_path: Path) -> Device:
    """Put the vault on a roster with one colleague; returns the colleague's laptop."""
    enrol_request(vault, tmp_path / "request", "the blue one")
    own = read_request(Signed.read((tmp_path / "request").read_bytes()))
    identity = age.generate_identity(post_quantum=True)
    theirs = Device(
        name="the red one",
        person_id="p2",
        person="M. Colleague",
        sign_pk=public_bytes(Ed25519PrivateKey.generate()),
        recipients=dict(own.recipients) | {"pq": identity.recipient().encode()},
        since="2026-07-01T00:00:00Z",
    )
    root = Ed25519PrivateKey.generate()
    central = Central(
        public_bytes(Ed25519PrivateKey.generate()), (identity.recipient().encode(),), "pq"
    )
    roster = Roster(
        org="o",
        team="t",
        version=1,
        issued="2026-07-01T00:00:00Z",
        expires="2099-07-01T00:00:00Z",
        central=central,
        devices=(own, theirs),
        root=public_bytes(root),
    )
    signed = roster.sign(root)
    take_signed_roster(vault, signed, read_roster(signed), fingerprint_confirmed=True)
    return theirs


def test_before_enrolment_only_the_own_person_has_a_name(vault: Vault) -> None:
    colleague = Colleague("aaaa000000000000")
    vault.write_now(colleague.hand_over, [colleague.write(("note", "n"), {"text": "t"})])
    assert vault.read_now(lambda s: people(s.connection())) == {vault.person.id: "A. Inspector"}
    assert vault.read_now(lambda s: laptops(s.connection())) == {
        "aaaa000000000000": "laptop aaaa",
    }


def test_a_roster_names_colleagues_and_their_laptops(vault: Vault, tmp_path: Path) -> None:
    theirs = enrolled(vault, tmp_path)
    assert vault.read_now(lambda s: people(s.connection())) == {
        vault.person.id: "A. Inspector",
        "p2": "M. Colleague",
    }
    named = vault.read_now(lambda s: laptops(s.connection()))
    assert named == {vault.author.device: "the blue one", theirs.id: "the red one"}
