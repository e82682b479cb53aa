"""ctrl+z where a colleague has had a hand in the record."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.notes import delete_note
from fieldkit.evidence.triangulation import CONTRADICTS
from fieldkit.exchange.exchange import exchange
from fieldkit.feedback.debriefs.news import since_last
from fieldkit.history import conflicts
from fieldkit.history.undo import undo_last
from storage.feed.projection import project
from storage.feed.read import leaves_of
from storage.feed.writer import Writer
from storage.history.deleted import bring_back_inspection
from storage.history.history import history
from storage.history.undo import NothingToUndoError, undo
from storage.ops.op import DELETED
from storage.records import Debrief, Inspection, Note, Point, Support
from storage.vault.vault import Vault
from tests.storage.team.office import Office, decide, disputed
from tests.storage.travelling import INSPECTION, notes, sound, work


def his(vault: Vault) -> str:
    """A note by the person of the laptop."""

    def job(session: Session) -> str:
        made = Note.make(
            inspection_id=INSPECTION,
            parent_kind="inspection",
            parent_id=INSPECTION,
            text="his own",
            by=vault.person.id,
        )
        session.add(made)
        return made.id

    return vault.write_now(job)


def test_a_colleagues_note_deleted_and_back(office: Office) -> None:
    """What is his is not written in her name, which every other laptop would refuse."""
    office.ada.write_now(work)
    office.both()
    note = his(office.ben)
    office.both()
    office.ada.write_now(delete_note, note)
    assert office.ada.write_now(undo_last).startswith("Undone: note in Westshire")
    exchange(office.ada, office.stick)
    assert not exchange(office.ben, office.stick).refused
    office.hand_in(office.ada)
    assert "his own" in notes(office.ben)
    (*_, last) = office.ada.read_now(history, "note", note)
    assert list(last.fields) == [DELETED]
    assert sound(office.ada) and sound(office.ben)


def test_a_colleagues_evidence_taken_off_a_point_and_back(office: Office) -> None:
    office.ada.write_now(work)
    office.both()
    note = his(office.ben)

    def supported(session: Session) -> str:
        point = Point.make(inspection_id=INSPECTION, wording="w", by=office.ben.person.id)
        session.add(point)
        session.flush()
        return points.support(session, point.id, "note", note).id

    link = office.ben.write_now(supported)
    office.both()
    office.ada.write_now(points.unsupport, link)
    office.ada.write_now(undo)
    office.hand_in(office.ada)
    exchange(office.ada, office.stick)
    assert not exchange(office.ben, office.stick).refused
    assert office.ben.read_now(lambda s: s.get(Support, link)) is not None


def test_what_was_written_back_whole_is_accepted(office: Office) -> None:
    """As it was written before: such entries lie in feeds, and nobody may be shut out for them."""
    office.ada.write_now(work)
    office.both()
    note = his(office.ben)
    office.both()
    office.delete(office.ada, note)

    def whole(session: Session) -> None:
        record = ("note", note)
        fields = {DELETED: False, "text": "his own", "by": office.ben.person.id}
        stand = leaves_of(session.connection(), *record)
        base = sorted({one.id for name in fields for one in stand.get(name, [])})
        writer = Writer(session.connection(), session.info["author"])
        writer.append("main", "create", record, fields, base, None)
        writer.flush()
        project(session.connection(), *record)

    office.ada.write_now(whole)
    exchange(office.ada, office.stick)
    assert not exchange(office.ben, office.stick).refused
    assert "his own" in notes(office.ben)


def test_a_deletion_that_was_beaten_is_taken_back(office: Office) -> None:
    """Ben reworded what Ada had deleted by then; she takes her deletion back."""
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    office.both()
    office.empty()
    office.reword(office.ben, note, "his")
    exchange(office.ben, office.stick)
    office.delete(office.ada, note)
    office.take_in(office.ada)
    assert disputed(office.ada, note) == (DELETED,)
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ()
    assert "his" in notes(office.ada)
    assert sound(office.ada)


@pytest.mark.parametrize("keep", [True, False])
def test_what_a_colleague_decided_of_a_deletion_stays(office: Office, keep: bool) -> None:
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    office.both()
    office.reword(office.ben, note, "his")
    office.delete(office.ada, note)
    steps = list(office.ada.author.undoable)
    office.both()
    decide(office.ben, keep=keep)
    office.empty()
    exchange(office.ben, office.stick)
    # Without the steps that sent it off, which are never taken back.
    office.ada.author.undoable[:] = steps
    office.take_in(office.ada)
    before = office.ada.read_now(history, "note", note)
    with pytest.raises(NothingToUndoError, match="has been decided since"):
        office.ada.write_now(undo)
    assert office.ada.read_now(history, "note", note) == before
    assert ("his" in notes(office.ada)) == keep


@pytest.mark.parametrize("keep", [True, False])
def test_a_decision_between_a_deletion_and_a_keeping(office: Office, keep: bool) -> None:
    """Both answers stand again, and the record is there while nobody has decided."""
    note = office.beaten()
    decide(office.ada, keep=True)
    decide(office.ben, keep=False)
    office.both()
    decide(office.ada, keep=keep)
    assert disputed(office.ada, note) == ()
    assert office.ada.write_now(undo_last).endswith("Its answers wait for a decision.")
    assert disputed(office.ada, note) == (DELETED,)
    assert "his" in notes(office.ada)
    (one,) = office.ada.read_now(conflicts.listing)
    assert {side.text for side in one.sides} == {"kept: his", "deleted"}
    assert sound(office.ada)


def test_both_deleted_what_was_in_conflict(office: Office) -> None:
    """Ada has it back with both wordings; that Ben deleted it, too, she saw."""
    note = office.in_conflict()
    office.delete(office.ada, note)
    office.delete(office.ben, note)
    office.empty()
    exchange(office.ben, office.stick)
    office.take_in(office.ada)
    assert disputed(office.ada, note) == ()
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ("text",)
    assert sound(office.ada)


def test_an_edit_beside_a_deletion_that_was_taken_back_at_once(office: Office) -> None:
    """Ada never touched the wording, so nothing is in conflict with Ben's."""
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    office.both()
    office.delete(office.ada, note)
    office.ada.write_now(undo)
    office.reword(office.ben, note, "his")
    office.both()
    assert disputed(office.ada, note) == disputed(office.ben, note) == ()
    assert "his" in notes(office.ada)


def test_a_deletion_and_the_decision_before_it_are_taken_back_in_turn(office: Office) -> None:
    note = office.in_conflict()
    (one,) = office.ada.read_now(conflicts.listing)
    office.ada.write_now(conflicts.decide, one.id, keep=one.sides[0].op)
    office.delete(office.ada, note)
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ()
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ("text",)


def test_an_inspection_in_conflict_is_brought_back_in_conflict(office: Office) -> None:
    office.ada.write_now(work)
    office.both()
    office.ada.write_now(lambda s: s.get_one(Inspection, INSPECTION).change(force="Hers"))
    office.ben.write_now(lambda s: s.get_one(Inspection, INSPECTION).change(force="His"))
    office.both()
    (before,) = office.ada.read_now(conflicts.listing)
    office.ada.write_now(lambda s: s.delete(s.get_one(Inspection, INSPECTION)))
    assert office.ada.read_now(conflicts.listing) == []
    assert office.ada.write_now(lambda s: bring_back_inspection(s, INSPECTION).force) in (
        "Hers",
        "His",
    )
    (after,) = office.ada.read_now(conflicts.listing)
    assert {side.text for side in after.sides} == {side.text for side in before.sides}
    assert sound(office.ada)


def test_a_link_that_never_was_taken_away(office: Office) -> None:
    """What changed since the last debrief is told all the same."""
    office.ada.write_now(work)
    held = Debrief.make(
        inspection_id=INSPECTION, held_on="2026-07-06", held_at="2026-07-06T09:00:00.000Z"
    )
    office.ada.write_now(lambda s: s.add(held))
    before = office.ada.read_now(since_last, INSPECTION)

    def unlinked(session: Session) -> None:
        writer = Writer(session.connection(), session.info["author"])
        record = ("support", "00000000-0000-4000-8000-000000000001")
        writer.append("main", "unlink", record, {DELETED: True}, [], None)
        writer.flush()
        project(session.connection(), *record)

    office.ben.write_now(unlinked)
    office.both()
    assert office.ada.read_now(since_last, INSPECTION) == before


def test_what_was_put_again_is_taken_back_step_by_step(office: Office) -> None:
    office.ada.write_now(work)
    note = office.note(office.ada, "what was seen")
    point = Point.make(inspection_id=INSPECTION, wording="w")
    office.ada.write_now(lambda s: s.add(point))
    first = points.support
    link = office.ada.write_now(lambda s: first(s, point.id, "note", note, why="first").id)
    office.ada.write_now(points.unsupport, link)
    office.ada.write_now(lambda s: first(s, point.id, "note", note, CONTRADICTS, why="second").id)

    def said() -> tuple[str, str] | None:
        one = office.ada.read_now(lambda s: s.get(Support, link))
        return None if one is None else (one.relation, one.why)

    assert said() == ("contradicts", "second")
    office.ada.write_now(undo)
    assert said() is None
    office.ada.write_now(undo)
    assert said() == ("supports", "first")
    office.ada.write_now(undo)
    assert said() is None
    office.hand_in(office.ada)
    assert sound(office.ada)


def test_a_decision_is_taken_back_after_what_was_written_over_it(office: Office) -> None:
    note = office.in_conflict()
    (one,) = office.ada.read_now(conflicts.listing)
    office.ada.write_now(conflicts.decide, one.id, keep=one.sides[0].op)
    office.reword(office.ada, note, "better")
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ()
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ("text",)
    (again,) = office.ada.read_now(conflicts.listing)
    assert [side.text for side in again.sides] == [side.text for side in one.sides]
    office.both()
    assert disputed(office.ben, note) == ("text",)
    assert sound(office.ada) and sound(office.ben)


def test_a_keeping_and_the_deletion_before_it_are_taken_back_in_turn(office: Office) -> None:
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    office.both()
    office.reword(office.ben, note, "his")
    office.delete(office.ada, note)
    office.empty()
    exchange(office.ben, office.stick)
    office.take_in(office.ada)
    decide(office.ada, keep=True)
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == (DELETED,)
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == ()
    assert "his" in notes(office.ada)
    office.both()
    assert disputed(office.ben, note) == ()
    assert sound(office.ada) and sound(office.ben)


def test_of_two_deletions_that_were_beaten_one_is_taken_back(office: Office) -> None:
    """Cas's stays in conflict with what Ben wrote."""
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    office.both()
    exchange(office.cas, office.stick)
    office.both()
    office.reword(office.ben, note, "his")
    office.delete(office.cas, note)
    office.delete(office.ada, note)
    office.empty()
    for vault in (office.ben, office.cas):
        exchange(vault, office.stick)
    office.take_in(office.ada)
    office.ada.write_now(undo)
    assert disputed(office.ada, note) == (DELETED,)
    assert "his" in notes(office.ada)
    (one,) = office.ada.read_now(conflicts.listing)
    assert "deleted" in {side.text for side in one.sides}
    assert sound(office.ada)


def test_what_a_colleague_made_and_took_back_is_made_and_taken_back(office: Office) -> None:
    office.ada.write_now(work)
    office.both()
    note = "00000000-0000-4000-8000-00000000000a"

    def made(session: Session, text: str) -> None:
        where = {"parent_kind": "inspection", "parent_id": INSPECTION}
        session.add(Note.make(id=note, inspection_id=INSPECTION, text=text, **where))

    office.ben.write_now(made, "his")
    office.ben.write_now(undo)
    office.both()
    office.ada.write_now(made, "hers")
    office.ada.write_now(undo)
    assert notes(office.ada).isdisjoint({"his", "hers"})
    office.both()
    assert sound(office.ada) and sound(office.ben)
