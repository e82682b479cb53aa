"""Local, exported, received: from what was disclosed and receipted, against the ops."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.feed.refused import refused_here
from storage.history import delivery, feed_rows
from storage.history.history import history
from storage.history.recent import changed_since, last_written
from storage.ops.op import DELETED, MAIN, FeedId, OpId
from storage.records import CaseKey, Disclosure, Note, Receipt
from storage.records.registry import uncounted
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.colleague import Colleague

AT = "2026-07-06T09:00:00.000Z"
DEVICE = "aaaa000000000000"
FEED = f"{DEVICE}/1/main"

EVERYTHING = 10**9
"""A share of no op, so that only ``FEW`` says what is read where it lies."""


def note(vault: Vault, text: str = "a word") -> str:
    made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text=text)
    vault.write_now(lambda s: s.add(made))
    return made.id


def feed(vault: Vault, kind: str = "main") -> str:
    return f"{vault.author.device}/1/{kind}"


def last(vault: Vault, kind: str = "main") -> int:
    query = f"SELECT seq FROM feed WHERE kind = '{kind}' AND device = '{vault.author.device}'"
    return vault.read_now(lambda s: int(s.connection().exec_driver_sql(query).scalar() or 0))


def disclosure(covers: dict[str, Any]) -> Disclosure:
    return Disclosure.make(what="bundle", recipient="central", at=AT, covers=covers)


def receipt(covers: dict[str, Any]) -> Receipt:
    return Receipt.make(central="central", at=AT, covers=covers)


def states(vault: Vault, kind: str | None = "note") -> dict[str, str]:
    return vault.read_now(lambda s: dict(delivery.states(s.connection(), kind)))


def test_a_record_goes_from_local_to_received_and_back_by_a_change(vault: Vault) -> None:
    first, second = note(vault), note(vault)
    assert states(vault) == {first: "local", second: "local"}
    covered = last(vault)
    vault.write_now(lambda s: s.add(disclosure({feed(vault): covered})))
    assert states(vault) == {first: "exported", second: "exported"}
    vault.write_now(lambda s: s.add(receipt({feed(vault): covered - 1})))
    assert states(vault) == {first: "received", second: "exported"}
    vault.write_now(lambda s: s.get(Note, first).change(text="again"))  # type: ignore[union-attr]  # it is there
    assert states(vault) == {first: "local", second: "exported"}
    third = note(vault)
    vault.write_now(lambda s: s.add(receipt({feed(vault): covered})))
    assert states(vault) == {first: "local", second: "received", third: "local"}


def test_a_receipt_alone_says_that_it_left(vault: Vault) -> None:
    """The disclosure may be lost with a restored backup; central's word is enough."""
    record = note(vault)
    vault.write_now(lambda s: s.add(receipt({feed(vault): 1})))
    assert states(vault) == {record: "received"}
    assert vault.read_now(lambda s: delivery.unsent(s.connection())) == {}


def test_an_older_cover_takes_nothing_back(vault: Vault) -> None:
    record = note(vault)
    vault.write_now(lambda s: s.add(disclosure({feed(vault): 1})))
    vault.write_now(lambda s: s.add(disclosure({feed(vault): 0})))
    assert states(vault) == {record: "exported"}


def test_figures_that_are_none_say_nothing(vault: Vault) -> None:
    record = note(vault)
    vault.write_now(lambda s: s.add(disclosure({feed(vault): True, "x": 9})))
    vault.write_now(lambda s: s.add(disclosure({feed(vault): "9"})))
    vault.write_now(lambda s: s.add(disclosure({feed(vault): [9]})))
    assert states(vault) == {record: "local"}


def test_keys_are_local_until_they_are_sent_themselves(vault: Vault) -> None:
    record = note(vault)
    key = CaseKey.make(inspection_id="i", case_id="c", force_ref="42/1/26")
    key_id = key.id
    vault.write_now(lambda s: s.add(key))
    assert vault.read_now(lambda s: delivery.unsent(s.connection())) == {"note": 1}
    assert vault.read_now(lambda s: delivery.unsent(s.connection(), with_key=True)) == {
        "case_key": 1,
        "note": 1,
    }
    covered = last(vault)
    vault.write_now(lambda s: s.add(disclosure({feed(vault): covered})))
    assert states(vault, None) == {record: "exported", key_id: "local"}
    vault.write_now(lambda s: s.add(disclosure({feed(vault, "key"): 1})))
    assert states(vault, None) == {record: "exported", key_id: "exported"}


def test_records_about_sending_and_looking_are_not_counted(vault: Vault) -> None:
    record = note(vault)
    vault.read_now(lambda s: vault.author.consult("note", record))
    vault.write_now(lambda s: s.add(disclosure({})))
    vault.write_now(lambda s: s.add(receipt({})))
    assert states(vault, None) == {record: "local"}
    assert vault.read_now(lambda s: delivery.unsent(s.connection())) == {"note": 1}
    for kind in uncounted():
        assert states(vault, kind) == {}


def test_a_deletion_is_something_to_send(vault: Vault) -> None:
    record = note(vault)
    vault.write_now(lambda s: s.add(disclosure({feed(vault): 1})))
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    assert states(vault) == {record: "local"}
    assert vault.read_now(lambda s: delivery.unsent(s.connection())) == {"note": 1}


def test_what_came_from_a_colleague_has_left_their_laptop(vault: Vault) -> None:
    record = note(vault)
    colleague = Colleague(DEVICE)
    theirs = colleague.write(
        ("note", "theirs"),
        {"inspection_id": "i", "parent_kind": "case", "parent_id": "c", "text": "t"},
        verb="create",
    )
    vault.write_now(colleague.hand_over, [theirs])
    mine = vault.author.device

    def seen(device: str | None) -> dict[str, str]:
        return vault.read_now(
            lambda s: dict(delivery.states(s.connection(), "note", device=device))
        )

    assert seen(mine) == {record: "local", "theirs": "exported"}
    assert seen(None) == {record: "local", "theirs": "local"}
    assert vault.read_now(lambda s: delivery.unsent(s.connection(), device=mine)) == {"note": 1}
    vault.write_now(lambda s: s.add(receipt({FEED: 1})))
    assert seen(mine) == {record: "local", "theirs": "received"}


def slowly(s: Session, kind: str, device: str | None) -> dict[str, str]:
    """The definition: each op by itself, and a record as its least advanced op."""
    covers: dict[str, dict[str, int]] = {"disclosure": {}, "receipt": {}}
    for table, held in covers.items():
        for (one,) in s.connection().exec_driver_sql(f"SELECT covers FROM {table}"):
            for name, seq in json.loads(one).items():
                held[name] = max(seq, held.get(name, 0))
    order = ["local", "exported", "received"]
    found: dict[str, str] = {}
    rows = s.connection().exec_driver_sql(
        f"SELECT device, epoch, kind, seq, record FROM op WHERE record_kind = '{kind}'"
    )
    for laptop, epoch, name, seq, record in rows:
        place = f"{laptop}/{epoch}/{name}"
        state = "local"
        if seq <= covers["disclosure"].get(place, 0) or (device and laptop != device):
            state = "exported"
        if seq <= covers["receipt"].get(place, 0):
            state = "received"
        found[record] = min(found.get(record, "received"), state, key=order.index)
    return found


COVERS = st.fixed_dictionaries(
    {}, optional={"own": st.integers(0, 9), "key": st.integers(0, 3), "theirs": st.integers(0, 5)}
)


@pytest.mark.parametrize("few", [0, 2000])
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(COVERS, max_size=3), st.lists(COVERS, max_size=3), st.booleans())
def test_it_is_the_definition_by_either_way_of_reading(
    vault: Vault, few: int, left: list[dict[str, int]], arrived: list[dict[str, int]], own: bool
) -> None:
    device = vault.author.device if own else None
    names = {"own": feed(vault), "key": feed(vault, "key"), "theirs": FEED}

    class TakenBackError(Exception):
        pass

    def job(s: Session) -> None:
        colleague = Colleague(DEVICE)
        notes = [
            Note.make(inspection_id="i", parent_kind="case", parent_id="c", text=f"n{n}")
            for n in range(3)
        ]
        s.add_all(notes)
        s.flush()
        for number, one in enumerate(notes):
            one.change(text=f"again {number}")
            s.flush()
        colleague.hand_over(
            s, [colleague.write(("note", one.id), {"polarity": "context"}) for one in notes[:2]]
        )
        for said in left:
            s.add(disclosure({names[name]: seq for name, seq in said.items()}))
        for said in arrived:
            s.add(receipt({names[name]: seq for name, seq in said.items()}))
        s.flush()
        assert dict(delivery.states(s.connection(), "note", device=device)) == slowly(
            s, "note", device
        )
        raise TakenBackError

    before = feed_rows.FEW, feed_rows.SHARE
    feed_rows.FEW, feed_rows.SHARE = few, EVERYTHING
    try:
        with pytest.raises(TakenBackError):
            vault.write_now(job)
    finally:
        feed_rows.FEW, feed_rows.SHARE = before


def test_what_was_written_since_a_moment(vault: Vault) -> None:
    early = note(vault)
    clock = vault.author.clock
    now = clock.wall()
    clock.wall = lambda: now + 60_000
    late = note(vault)
    vault.write_now(lambda s: s.get(Note, early))
    found = vault.read_now(lambda s: changed_since(s.connection(), now + 60_000))
    assert found == {late}
    assert vault.read_now(lambda s: changed_since(s.connection(), 0)) == {early, late}
    assert vault.read_now(lambda s: changed_since(s.connection(), now + 60_001)) == set()
    vault.write_now(lambda s: s.get(Note, early).change(text="now"))  # type: ignore[union-attr]  # it is there
    assert vault.read_now(lambda s: changed_since(s.connection(), now + 60_000)) == {early, late}


def test_an_op_that_counts_for_nothing_is_no_writing(vault: Vault) -> None:
    known, ours = note(vault), note(vault)
    wrote = vault.read_now(lambda s: last_written(s.connection(), [known, ours]))
    later = vault.author.clock.wall() + 60_000

    def job(s: Session) -> None:
        # What a note lies in is written once.
        colleague = Colleague(DEVICE)
        moved = colleague.write((Note.KIND, known), {"parent_id": "x"}, ms=later)
        colleague.hand_over(s, [moved])

    vault.write_now(job)
    refusals = vault.read_now(lambda s: refused_here(s.connection()))
    assert [one.record[1] for one in refusals] == [known]
    assert known not in vault.read_now(lambda s: changed_since(s.connection(), later))
    assert vault.read_now(lambda s: last_written(s.connection(), [known, ours])) == wrote


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12), st.integers(0, 40))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_halving_finds_what_reading_all_would(vault: Vault, gaps: list[int], ms: int) -> None:
    class TakenBackError(Exception):
        pass

    def job(s: Session) -> None:
        colleague = Colleague(DEVICE)
        made, at = [], 0
        for number, gap in enumerate(gaps):
            at += gap
            made.append(colleague.write(("note", f"n{number}"), {"text": "x"}, ms=at))
        colleague.hand_over(s, made)
        expected = {one.record[1] for one in made if int(one.hlc[:12], 16) >= ms}
        assert changed_since(s.connection(), ms) == expected
        raise TakenBackError

    with pytest.raises(TakenBackError):
        vault.write_now(job)


def test_a_colleagues_receipt_is_no_proof_here(vault: Vault) -> None:
    record = note(vault)
    colleague = Colleague(DEVICE)
    said = {"central": "central", "at": AT, "covers": {feed(vault): 9}}
    forged = colleague.write(("receipt", "forged"), dict(said), verb="create")
    left = {"what": "bundle", "recipient": "central", "at": AT, "covers": {feed(vault): 9}}
    told = colleague.write(("disclosure", "forged"), left, verb="disclose")
    vault.write_now(colleague.hand_over, [forged, told])
    assert states(vault) == {record: "local"}
    assert vault.read_now(lambda s: delivery.covered(s.connection())) == ({}, {})


def test_a_colleagues_hand_in_an_own_receipt_changes_nothing(vault: Vault) -> None:
    record = note(vault)
    later = note(vault)
    own = receipt({feed(vault): 1})
    own_id = own.id
    vault.write_now(lambda s: s.add(own))
    colleague = Colleague(DEVICE)
    raised = colleague.write(("receipt", own_id), {"covers": {feed(vault): 9}}, ms=2**43)
    vault.write_now(colleague.hand_over, [raised])
    assert vault.read_now(lambda s: s.get(Receipt, own_id).covers) == {feed(vault): 9}  # type: ignore[union-attr]  # it is there
    assert states(vault) == {record: "received", later: "local"}


@pytest.mark.parametrize("how", ["deletion", "circle"])
def test_a_colleague_takes_no_own_receipt_away(vault: Vault, how: str) -> None:
    record = note(vault)
    mine = receipt({feed(vault): 1})
    own_id = mine.id
    vault.write_now(lambda s: s.add(mine))
    assert states(vault) == {record: "received"}
    (made,) = vault.read_now(history, "receipt", own_id)
    colleague = Colleague(DEVICE)
    if how == "deletion":
        theirs = [
            colleague.write(("receipt", own_id), {DELETED: True}, base=[made.op], verb="delete")
        ]
    else:  # two that replace each other leave no field of the record any leaf
        places = [OpId(DEVICE, 1, MAIN, seq) for seq in (1, 2)]
        fields = {name: {} if name == "covers" else "x" for name in made.fields}
        theirs = [
            colleague.write(("receipt", own_id), fields, base=sorted([made.op, other]))
            for other in reversed(places)
        ]
    vault.write_now(colleague.hand_over, theirs)
    assert vault.read_now(lambda s: s.get(Receipt, own_id)) is not None
    assert states(vault) == {record: "received"}
    # Whether it was kept with the connection or is read anew.
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert states(again) == {record: "received"}


@pytest.mark.parametrize("share", [1, EVERYTHING])
def test_what_is_read_where_it_lies_is_what_the_index_gives(
    vault: Vault, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = note(vault)
    vault.write_now(lambda s: s.add(receipt({feed(vault): 1})))
    monkeypatch.setattr(feed_rows, "FEW", 0)
    monkeypatch.setattr(feed_rows, "SHARE", share)
    assert states(vault) == {record: "received"}
    later = note(vault)
    until = last(vault)
    vault.write_now(lambda s: s.add(receipt({feed(vault): until})))
    assert states(vault) == {record: "received", later: "received"}


def test_nothing_is_covered_beyond_what_is_known(vault: Vault) -> None:
    note(vault)
    vault.write_now(lambda s: s.add(receipt({feed(vault): 99, FEED: 5, "x": 1})))
    last_op = last(vault)
    assert vault.read_now(lambda s: delivery.covered(s.connection())[1]) == {
        FeedId.parse(feed(vault)): last_op
    }
    later = note(vault)
    assert states(vault)[later] == "received"


def counted_slowly(s: Session) -> tuple[int, str]:
    """Count what central has not confirmed op by op."""
    author = s.info["author"]
    arrived = delivery.covered(s.connection())[1].get(FeedId(author.device, author.epoch, MAIN), 0)
    rows = s.connection().exec_driver_sql(
        "SELECT wall, record_kind FROM op WHERE device = ? AND kind = 'main' AND seq > ? "
        "AND bytes IS NOT NULL ORDER BY seq",
        (author.device, arrived),
    )
    walls = [wall for wall, kind in rows if kind not in uncounted()]
    return len(walls), walls[0] if walls else ""


@given(st.lists(st.sampled_from("note look take stub key receipt".split()), max_size=12))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_waits_for_central_is_counted_without_reading_it(
    vault: Vault, steps: list[str]
) -> None:
    class TakenBackError(Exception):
        pass

    def job(s: Session) -> None:
        author = s.info["author"]
        for step in steps:
            made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text=step)
            if step == "note":
                s.add(made)
            elif step == "look":
                author.consult("note", made.id)
                continue
            elif step == "key":
                s.add(CaseKey.make(inspection_id="i", case_id=made.id, force_ref="x"))
            elif step == "stub":
                s.connection().exec_driver_sql(
                    "UPDATE op SET bytes = NULL WHERE record_kind = 'note' AND seq = "
                    "(SELECT MAX(seq) FROM op WHERE record_kind = 'note' AND bytes IS NOT NULL)"
                )
            else:
                known = delivery.known_feeds(s.connection())
                mine = known.get(FeedId(author.device, author.epoch, MAIN), 0)
                s.add(receipt({feed(vault): mine if step == "receipt" else mine // 2}))
            s.flush()
            counted = delivery.unconfirmed_since(s.connection(), author.device)
            assert counted == counted_slowly(s)
        author.pending.clear()
        author.consulted.clear()
        raise TakenBackError

    with pytest.raises(TakenBackError):
        vault.write_now(job)
