"""One laptop's feed is in a bad way: colleagues still understand each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.exchange.exchange import exchange
from storage.bundle.errors import ForkError
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.exchange.receipts import take_signed_receipt
from storage.feed import positions
from storage.ops.op import MAIN, OpId
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.storage.forging import an_op, craft
from tests.storage.team.office import Office
from tests.storage.travelling import feed, notes, sound, work


def forked(office: Office) -> None:
    """Ada's laptop told Ben one thing and Cas and central another, under one id."""
    one, other = an_op(office.ada, 1), an_op(office.ada, 1, reason="told otherwise")
    _, known = office.central.roster()
    merge(office.ben, craft(office.ada, known, office.stick, [one], to=office.ben))
    merge(office.cas, craft(office.ada, known, office.stick, [other], to=office.cas))
    office.central.ingest([craft(office.ada, known, office.stick, [other])])
    office.empty()


def test_a_colleagues_fork_does_not_part_the_others(office: Office) -> None:
    forked(office)
    office.ben.write_now(work)
    office.note(office.ben, "of Ben’s")
    exchange(office.ben, office.stick)
    came = exchange(office.cas, office.stick)
    assert "of Ben’s" in notes(office.cas)
    assert any("Fork alarm" in said for one in came.came for said in one.said)
    (one,) = office.central.ingest([export(office.ben, office.stick).path]).files
    assert (one.outcome, one.word, "Fork alarm" in one.reason) == ("taken", "alarm", True)
    said = take_signed_receipt(office.ben, office.central.receipt(office.ben.author.device))
    assert feed(office.ben) in said.covers
    assert feed(office.ada) not in said.covers
    assert len(said.forks) == 1
    assert sound(office.cas)
    assert sound(office.ben)
    # From herself it is refused whole.
    again = craft(
        office.ada, office.central.roster()[1], office.stick, [an_op(office.ada, 1)], to=office.cas
    )
    with pytest.raises(ForkError):
        merge(office.cas, again)


def test_what_a_forked_laptop_wrote_after_its_time_counts_in_neither_past(office: Office) -> None:
    """Central has one op of hers; Ben holds another past, and keeps of it no more than that."""
    ops = [an_op(office.ada, seq) for seq in (1, 2, 3)]
    _, known = office.central.roster()
    merge(office.ben, craft(office.ada, known, office.stick, ops, to=office.ben))
    other = an_op(office.ada, 1, reason="told otherwise")
    office.central.ingest([craft(office.ada, known, office.stick, [other])])
    merge(office.cas, craft(office.ada, known, office.stick, [other], to=office.cas))
    office.empty()
    office.central.revoke(office.ada.author.device)
    office.sign()
    office.note(office.cas, "of Cas’s")
    exchange(office.cas, office.stick)
    came = exchange(office.ben, office.stick)
    assert any("Fork alarm" in said for one in came.came for said in one.said)
    assert notes_of(office.ben) >= {ops[0].record[1]}
    assert notes_of(office.ben).isdisjoint(op.record[1] for op in ops[1:])
    assert "of Cas’s" in notes(office.ben)
    assert sound(office.ben)
    late = craft(office.ada, known, office.stick, ops, to=office.ben)
    assert not merge(office.ben, late).changed
    assert notes_of(office.ben).isdisjoint(op.record[1] for op in ops[1:])


def notes_of(vault: Vault) -> set[str]:
    query = "SELECT id FROM note"
    return {one for (one,) in vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())}


def test_what_was_redacted_is_passed_on_by_others(office: Office) -> None:
    """Ada's laptop is broken; Ben redacted a note of hers; Cas still gets what came after it."""
    office.ada.write_now(work)
    named = office.note(office.ada, "a child’s name")
    office.note(office.ada, "after it")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.empty()
    office.ben.write_now(redact, "note", named, "text", "a child was named")
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    assert "after it" in notes(office.cas)
    assert "[redacted]" in notes(office.cas)
    office.central.ingest([export(office.ben, office.stick).path])
    covers = office.central.receipt(office.ben.author.device).value()["covers"]
    assert covers[str(feed(office.ada))][0] >= 6
    assert sound(office.cas)


def test_a_laptop_does_not_begin_anew_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert positions.MOST_FEEDS >= 100
    monkeypatch.setattr("storage.feed.positions.MOST_FEEDS", 3)
    made = [epoch(office, number) for number in range(2, 7)]
    outcomes = [office.central.ingest([path]).files[0] for path in made]
    assert [one.outcome for one in outcomes] == ["taken", "taken", "taken", "refused", "refused"]
    assert outcomes[-1].word == "too many feeds"


def epoch(office: Office, number: int) -> Path:
    """A bundle of one op of a further epoch of Ada's."""
    made = an_op(office.ada, 1, id=OpId(office.ada.author.device, number, MAIN, 1))
    return craft(office.ada, office.central.roster()[1], office.stick, [made], epoch=number)
