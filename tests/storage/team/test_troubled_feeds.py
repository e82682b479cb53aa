"""One laptop's feed is in a bad way: colleagues still understand each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.exchange.exchange import exchange
from storage.bundle.errors import ForkError
from storage.exchange.export import export
from storage.exchange.merge import merge, take_signed_receipt
from storage.feed import positions
from storage.history.history import history
from storage.ops.op import MAIN, OpId, digest, first_head, next_head
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


def test_the_roster_says_which_past_counts(office: Office) -> None:
    forked(office)
    office.central.revoke(office.ada.author.device)
    office.sign()
    exchange(office.ben, office.stick)
    assert head(office.ben, office.ada) is None
    exchange(office.cas, office.stick)
    exchange(office.ben, office.stick)
    assert head(office.ben, office.ada) == head(office.cas, office.ada) is not None
    assert sound(office.ben)


PIECES = [
    (0, 2, [(1, 4)]),
    (0, 2, [(3, 4), (1, 2)]),
    (0, 2, [(4, 4), (3, 3), (1, 2)]),
    (1, 3, [(1, 4)]),
    (1, 3, [(2, 4)]),
    (1, 3, [(3, 4), (1, 2)]),
    (1, 3, [(4, 4), (1, 3)]),
    (1, 3, [(4, 4), (3, 3), (1, 2)]),
]
"""How many of her ops Ben shares with everybody, how many he holds, and what comes to him then."""


@pytest.mark.parametrize(("shared", "number", "pieces"), PIECES)
def test_a_shorter_past_gives_way_to_the_one_that_counts(
    office: Office, shared: int, number: int, pieces: list[tuple[int, int]]
) -> None:
    """Ben holds some of her ops, of a past that nobody else has; hers ends with the fourth."""
    ops = [an_op(office.ada, seq, reason="told otherwise") for seq in range(1, 5)]
    _, known = office.central.roster()
    other = ops[:shared] + [an_op(office.ada, seq) for seq in range(shared + 1, number + 1)]
    merge(office.ben, craft(office.ada, known, office.stick, other, to=office.ben))
    before = notes_of(office.ben)
    assert len(before) == number
    office.central.ingest([craft(office.ada, known, office.stick, ops)])
    office.central.revoke(office.ada.author.device)
    office.sign()
    exchange(office.ben, office.stick)
    assert notes_of(office.ben) == before
    _, known = office.central.roster()
    heads = [first_head(feed(office.ada))]
    for one in ops:
        heads.append(next_head(heads[-1], digest(one.encode())))
    for first, last in pieces:
        piece = craft(
            office.ada, known, office.stick, ops[first - 1 : last],
            first=first, prev=heads[first - 1], to=office.ben,
        )  # fmt: skip
        assert merge(office.ben, piece).alarms == []
        assert sound(office.ben)
    for one in ops:
        (said,) = office.ben.read_now(history, *one.record)
        assert said.reason == "told otherwise"
    assert len(notes_of(office.ben)) == 4
    query = "SELECT seq, head FROM op WHERE device = ? ORDER BY seq"
    device = (office.ada.author.device,)
    rows = office.ben.read_now(lambda s: s.connection().exec_driver_sql(query, device).all())
    assert [(seq, data) for seq, data in rows] == list(enumerate(heads))[1:]


def notes_of(vault: Vault) -> set[str]:
    query = "SELECT id FROM note"
    return {one for (one,) in vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())}


def head(vault: Vault, of: Vault) -> bytes | None:
    query = "SELECT head FROM op WHERE device = ? AND seq = 1"
    found: bytes | None = vault.read_now(
        lambda s: s.connection().exec_driver_sql(query, (of.author.device,)).scalar()
    )
    return found


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
