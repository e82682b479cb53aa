"""A revoked laptop: what stands of it goes everywhere, what is beyond its time nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.exchange.exchange import exchange
from storage.database.tables import ops
from storage.exchange.erase import erase
from storage.exchange.export import export
from storage.exchange.receipts import take_signed_receipt
from storage.ops.canonical_json import MalformedError
from storage.redaction.redact import redact
from storage.trust.current import roster_in
from storage.trust.roster import PlannedInspection
from storage.trust.roster_document import roster_from_value
from storage.vault.vault import Vault
from tests.storage.team.office import Office
from tests.storage.travelling import INSPECTION, feed, notes, work

NAME = "A child’s name: Zacharias Quince"


def aside(vault: Vault) -> bytes:
    """The bytes of all that is kept apart."""
    query = "SELECT bytes FROM apart_op WHERE bytes IS NOT NULL"
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())
    return b"".join(data for (data,) in rows)


def test_what_stands_is_passed_on_by_whoever_cut_it(office: Office) -> None:
    """Ben never held a signature of hers at the place where her feed ends now."""
    office.ada.write_now(work)
    office.note(office.ada, "before")
    office.hand_in(office.ada)
    office.empty()
    office.note(office.ada, "after")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    assert {"before", "after"} <= notes(office.ben)
    office.empty()
    office.central.revoke(office.ada.author.device)
    office.sign()
    exchange(office.ben, office.stick)
    assert "before" in notes(office.ben)
    assert "after" not in notes(office.ben)
    exchange(office.cas, office.stick)
    assert notes(office.cas) == notes(office.ben)
    exchange(office.ben, office.stick)
    # And from him it goes on as from anybody.
    kept = office.cas.read_now(lambda s: s.connection().execute(ops.select()).all())
    assert any(row.device == office.ada.author.device for row in kept)


def test_a_signature_of_another_past_is_of_no_use(office: Office) -> None:
    office.ada.write_now(work)
    office.hand_in(office.ada)
    office.central.revoke(office.ada.author.device)
    proposal = office.central.proposal
    assert proposal is not None
    entry = proposal.device(office.ada.author.device)
    assert entry is not None
    assert entry.until is not None
    assert entry.signed.keys() == entry.until.keys()
    spoiled = {name: (bytes(32), sig) for name, (_, sig) in entry.signed.items()}
    office.central._propose(proposal.with_device(replace(entry, signed=spoiled)))
    office.sign()
    exchange(office.ben, office.stick)
    kept = "SELECT count(*) FROM signed_head WHERE device = ?"
    found = office.ben.read_now(
        lambda s: s.connection().exec_driver_sql(kept, (entry.id,)).scalar()
    )
    assert found == 0


def test_a_roster_vouches_only_for_ends_that_it_names(office: Office) -> None:
    _, roster = office.central.roster()
    value = roster.value()
    value["devices"][0]["signed"] = {str(feed(office.ada)): ["00" * 32, "00" * 64]}
    with pytest.raises(MalformedError, match="vouches"):
        roster_from_value(value)
    value["devices"][0]["until"] = {str(feed(office.ada)): 3}
    assert roster_from_value(value).value() == value
    for wrong in (["00" * 32], ["00" * 31, "00" * 64], ["00" * 32, "zz" * 64], 7):
        value["devices"][0]["signed"] = {str(feed(office.ada)): wrong}
        with pytest.raises(MalformedError):
            roster_from_value(value)


def test_nothing_is_accepted_while_the_signature_is_awaited(office: Office) -> None:
    office.ada.write_now(work)
    office.hand_in(office.ada)
    office.central.revoke(office.ada.author.device)
    office.note(office.ada, "by whoever has the laptop now")
    (one,) = office.central.ingest([export(office.ada, office.stick).path]).files
    assert (one.ops, sum(one.revoked.values())) == (0, 2)
    office.sign()
    (said,) = office.central.roster()[1].devices[-1:]
    assert said.until is not None
    covers = office.central.receipt(office.ben.author.device).value()["covers"]
    assert covers[str(feed(office.ada))][0] == said.until[feed(office.ada)]


def test_what_is_kept_apart_is_redacted_and_erased_too(office: Office) -> None:
    office.ada.write_now(work)
    office.hand_in(office.ada)
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.empty()
    # A name goes to both, and Ben takes it out, before anybody knows of the revocation.
    named = office.note(office.ada, NAME)
    office.note(office.ada, "something else of hers")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.ben.write_now(redact, "note", named, "text", "a child was named")
    office.central.revoke(office.ada.author.device)
    proposal = office.central.proposal
    assert proposal is not None
    office.central._propose(replace(proposal, grace_days=0))
    office.sign()
    # Cas hears of the revocation first, so that the name comes to her only to be kept apart.
    exchange(office.cas, office.stick)
    assert NAME.encode() in aside(office.cas)
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    assert NAME.encode() not in aside(office.cas)
    assert b"something else of hers" in aside(office.cas)
    received(office, office.cas)
    office.cas.write_now(erase, INSPECTION, with_keys=True)
    assert b"something else of hers" not in aside(office.cas)
    assert INSPECTION.encode() not in aside(office.cas)


def received(office: Office, vault: Vault) -> None:
    """Central has all of a laptop's, of colleagues' too, and it knows."""
    exchange(office.ben, office.stick)
    exchange(vault, office.stick)
    office.central.ingest([office.stick])
    take_signed_receipt(vault, office.central.receipt(vault.author.device))
    roster = vault.read_now(lambda s: roster_in(s.connection()))
    assert roster is not None
    assert roster.grace_days == 0


def test_what_was_proposed_after_the_copy_that_was_signed_is_not_lost(office: Office) -> None:
    office.central.plan(PlannedInspection("99999999-2222-4333-8444-555555555555", "Eastshire"))
    carried = office.central.proposal
    assert carried is not None
    office.central.revoke(office.ada.author.device)
    signed = office.root.sign(carried)
    office.central.take_roster(signed)
    waiting = office.central.proposal
    assert waiting is not None
    assert waiting.version == carried.version + 1
    entry = waiting.device(office.ada.author.device)
    assert entry is not None
    assert entry.until == {}
    judging = office.central.judging().device(office.ada.author.device)
    assert judging is not None
    assert judging.until == {}
    office.sign()
    assert office.central.proposal is None


def test_a_redaction_that_does_not_count_explains_no_stub(office: Office) -> None:
    """Else central would confirm a note of which it has nothing but a digest."""
    office.ada.write_now(work)
    named = office.note(office.ada, "the only copy")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.empty()
    office.ben.write_now(redact, "note", named, "text", "to be rid of it")
    late = export(office.ben, office.stick).path
    office.central.revoke(office.ben.author.device)
    office.sign()
    office.central.ingest([late])
    covers = office.central.receipt(office.ada.author.device).value()["covers"]
    assert covers.get(str(feed(office.ada)), [0])[0] < 5
    office.hand_in(office.ada)
    counts = office.central.report().inspections[0].counts
    assert counts["note"] == 2
