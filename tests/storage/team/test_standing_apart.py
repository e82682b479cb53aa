"""Writes that stand beside each other in one field: when somebody has to decide, and when not."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.triangulation import CONTRADICTS, SUPPORTS
from fieldkit.exchange.exchange import exchange
from fieldkit.history import conflicts
from storage.conflicts.find import conflicted_fields
from storage.feed.projection import project
from storage.feed.read import ops_of
from storage.feed.writer import Writer
from storage.history.undo import undo
from storage.ops.op import DELETED
from storage.records import Point, Support
from storage.records.lookup import records_in
from storage.records.registry import KINDS
from tests.storage.team.office import Office, decide, disputed
from tests.storage.travelling import INSPECTION, notes, sound, work


def test_two_of_one_laptop_beside_each_other(office: Office) -> None:
    """Ben's second wording followed on Cas's, which counts no more: neither replaced the other."""
    office.ben.write_now(work)
    note = office.note(office.ben, "first")
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    office.reword(office.cas, note, "hers")
    exchange(office.cas, office.stick)
    exchange(office.ben, office.stick)
    office.reword(office.ben, note, "second")
    assert disputed(office.ben, note) == ()
    office.central.revoke(office.cas.author.device)
    office.sign()
    exchange(office.ben, office.stick)
    exchange(office.ada, office.stick)
    for vault in (office.ben, office.ada):
        assert disputed(vault, note) == ("text",)
        (one,) = vault.read_now(conflicts.listing)
        assert {side.text for side in one.sides} == {"first", "second"}
        assert sound(vault)
    (one,) = office.ben.read_now(conflicts.listing)
    kept = next(side for side in one.sides if side.text == "second")
    office.ben.write_now(conflicts.decide, one.id, keep=kept.op)
    exchange(office.ben, office.stick)
    exchange(office.ada, office.stick)
    assert disputed(office.ben, note) == disputed(office.ada, note) == ()
    assert "second" in notes(office.ada)


def test_a_record_that_is_gone_asks_nobody(office: Office) -> None:
    """Ada saw both wordings when she deleted the note; taken back, they are in conflict again."""
    note = office.in_conflict()
    office.delete(office.ada, note)
    assert disputed(office.ada, note) == ()
    assert office.ada.read_now(conflicts.listing) == []
    office.ada.write_now(undo)
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    for vault in (office.ada, office.ben):
        assert disputed(vault, note) == ("text",)
        assert sound(vault)


def test_a_deletion_that_saw_everything_beside_a_keeping(office: Office) -> None:
    """Ada keeps what Ben deletes after all, neither in sight of the other: both are offered."""
    note = office.beaten()
    decide(office.ada, keep=True)
    decide(office.ben, keep=False)
    office.both()
    for vault in (office.ada, office.ben):
        assert disputed(vault, note) == (".deleted",)
        (one,) = vault.read_now(conflicts.listing)
        assert [side.text for side in one.sides] == ["kept: his", "deleted"]
    decide(office.ben, keep=True)
    office.both()
    assert disputed(office.ada, note) == disputed(office.ben, note) == ()
    assert "his" in notes(office.ada)


def test_deletions_of_what_never_was_ask_nobody(office: Office) -> None:
    """Whoever has a key of the team can write of records that nobody made."""
    office.ada.write_now(work)
    for kind in sorted(one for one, known in KINDS.items() if known.REMOVED_BY != "none"):
        record = (kind, "00000000-0000-4000-8000-000000000001")
        office.ben.write_now(write_apart, record, [True, False])
    office.both()
    assert office.ada.read_now(lambda s: ops_of(s.connection(), *record))
    assert office.ada.read_now(lambda s: conflicted_fields(s.connection())) == {}
    assert office.ada.read_now(conflicts.listing) == []
    assert sound(office.ada)


def write_apart(session: Session, record: tuple[str, str], deleted: list[bool]) -> None:
    writer = Writer(session.connection(), session.info["author"])
    for one in deleted:
        writer.append(KINDS[record[0]].FEED, "set", record, {DELETED: one}, [], None)
    writer.flush()
    project(session.connection(), *record)


def test_how_evidence_bears_on_a_point_is_an_answer(office: Office) -> None:
    """That it supports it is the default, and says something all the same."""
    office.ada.write_now(work)
    note = office.note(office.ada, "what was seen")
    point = Point.make(inspection_id=INSPECTION, wording="w")
    office.ada.write_now(lambda s: s.add(point))
    office.both()
    office.ada.write_now(points.support, point.id, "note", note, SUPPORTS)
    office.ben.write_now(points.support, point.id, "note", note, CONTRADICTS)
    office.both()
    for vault in (office.ada, office.ben):
        (one,) = vault.read_now(conflicts.listing)
        assert one.word == "bearing"
        assert {side.values["relation"] for side in one.sides} == {"supports", "contradicts"}
    kept = next(side for side in one.sides if side.values["relation"] == "supports")
    office.ben.write_now(conflicts.decide, one.id, keep=kept.op)
    office.both()
    assert office.ada.read_now(conflicts.listing) == []
    assert {one.relation for one in office.ada.read_now(records_in, Support, INSPECTION)} == {
        "supports"
    }
    assert sound(office.ada) and sound(office.ben)
