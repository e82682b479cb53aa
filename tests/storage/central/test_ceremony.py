"""Central: the root's ceremony, enrolment, revocation, refusals and receipts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.central import Central, Root
from storage.central.roster.proposals import NoRosterError
from storage.central.roster.root import NotRootError
from storage.crypto.signing import ENROL, RECEIPT, SignatureError, Signed
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request, signed_roster, use_roster
from storage.exchange.exchange import write_bundles
from storage.exchange.export import export
from storage.exchange.inbox import take_folder
from storage.exchange.merge import merge
from storage.exchange.receipts import (
    ReceiptAlarmError,
    ReceiptRefusedError,
    take_receipt,
    take_signed_receipt,
)
from storage.trust.current import has_foreign_keys
from storage.trust.receipt import read_receipt
from storage.trust.request import make_request
from storage.trust.roster import OlderRosterError, PlannedInspection, Roster, RosterError
from storage.trust.roster_document import read_kept_roster
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft
from tests.storage.travelling import CHEAP, PASSPHRASE, feed, key_feed, work


def root_of(desk: Desk) -> Root:
    return Root.open(desk.team.folder / "root", PASSPHRASE)


def test_another_vault_is_not_taken_for_the_roots(desk: Desk) -> None:
    desk.central.lock()
    desk.ada.lock()
    for name in ("central", "ada"):
        with pytest.raises(NotRootError, match="nothing was signed"):
            Root.open(desk.team.folder / name, PASSPHRASE)


def test_a_change_waits_for_the_root(desk: Desk) -> None:
    before = desk.roster
    desk.central.plan(PlannedInspection("i-1", "Westshire", "2026-07-06", "2026-07-17"))
    desk.central.plan(PlannedInspection("i-2", "Eastshire"))
    proposal = desk.central.proposal
    assert proposal is not None
    assert proposal.version == before.version + 1
    assert desk.roster == before
    with root_of(desk) as root:
        signed = root.sign(proposal)
        assert root.sign(proposal) == signed
    desk.central.take_roster(signed)
    assert desk.central.proposal is None
    assert [one.id for one in desk.roster.inspections] == ["i-1", "i-2"]


def test_the_root_signs_a_version_once(desk: Desk) -> None:
    desk.central.plan(PlannedInspection("i-1", "Westshire"))
    first = desk.central.proposal
    desk.central.plan(PlannedInspection("i-2", "Eastshire"))
    second = desk.central.proposal
    assert first is not None
    assert second is not None
    with root_of(desk) as root:
        signed = root.sign(second)
        with pytest.raises(RosterError, match="has signed version"):
            root.sign(first)
    desk.central.take_roster(signed)
    older = Signed.read((desk.team.folder / "roster").read_bytes())
    with pytest.raises(OlderRosterError):
        desk.central.take_roster(older)


def test_before_the_root_signs_nothing_is_judged(tmp_path: Path) -> None:
    central, code = Central.create(tmp_path / "c", PASSPHRASE, org="Org", params=CHEAP)
    with central:
        assert len(code) > 20
        with pytest.raises(NoRosterError, match="signed no roster yet"):
            central.ingest([tmp_path])


def test_a_laptops_vault_is_not_central(desk: Desk) -> None:
    desk.ada.lock()
    with pytest.raises(FieldkitError, match="not central's"):
        Central.open(desk.team.folder / "ada", PASSPHRASE)
    open_vault(desk.team.folder / "ada", PASSPHRASE).lock()


def test_a_laptop_enrolled_twice_stands_once(desk: Desk) -> None:
    def proposed() -> list[str] | None:
        waiting = desk.central.proposal
        return None if waiting is None else sorted(one.name for one in waiting.devices)

    desk.central.enrol(desk.team.folder / "ada.request")
    assert proposed() is None
    desk.central.enrol(desk.team.folder / "ada.request", name="The blue one")
    names = proposed()
    assert names is not None
    assert len(names) == 2
    assert names[1] == "The blue one"


def put_request(desk: Desk, vault: Vault, person: dict[str, str]) -> Path:
    """A request signed by a laptop's own key that claims to be some person's."""
    value = make_request(vault.identity, "A laptop", "2026-07-06T09:30:00.000Z").value()
    path = desk.team.folder / "claim.request"
    path.write_bytes(
        Signed.make(vault.identity.signing, ENROL, value | {"person": person}).encode()
    )
    return path


def waiting(desk: Desk) -> list[str]:
    """The persons of the laptops on the roster that waits for the root."""
    proposal = desk.central.proposal
    return [one.person for one in proposal.devices] if proposal is not None else []


def test_no_laptop_comes_to_write_in_anothers_name(desk: Desk) -> None:
    ada = desk.ada.person
    eve, _ = create_vault(desk.team.folder / "eve", PASSPHRASE, "Eve", params=CHEAP)
    with eve:
        claim = put_request(desk, eve, {"id": ada.id, "name": "Ada"})
        with pytest.raises(RosterError, match="--same-person"):
            desk.central.enrol(claim)
        assert not waiting(desk)
        desk.central.enrol(claim, same_person=True)
        claim = put_request(desk, eve, {"id": eve.person.id, "name": "Eve"})
        with pytest.raises(RosterError, match="keeps its person"):
            desk.central.enrol(claim, same_person=True)
    cy, _ = create_vault(desk.team.folder / "cy", PASSPHRASE, "Cy", params=CHEAP)
    with cy:
        claim = put_request(desk, cy, {"id": ada.id, "name": "Another"})
        with pytest.raises(RosterError, match="one name on the roster"):
            desk.central.enrol(claim, same_person=True)
    for person in ({"id": "other", "name": "Ada"}, {"id": ada.id, "name": "Eve"}):
        with pytest.raises(RosterError, match="keeps its person"):
            desk.central.enrol(put_request(desk, desk.ada, person))
    assert waiting(desk) == ["Ada", "Ben", "Ada"]


@pytest.mark.parametrize("name", ["Ada", "ADA", "\uff21\uff44\uff41"])
def test_two_people_of_one_name_are_no_accident(desk: Desk, name: str) -> None:
    eve, _ = create_vault(desk.team.folder / "eve", PASSPHRASE, "Eve", params=CHEAP)
    with eve:
        claim = put_request(desk, eve, {"id": eve.person.id, "name": name})
        with pytest.raises(RosterError, match="--same-name") as told:
            desk.central.enrol(claim, same_person=True)
        assert "Nothing was changed. Ask Ada in person" in str(told.value)
        assert not waiting(desk)
        desk.central.enrol(claim, same_name=True)
        assert waiting(desk) == ["Ada", "Ben", name]
        # It has been said once.
        desk.central.enrol(claim, name="The red one")
    desk.central.enrol(desk.team.folder / "ada.request", name="The blue one")


def test_what_is_empty_is_not_planned(desk: Desk, tmp_path: Path) -> None:
    for planned in (
        PlannedInspection("", "Westshire"),
        PlannedInspection("i-1", ""),
        PlannedInspection("i-1", "Westshire "),
    ):
        with pytest.raises(RosterError, match="Nothing was changed"):
            desk.central.plan(planned)
    with pytest.raises(RosterError, match="organisation's name is empty"):
        Central.create(tmp_path / "c", PASSPHRASE, org="", params=CHEAP)
    blank, _ = create_vault(desk.team.folder / "x", PASSPHRASE, "\u2800\xad", params=CHEAP)
    with blank, pytest.raises(RosterError, match="no visible letters"):
        enrol_request(blank, tmp_path / "request")


def test_what_is_only_considered_changes_nothing(desk: Desk) -> None:
    asked = desk.team.folder / "ada.request"
    device = desk.central.considered(asked, name="The blue one")
    assert (device.name, waiting(desk)) == ("The blue one", [])
    with pytest.raises(RosterError, match="one plain line"):
        desk.central.considered(asked, name="two\nlines")
    with pytest.raises(RosterError, match="one plain line"):
        desk.central.plan(PlannedInspection("i-1", "West\u202eshire"))
    assert not waiting(desk)
    desk.central.admit(device)
    assert waiting(desk) == ["Ben", "Ada"]


def test_a_second_revocation_changes_nothing(desk: Desk) -> None:
    first = desk.central.revoke(desk.ada.author.device)
    desk.central.ingest([craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1)])])
    assert desk.central.revoke(desk.ada.author.device) == first


def test_a_bundles_name_does_not_spoil_the_receipt(desk: Desk) -> None:
    bad = desk.stick / "x\n\u202e\x1b[2Jy.fkb.age"
    bad.write_bytes(b"no bundle")
    desk.central.ingest([bad])
    said = read_receipt(desk.central.receipt(desk.ada.author.device), desk.roster.central.sign_pk)
    assert [one.name for one in said.rejected] == ["x [2Jy.fkb.age"]


def test_after_revocation_only_what_was_known_stands(desk: Desk) -> None:
    ops = [an_op(desk.ada, seq) for seq in range(1, 5)]
    desk.central.ingest([craft(desk.ada, desk.roster, desk.stick, ops[:2])])
    desk.central.revoke(desk.ada.author.device)
    assert desk.central.proposal is not None
    with root_of(desk) as root:
        desk.central.take_roster(root.sign(desk.central.proposal))
    (one,) = desk.central.ingest([craft(desk.ada, desk.roster, desk.stick, ops)]).files
    assert (one.outcome, one.ops, one.revoked) == ("known", 0, {feed(desk.ada): 2})
    key = craft(
        desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1, "key", op="later")], kind="key"
    )
    (one,) = desk.central.ingest([key]).files
    assert (one.ops, one.revoked) == (0, {key_feed(desk.ada): 1})
    assert desk.ops() == 2
    with pytest.raises(RosterError, match="was revoked"):
        desk.central.enrol(desk.team.folder / "ada.request")


def test_refusals_are_told_in_the_receipt(desk: Desk, tmp_path: Path) -> None:
    desk.ada.write_now(work)
    path = export(desk.ada, desk.stick).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    desk.central.ingest([path])
    bad = craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1, who="another")])
    desk.central.ingest([bad])
    said = read_receipt(desk.central.receipt(desk.ada.author.device), desk.roster.central.sign_pk)
    assert [(one.name, one.reason) for one in said.rejected] == [
        (path.name, "damaged"),
        (bad.name, "signature or chain"),
    ]
    with desk.team.laptop("ben") as ben:
        other = read_receipt(desk.central.receipt(ben.author.device), desk.roster.central.sign_pk)
    # What Ada signed is no business of Ben's; what nobody can read may be his.
    assert [one.name for one in other.rejected] == [path.name]
    path.write_bytes(whole)
    assert desk.central.ingest([path]).count("taken") == 1


def test_receipts_are_chained_and_cover_the_team(desk: Desk) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    desk.central.ingest([desk.stick])
    first = desk.central.receipt(desk.ada.author.device)
    second = desk.central.receipt(desk.ada.author.device)
    assert first.value()["prev"] == ""
    assert len(second.value()["prev"]) == 64
    with desk.team.laptop("ben") as ben:
        summary = take_signed_receipt(ben, desk.central.receipt(ben.author.device))
        # Ben does not know Ada's feed, so nothing of it is confirmed to him.
        assert (summary.new, summary.covers) == (True, {})
    with pytest.raises(RosterError):
        desk.central.receipt("0123456789abcdef")


def test_receipts_that_are_refused(desk: Desk, tmp_path: Path) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    desk.central.ingest([desk.stick])
    good = desk.central.receipt(desk.ada.author.device)
    path = tmp_path / "receipt"
    with desk.team.laptop("ben") as ben:
        path.write_bytes(good.encode())
        with pytest.raises(ReceiptRefusedError, match="another laptop"):
            take_receipt(ben, path)
    forged = Signed.make(desk.ada.identity.signing, RECEIPT, good.value())
    path.write_bytes(forged.encode())
    with pytest.raises(SignatureError):
        take_receipt(desk.ada, path)
    key = desk.central._vault.identity.signing
    rewritten = good.value()
    rewritten["covers"][str(feed(desk.ada))][1] = "0" * 64
    with pytest.raises(ReceiptAlarmError, match="with other content than the laptop itself"):
        take_signed_receipt(desk.ada, Signed.make(key, RECEIPT, rewritten))
    ahead = good.value()
    ahead["covers"][str(feed(desk.ada))][0] = 99
    with pytest.raises(ReceiptAlarmError, match="set back"):
        take_signed_receipt(desk.ada, Signed.make(key, RECEIPT, ahead))
    assert desk.ada.read_now(lambda s: s.connection().exec_driver_sql(COUNT).scalar_one()) == 0


COUNT = "SELECT count(*) FROM receipt"


def test_a_colleagues_bundle_is_taken_in_by_a_laptop(desk: Desk) -> None:
    """The same verifying and applying as at central, with a laptop's own keys."""
    from dataclasses import replace

    desk.ada.write_now(work)
    with desk.team.laptop("ben") as ben:
        to_ben = (desk.roster.device(ben.author.device) or pytest.fail("Ben")).recipients["pq"]
        roster = replace(desk.roster, central=replace(desk.roster.central, recipients=(to_ben,)))
        path = craft(desk.ada, roster, desk.stick, [an_op(desk.ada, 1), an_op(desk.ada, 2)])
        applied = merge(ben, path)
        assert (applied.new, applied.records) == ({feed(desk.ada): 2}, 2)
        assert merge(ben, path).new == {}
        # What Ben relays to central carries Ada's own signature.
        export(ben, desk.stick)
    path.unlink()
    assert desk.central.ingest([desk.stick]).ops == 2
    assert desk.central.report().feeds == {feed(desk.ada): 2}


def a_swap(desk: Desk, *, signed: bool, kind: str = "pq") -> Roster:
    """The next roster as an attacker at central makes it: Ben's key under Ada's signing key."""
    ada, ben = (desk.roster.device(name) for name in _ids(desk))
    assert ada is not None
    assert ben is not None
    keys = ada.recipients | {kind: ben.recipients[kind]}
    swapped = replace(ada, recipients=keys, request=ada.request if signed else None)
    return replace(desk.roster.with_device(swapped), version=desk.roster.version + 1, root=b"")


def _ids(desk: Desk) -> tuple[str, str]:
    own = desk.ada.author.device
    return own, next(one.id for one in desk.roster.devices if one.id != own)


@pytest.mark.parametrize("signed", [True, False])
def test_the_root_signs_no_keys_that_a_laptop_did_not_sign(desk: Desk, signed: bool) -> None:
    proposal = a_swap(desk, signed=signed)
    with root_of(desk) as root:
        for unsigned_keys in (False, True):
            with pytest.raises(RosterError, match="Nothing was changed"):
                root.sign(proposal, unsigned_keys=unsigned_keys)
        # Nothing is remembered of it: the honest proposal of that version is signed.
        honest = root.sign(replace(desk.roster, version=proposal.version, root=b""))
    assert read_kept_roster(honest).devices == desk.roster.devices


def test_a_root_key_that_signed_nothing_yet_signs_bare_keys_only_where_told(
    desk: Desk, tmp_path: Path
) -> None:
    """A copy of the key that knows of no earlier version, and central of an earlier fieldkit."""
    bare = tuple(replace(one, request=None) for one in desk.roster.devices)
    proposal = replace(desk.roster, devices=bare, version=9, root=b"")
    root, _ = Root.create(tmp_path / "root", PASSPHRASE, params=CHEAP)
    with root:
        with pytest.raises(RosterError, match="own signature"):
            root.sign(proposal)
        assert len(root.changes(proposal, unsigned_keys=True)) == 2
        assert read_kept_roster(root.sign(proposal, unsigned_keys=True)).version == 9
        # From then on these laptops are known, with these keys.
        later = replace(proposal, version=10)
        assert root.changes(later) == []


def forged(desk: Desk) -> Signed:
    """A swap that an earlier fieldkit's root key signed, which checked nothing.

    Of the kind of key that this team's bundles are not made for, so that Ada still opens them.
    """
    with root_of(desk) as root:
        return a_swap(desk, signed=False, kind="x25519").sign(root._vault.identity.signing)


def test_a_roster_with_foreign_keys_that_comes_along_is_refused_aloud(
    desk: Desk, tmp_path: Path
) -> None:
    signed = forged(desk)
    with desk.team.laptop("ben") as ben:
        ben.write_now(work)
        # An earlier fieldkit took it and passes it on.
        ben.write_now(use_roster, signed, read_kept_roster(signed), ben.author.device)
        made = write_bundles(ben, desk.stick)[0]
    bundle = next(one for one in made if "Ada" in one.recipient)
    applied = merge(desk.ada, bundle.path)
    assert any("keys that are not its own" in one for one in applied.notes)
    assert applied.refused == 1
    assert not desk.ada.read_now(lambda s: has_foreign_keys(s.connection()))
    assert signed_roster(desk.ada)[1].version == desk.roster.version
    (desk.stick / "roster").write_bytes(signed.encode())
    came, _ = take_folder(desk.ada, desk.stick)
    (refused,) = [one for one in came if one.name == "roster"]
    assert refused.outcome == "refused"
    # A vault into which an earlier fieldkit took it says so until a right one comes.
    desk.ada.write_now(use_roster, signed, read_kept_roster(signed), desk.ada.author.device)
    assert desk.ada.read_now(lambda s: has_foreign_keys(s.connection()))
    assert "keys that are not its own" in refused.said[0]


def test_an_enrolment_done_again_brings_the_laptops_own_signature(desk: Desk) -> None:
    """So a roster of an earlier fieldkit comes into today's form, one laptop at a time."""
    roster = desk.roster
    bare = tuple(replace(one, request=None) for one in roster.devices)
    desk.central._propose(replace(roster, devices=bare, version=roster.version + 1, root=b""))
    desk.central.enrol(desk.team.folder / "ada.request")
    proposal = desk.central.proposal
    assert proposal is not None
    assert [one.person for one in proposal.devices if one.request] == ["Ada"]
