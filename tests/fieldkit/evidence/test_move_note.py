"""A note moves to the place it belongs to, with its words, its author and what rests on it."""

from __future__ import annotations

import pytest

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview, add_observation
from fieldkit.evidence.move_note import move_note
from fieldkit.evidence.notes import add_note, delete_note, finalise_note, notes_of
from fieldkit.history.deleted import listing
from fieldkit.service import NotThereError, RefusedError
from storage.feed.replay import differences
from storage.history.history import history
from storage.records import Support
from storage.records.lookup import records_in
from storage.vault.vault import Vault


def test_a_note_moves_with_all_that_it_says(vault: Vault, inspection: str) -> None:
    there = vault.write_now(add_interview, inspection, role="Sergeant").id
    note = vault.write_now(
        lambda s: add_note(
            s, "inspection", inspection, "No log.", criteria=["investigation"], polarity="concern"
        )
    )
    point = vault.write_now(points.add_point, inspection, "Logs are missing", "concern").id
    vault.write_now(points.support, point, "note", note.id, "supports", "one of two")
    moved = vault.write_now(move_note, note.id, "interview", there, "sorted")
    (kept,) = vault.read_now(notes_of, there)
    assert kept.id == moved.id != note.id
    for name in ("text", "criteria", "polarity", "at", "by", "language"):
        assert getattr(kept, name) == getattr(note, name)
    assert vault.read_now(notes_of, inspection) == []
    (link,) = vault.read_now(records_in, Support, inspection)
    assert (link.evidence_id, link.relation, link.why) == (moved.id, "supports", "one of two")
    (line,) = vault.read_now(points.point_lines, inspection)
    assert (line.supports, line.methods, line.stale) == (1, ("interview",), 0)
    for record in (note.id, moved.id):
        reason = vault.read_now(history, "note", record)[-1].reason or ""
        assert reason.startswith("sorted (moved from ") and "Sergeant" in reason
    # The note and its link were deleted in one moment, in whatever order they are listed.
    assert note.id in [one.id for one in vault.read_now(listing, inspection)]
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_a_note_that_cannot_move_stays(vault: Vault, inspection: str) -> None:
    there = vault.write_now(add_observation, inspection, place="Front desk").id
    note = vault.write_now(add_note, "inspection", inspection, "No log.").id
    for place, said in (
        (("inspection", inspection), "stands there already"),
        (("point", there), "cannot stand"),
    ):
        with pytest.raises(RefusedError, match=said):
            vault.write_now(move_note, note, *place)
    with pytest.raises(NotThereError):
        vault.write_now(move_note, note, "observation", "nowhere")
    point = vault.write_now(points.add_point, inspection, "Logs are missing", "concern").id
    vault.write_now(points.support, point, "note", note)
    vault.write_now(points.withdraw_point, point, "found")
    with pytest.raises(RefusedError, match="withdrawn rests on this note"):
        vault.write_now(move_note, note, "observation", there)
    with pytest.raises(RefusedError, match="not deleted"):
        vault.write_now(delete_note, note)
    final = vault.write_now(add_note, "inspection", inspection, "Final.").id
    vault.write_now(finalise_note, final)
    with pytest.raises(RefusedError, match="finalised"):
        vault.write_now(move_note, final, "observation", there)
    assert {one.id for one in vault.read_now(notes_of, inspection)} == {note, final}
