"""Whoever holds a laptop's key redacts falsely: what is shown, what goes, and what comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from fieldkit.exchange.exchange import exchange
from fieldkit.history.record_history import record_history
from fieldkit.inspections.home import home
from storage.exchange.erase import erase
from storage.exchange.exchange import write_bundles
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.exchange.receipts import take_signed_receipt
from storage.feed.writer import Writer
from storage.history.history import history
from storage.ops.op import Op, decode
from storage.records import Judgment
from storage.redaction.redact import redact
from storage.trust.roster import Roster
from storage.vault.vault import Vault
from tests.storage.bundle.test_entries import SUPPOSED, entry, redaction
from tests.storage.forging import an_op, craft
from tests.storage.team.office import Office
from tests.storage.team.test_revoked import received
from tests.storage.travelling import INSPECTION, feed, notes, sound, work, written

LIE = {"grade": "inadequate", "rationale": "what Ada never wrote"}


def roster(office: Office) -> Roster:
    return office.central.roster()[1]


def judgment_of(vault: Vault) -> Op:
    """The laptop's own op of its judgment."""
    return next(
        made
        for made in (decode(data) for data in written(vault) if data)
        if made.record[0] == "judgment"
    )


def of(op: Op, *, gone: str = ".reason", **fields: Any) -> dict[str, Any]:
    """What a redaction tells of an op; of some fields otherwise than it is."""
    told = {"id": str(op.id), "hlc": op.hlc, "wall": op.wall, "who": op.who, "op": op.op}
    base = [str(one) for one in op.base]
    return told | {"fields": op.fields | fields, "base": base, "gone": [gone]}


def named_in(op: Op) -> dict[str, Any]:
    """What a later redaction tells of one that it takes the place of."""
    told = {"id": str(op.id), "hlc": op.hlc, "wall": op.wall, "who": op.who}
    return told | {"field": "text", "reason": op.reason or ""}


def shown(vault: Vault) -> list[tuple[str, str]]:
    query = "SELECT grade, rationale FROM judgment"
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())
    return [(grade, rationale) for grade, rationale in rows]


def kept(vault: Vault, by: Vault) -> dict[int, bytes | None]:
    """The bytes here of a laptop's main feed."""
    query = "SELECT seq, bytes FROM op WHERE device = ? AND kind = 'main' ORDER BY seq"
    device = (by.author.device,)
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query, device).all())
    return dict(map(tuple, rows))


@pytest.fixture
def a(office: Office) -> Op:
    """Ada's judgment, which Cas has too."""
    office.ada.write_now(work, words="names a child")
    exchange(office.ada, office.stick)
    exchange(office.cas, office.stick)
    office.empty()
    return judgment_of(office.ada)


def both(office: Office, a: Op) -> tuple[Op, Op]:
    """Two redactions of Ben's: one that lies, and a true one that takes the bytes."""
    lie = redaction(office.ben, a.record, of(a, **LIE))
    true = of(a, gone="rationale", rationale="[redacted]")
    fields = {"field": "rationale", "entries": [true]}
    return lie, an_op(office.ben, 2, op="redact", record=a.record, reason="x", fields=fields)


def give(office: Office, to: Vault, *ops: Op) -> None:
    merge(to, craft(office.ben, roster(office), office.stick, ops, to=to))


def test_a_laptops_own_redaction_stands_against_a_lie(office: Office, a: Op) -> None:
    lie, _ = both(office, a)
    for each in (office.ada, office.cas):
        give(office, each, lie)
        assert shown(each) == [("good", "names a child")]
    office.ada.write_now(redact, *a.record, "rationale", "a child was named")
    office.empty()
    for full in (False, True):
        write_bundles(office.ada, office.stick, full=full)
        exchange(office.cas, office.stick)
        assert shown(office.ada) == shown(office.cas) == [("good", "[redacted]")]
    assert kept(office.ada, office.ben) == kept(office.cas, office.ben)
    # Nothing that she writes is refused for it.
    (one,) = office.central.ingest([export(office.ada, office.stick).path]).files
    assert (one.outcome, one.word) == ("taken", "")


def test_whoever_redacts_again_takes_a_lie_along(office: Office, a: Op) -> None:
    """Cas has the words, so his own redaction repeats what the entry says, and the lie goes."""
    lie, _ = both(office, a)
    for each in (office.ada, office.cas):
        give(office, each, lie)
    office.cas.write_now(redact, *a.record, "rationale", "a child was named")
    office.empty()
    exchange(office.cas, office.stick)
    exchange(office.ada, office.stick)
    for each in (office.ada, office.cas):
        assert shown(each) == [("good", "[redacted]")]
        assert kept(each, office.ben) == {1: None}
        assert sound(each)


def test_what_is_left_of_a_redacted_entry_is_its_redactors_word(office: Office, a: Op) -> None:
    """The lie counts for nothing until a second op takes the bytes; then it stands as Ben's."""
    lie, true = both(office, a)
    give(office, office.ada, lie, true)
    give(office, office.cas, lie)
    assert shown(office.cas) == [("good", "names a child")]
    give(office, office.cas, lie, true)
    for each in (office.ada, office.cas):
        assert shown(each) == [("inadequate", "[redacted]")]
        assert sound(each)
        steps = each.read_now(history, *a.record)
        assert {one.who for one in steps} == {office.ben.person.id}
        assert {one.device for one in steps} == {office.ben.author.device}
        assert steps[0].of_device == office.ada.author.device
        first, *_ = each.read_now(record_history, *a.record)
        assert first.who == "Ben"
        whose = "this laptop" if each is office.ada else "Ada"
        assert f"what they left of an entry of {whose}" in first.did
    said = office.ada.read_now(home, INSPECTION).deleted
    assert said.startswith("Ben redacted words in 1 judgment, yours")


def test_two_who_redact_different_fields_of_one_entry_both_count(office: Office) -> None:
    """Neither sees what the other takes out; who redacts once more takes it out of the file."""

    def begin(session: Any) -> None:
        work(session, words="a note")
        (judgment,) = (one for one in session.new if isinstance(one, Judgment))
        judgment.change(rationale="FIRSTNAME", concern="SECONDNAME")

    office.ada.write_now(begin)
    a = judgment_of(office.ada)
    for each in (office.ada, office.ben, office.cas):
        exchange(each, office.stick)
    office.empty()
    office.ben.write_now(redact, *a.record, "rationale", "one")
    office.cas.write_now(redact, *a.record, "concern", "two")
    for _ in range(2):
        for each in (office.ben, office.cas, office.ada):
            exchange(each, office.stick)
    query = "SELECT grade, rationale, concern FROM judgment"
    for each in (office.ada, office.ben, office.cas):
        rows = each.read_now(lambda s: s.connection().exec_driver_sql(query).all())
        assert [tuple(row) for row in rows] == [("good", "[redacted]", "[redacted]")]
        assert sound(each)
    office.ada.write_now(redact, *a.record, "concern", "once more")
    for each in (office.ada, office.ben, office.cas):
        exchange(each, office.stick)
        for by in (office.ada, office.ben, office.cas):
            left = b"".join(filter(None, kept(each, by).values()))
            assert b"FIRSTNAME" not in left and b"SECONDNAME" not in left
        rows = each.read_now(lambda s: s.connection().exec_driver_sql(query).all())
        assert [tuple(row) for row in rows] == [("good", "[redacted]", "[redacted]")]


def test_what_a_revoked_laptop_took_comes_back_in_spite_of_its_lie(office: Office, a: Op) -> None:
    """Central accepts the lie and not the redaction that took the bytes."""
    lie, true = both(office, a)
    office.central.ingest([craft(office.ben, roster(office), office.stick, [lie])])
    give(office, office.ada, lie)
    give(office, office.cas, lie, true)
    office.empty()
    office.central.revoke(office.ben.author.device)
    office.sign()
    exchange(office.ada, office.stick)
    exchange(office.cas, office.stick)
    assert sound(office.cas)
    write_bundles(office.ada, office.stick, full=True)
    exchange(office.cas, office.stick)
    assert shown(office.cas) == shown(office.ada) == [("good", "names a child")]
    assert sound(office.cas)


def test_a_lie_of_another_record_gains_nothing_by_a_revocation(office: Office, a: Op) -> None:
    lie = redaction(office.ben, SUPPOSED, of(a, **LIE) | {"fields": entry(office.ada, 1)["fields"]})
    _, true = both(office, a)
    office.central.ingest([craft(office.ben, roster(office), office.stick, [lie])])
    give(office, office.cas, lie, true)
    before = notes(office.cas)
    office.empty()
    office.central.revoke(office.ben.author.device)
    office.sign()
    exchange(office.cas, office.stick)
    assert sound(office.cas)
    assert notes(office.cas) == before


def test_what_was_erased_stays_so_after_a_revocation(office: Office) -> None:
    office.ada.write_now(work, words="names a child")
    proposal = office.central.proposal or replace(
        roster(office), version=roster(office).version + 1, root=b""
    )
    office.central._propose(replace(proposal, grace_days=0))
    office.sign()
    exchange(office.ada, office.stick)
    a = judgment_of(office.ada)
    received(office, office.cas)
    office.cas.write_now(erase, INSPECTION, with_keys=True)
    assert kept(office.cas, office.ada)[a.id.seq] is None
    entries = [of(a, gone="rationale", rationale="[redacted]")]

    def late(session: Any) -> None:
        writer = Writer(session.connection(), session.info["author"])
        fields = {"field": "rationale", "entries": entries}
        writer.append("main", "redact", a.record, fields, [], "x")
        writer.flush()

    office.ben.write_now(late)
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    office.empty()
    office.central.revoke(office.ben.author.device)
    office.sign()
    exchange(office.cas, office.stick)
    write_bundles(office.ada, office.stick, full=True)
    exchange(office.cas, office.stick)
    assert kept(office.cas, office.ada)[a.id.seq] is None
    assert shown(office.cas) == []


def test_an_empty_redaction_keeps_no_earlier_one_alive(office: Office, a: Op) -> None:
    """What was redacted twice is out of Cas's file, whatever Ben says of the second time."""

    def change(session: Any) -> None:
        session.get(Judgment, a.record[1]).change(rationale="another", concern="SECONDNAME")

    office.ada.write_now(change)
    office.ada.write_now(redact, *a.record, "rationale", "one")
    exchange(office.ada, office.stick)
    exchange(office.cas, office.stick)
    office.empty()
    office.ada.write_now(redact, *a.record, "concern", "two")
    tells = [one for one in map(decode, filter(None, written(office.ada))) if one.op == "redact"]
    assert tells[-1].fields["also"]
    blind = redaction(office.ben, a.record, also=[named_in(tells[-1])])
    give(office, office.cas, blind)
    give(office, office.ada, blind)
    office.empty()
    exchange(office.ada, office.stick)
    exchange(office.cas, office.stick)
    here, there = kept(office.ada, office.ada), kept(office.cas, office.ada)
    assert {seq: here[seq] for seq in there} == there
    assert not any(data and b"SECONDNAME" in data for data in there.values())


def test_words_that_central_never_had_are_sent_again(office: Office) -> None:
    """Ben hands Ada's feed in without a note's words; she hears of it and sends them."""
    office.ada.write_now(work)
    office.note(office.ada, "the only copy")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.empty()
    mine = next(
        made
        for made in (decode(data) for data in written(office.ada) if data)
        if made.fields.get("text") == "the only copy"
    )

    def hide(session: Any) -> None:
        writer = Writer(session.connection(), session.info["author"])
        fields = {"field": "text", "entries": [], "also": [named_in(mine)]}
        writer.append("main", "redact", SUPPOSED, fields, [], "x")
        writer.flush()
        session.connection().exec_driver_sql(
            "UPDATE op SET bytes = NULL WHERE device = ? AND kind = 'main' AND seq = ?",
            (mine.id.device, mine.id.seq),
        )

    office.ben.write_now(hide)
    office.hand_in(office.ben)
    receipt = office.central.receipt(office.ada.author.device)
    assert receipt.value()["covers"][str(feed(office.ada))][0] >= mine.id.seq
    assert receipt.value()["digests"] == {str(feed(office.ada)): [mine.id.seq]}
    said = take_signed_receipt(office.ada, receipt)
    assert said.covers[feed(office.ada)] == mine.id.seq - 1
    office.hand_in(office.ada)
    assert office.central.report().inspections[0].counts["note"] == 2
    said = take_signed_receipt(office.ada, office.central.receipt(office.ada.author.device))
    assert said.covers[feed(office.ada)] >= mine.id.seq


def test_more_leaves_than_a_base_may_name_break_nobodys_feed(office: Office, a: Op) -> None:
    many = [
        an_op(office.ben, seq, op="set", record=a.record, fields={"concern": "x"})
        for seq in range(1, 4098)
    ]
    for each in (office.ada, office.cas):
        give(office, each, *many)
    office.ada.write_now(lambda s: s.get(Judgment, a.record[1]).change(rationale="better"))  # type: ignore[union-attr]
    last = json.loads(written(office.ada)[-1])
    assert sorted(last["base"]) == sorted([str(a.id), str(many[-1].id)])
    office.ada.write_now(lambda s: s.delete(s.get(Judgment, a.record[1])))
    office.note(office.ada, "a later note")
    office.empty()
    exchange(office.ada, office.stick)
    exchange(office.cas, office.stick)
    assert "a later note" in notes(office.cas)
    (one,) = office.central.ingest([export(office.ada, office.stick).path]).files
    assert one.outcome == "taken"
