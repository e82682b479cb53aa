"""Applying: once, in order, never over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from storage.bundle.apply import apply
from storage.bundle.errors import (
    DamagedBundleError,
    ForkError,
    MalformedBundleError,
    OwnFeedAheadError,
)
from storage.bundle.stream import stub_line
from storage.bundle.verify import verify
from storage.exchange.export import export
from storage.feed.replay import differences
from storage.ops.clock import stamp, wall_ms
from storage.ops.op import KEY, digest, first_head, next_head
from storage.records import Judgment
from storage.records.judgment import judgment_id
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft, lines_of, reseal
from tests.storage.travelling import INSPECTION, feed, work


def tables(session: Session) -> list[str]:
    return differences(session.connection())


def everything(session: Session) -> list[tuple[object, ...]]:
    run = session.connection().exec_driver_sql
    names = run("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").scalars().all()
    kept = [name for name in names if not name.startswith(("words", "sqlite"))]
    return [(name, *row) for name in kept for row in run(f'SELECT * FROM "{name}"')]


def test_the_same_bundle_again_changes_nothing(desk: Desk) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    (one,) = desk.central.ingest([desk.stick]).files
    assert (one.outcome, one.ops, one.records) == ("taken", 4, 4)
    before = desk.central.store.read_now(everything)
    (one,) = desk.central.ingest([desk.stick]).files
    assert (one.outcome, one.ops) == ("known", 0)
    assert desk.central.store.read_now(everything) == before
    assert desk.central.store.read_now(tables) == []


def test_the_tables_are_what_the_laptop_shows(desk: Desk) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick, with_key=True)
    desk.central.ingest([desk.stick])
    query = "SELECT * FROM judgment UNION ALL SELECT * FROM judgment"
    shown = [
        store.read_now(lambda s: s.connection().exec_driver_sql(query).all())
        for store in (desk.ada, desk.central.store)
    ]
    assert shown[0] == shown[1]
    assert len(shown[0]) == 2


def test_two_laptops_that_judged_alike_and_otherwise(desk: Desk) -> None:
    desk.ada.write_now(work)
    with desk.team.laptop("ben") as ben:
        ben.write_now(work, words="Ben's own words")
        export(ben, desk.stick)
    export(desk.ada, desk.stick)
    assert desk.central.ingest([desk.stick]).ops == 8
    report = desk.central.report()
    assert len(report.feeds) == 2
    (inspection,) = report.inspections
    assert (inspection.counts["case"], inspection.counts["judgment"]) == (1, 1)
    assert inspection.counts["note"] == 2
    # The rationale of the one judgment is said in two ways, and both are kept.
    assert report.conflicts == 1
    assert desk.central.store.read_now(tables) == []


def test_a_gap_is_held_named_and_filled(desk: Desk) -> None:
    ops = [an_op(desk.ada, seq) for seq in range(1, 7)]
    heads = [first_head(feed(desk.ada))]
    for op in ops:
        heads.append(next_head(heads[-1], digest(op.encode())))
    parts = [
        craft(desk.ada, desk.roster, desk.stick, ops[a:b], first=a + 1, prev=heads[a])
        for a, b in ((0, 2), (2, 4), (4, 6))
    ]
    (one,) = desk.central.ingest([parts[2]]).files
    assert (one.outcome, one.ops) == ("held", 0)
    assert one.waiting == {feed(desk.ada): (1, 4)}
    (one,) = desk.central.ingest([parts[0]]).files
    assert (one.outcome, one.ops) == ("taken", 2)
    assert desk.central.report().waiting == {feed(desk.ada): (3, 4)}
    receipt = desk.central.receipt(desk.ada.author.device).value()
    assert receipt["covers"][str(feed(desk.ada))][0] == 2
    assert receipt["held"] == {str(feed(desk.ada)): [3, 4]}
    (one,) = desk.central.ingest([parts[2]]).files
    assert one.outcome == "held"
    (one,) = desk.central.ingest([parts[1]]).files
    assert (one.outcome, one.ops) == ("taken", 4)
    assert desk.central.report().waiting == {}
    assert desk.central.report().feeds == {feed(desk.ada): 6}
    assert desk.central.store.read_now(tables) == []


def test_a_fork_is_an_alarm_and_overwrites_nothing(desk: Desk) -> None:
    ops = [an_op(desk.ada, 1), an_op(desk.ada, 2)]
    desk.central.ingest([craft(desk.ada, desk.roster, desk.stick, ops)])
    before = desk.central.store.read_now(everything)
    other = [ops[0], an_op(desk.ada, 2, fields={"text": "rewritten"}), an_op(desk.ada, 3)]
    path = craft(desk.ada, desk.roster, desk.stick, other)
    checked = verify(path, desk.central.trust())
    with pytest.raises(ForkError, match="Fork alarm"):
        desk.central.store.write_now(apply, checked)
    assert desk.central.store.read_now(everything) == before
    behind = craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 3)], first=3, prev=bytes(32))
    (one,) = desk.central.ingest([behind]).files
    assert one.word == "fork"
    assert desk.ops() == 2


def test_a_held_stretch_with_another_past_is_a_fork(desk: Desk) -> None:
    later = craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 2)], first=2, prev=bytes(32))
    assert desk.central.ingest([later]).count("held") == 1
    first = craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1)])
    (one,) = desk.central.ingest([first]).files
    assert one.word == "fork"
    assert desk.ops() == 0


def test_a_laptop_that_was_set_back_learns_it(desk: Desk) -> None:
    op = an_op(desk.ada, 1)
    path = craft(desk.ada, desk.roster, desk.stick, [op])
    checked = verify(path, desk.central.trust())
    with pytest.raises(OwnFeedAheadError, match="set back"):
        desk.ada.write_now(apply, checked)


def test_a_file_that_changes_after_it_was_verified(desk: Desk) -> None:
    ops = [an_op(desk.ada, 1)]
    path = craft(desk.ada, desk.roster, desk.stick, ops)
    checked = verify(path, desk.central.trust())
    craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1)]).replace(path)
    with pytest.raises(DamagedBundleError, match="changed while"):
        desk.central.store.write_now(apply, checked)
    reseal(path, [b"not", b"one"], desk.roster.central.recipients[0])
    with pytest.raises(Exception, match="Nothing"):
        desk.central.store.write_now(apply, checked)
    assert desk.ops() == 0


def test_the_clock_follows_what_was_seen_but_not_a_wrong_one(desk: Desk) -> None:
    near, far = stamp(wall_ms() + 60_000, 7), stamp(wall_ms() + 3 * 3600_000, 0)
    store = desk.central.store
    path = craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1, hlc=near)])
    assert store.write_now(apply, verify(path, desk.central.trust())).ahead == set()
    assert store.read_now(lambda s: s.info["author"].clock.last) == near
    ops = [an_op(desk.ada, 1, hlc=near), an_op(desk.ada, 2, hlc=far)]
    path = craft(
        desk.ada,
        desk.roster,
        desk.stick,
        ops[1:],
        first=2,
        prev=desk.central.store.read_now(_head),
    )
    applied = store.write_now(apply, verify(path, desk.central.trust()))
    assert applied.ahead == {desk.ada.author.device}
    assert store.read_now(lambda s: s.info["author"].clock.last) == near


def _head(session: Session) -> bytes:
    head: bytes = session.connection().exec_driver_sql("SELECT head FROM feed").scalar_one()
    return head


def test_a_write_after_an_import_names_what_it_replaces(desk: Desk, tmp_path: Path) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    desk.central.ingest([desk.stick])

    def correct(session: Session) -> None:
        from storage.records.case import case_id

        found = session.get(Judgment, judgment_id(case_id(INSPECTION, "WST-001"), "overall"))
        assert found is not None
        found.change(grade="requires improvement")

    desk.central.store.write_now(correct)
    assert desk.central.report().conflicts == 0
    assert desk.central.store.read_now(tables) == []


def test_ops_of_a_later_fieldkit_are_kept_word_for_word(desk: Desk) -> None:
    ops = [
        an_op(desk.ada, 1, op="annotate", record=("sketch", "s"), fields={"ink": [1, 2]}),
        an_op(desk.ada, 2, fields={"text": "t", "mood": {"later": True}}),
        an_op(desk.ada, 3, kind=KEY, record=("sketch_key", "s"), fields={}),
    ]
    first = craft(desk.ada, desk.roster, desk.stick, ops[:2])
    second = craft(desk.ada, desk.roster, desk.stick, [an_op(desk.ada, 1, KEY)], kind=KEY)
    assert desk.central.ingest([first]).ops == 2
    # A note has no business in a key feed.
    assert desk.central.ingest([second]).count("refused") == 1
    kept = desk.central.store.read_now(
        lambda s: (
            s.connection().exec_driver_sql("SELECT bytes FROM op ORDER BY seq").scalars().all()
        )
    )
    assert list(kept) == [ops[0].encode(), ops[1].encode()]


def test_a_stub_keeps_the_chain(desk: Desk) -> None:
    desk.ada.write_now(work)
    path = export(desk.ada, desk.stick).path
    lines = lines_of(path, desk.central.identity)
    central = desk.roster.central.recipients[0]
    first = next(n for n, line in enumerate(lines) if line.startswith(b'{"base"'))
    lines[first + 1] = stub_line(2, digest(lines[first + 1]))
    reseal(path, lines, central)
    assert desk.central.ingest([path]).ops == 4
    assert [one.counts["case"] for one in desk.central.report().inspections] == [0]
    lines[first + 1] = stub_line(3, digest(lines[first + 2]))
    reseal(path, lines, central)
    with pytest.raises(MalformedBundleError, match="stub"):
        verify(path, desk.central.trust())
