"""A decision taken back: every answer it settled stands again, and says who gave it."""

from __future__ import annotations

import pytest

from fieldkit.history import conflicts, undo
from storage.history.undo import NothingToUndoError
from storage.records import Judgment
from storage.vault.vault import Vault
from tests.fieldkit.history.test_conflicts import (
    BEN,
    LATE,
    agrees,
    kept,
    line,
    made_of,
    ops_then,
    ours,
    theirs,
    unable,
)
from tests.storage.colleague import Colleague


def test_a_decision_taken_back_leaves_both_answers_again(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    record = line(cases)
    ours(vault, cases, "good")
    theirs(vault, record, unable(made_of(cases, inspection)) | {"by": ""}, LATE)
    (before,) = vault.read_now(conflicts.listing)
    for number in (1, 0, 1):
        (one,) = vault.read_now(conflicts.listing)
        vault.write_now(conflicts.decide, one.id, keep=one.sides[number].op)
        assert kept(vault, record)["grade"] == ("good" if number else "")
        said = vault.write_now(undo.undo_last)
        assert said == "Undone: WST-003, Investigation, grade. Its answers wait for a decision."
        (one,) = vault.read_now(conflicts.listing)
        told = [(side.text, side.who, side.laptop, side.at) for side in one.sides]
        assert told == [(side.text, side.who, side.laptop, side.at) for side in before.sides]
        assert kept(vault, record)["state"] == "unable to judge"
        agrees(vault)


@pytest.mark.parametrize("delete", [True, False])
def test_a_decision_on_a_deletion_is_taken_back_too(
    vault: Vault, inspection: str, cases: dict[str, str], delete: bool
) -> None:
    record = line(cases)
    ours(vault, cases, "good")
    ground = vault.read_now(lambda s: ops_then(s, record))
    ours(vault, cases, "inadequate")
    colleague = Colleague("aaaa000000000000", BEN)
    tomb = colleague.write(record, {".deleted": True}, base=ground, verb="delete", ms=LATE)
    vault.write_now(colleague.hand_over, [tomb])
    (before,) = vault.read_now(conflicts.listing)
    assert [side.text for side in before.sides][-1] == "deleted"
    vault.write_now(conflicts.decide, before.id, keep=before.sides[-1 if delete else 0].op)
    assert vault.read_now(conflicts.listing) == []
    assert (vault.read_now(lambda s: s.get(Judgment, record[1])) is None) is delete
    vault.write_now(undo.undo_last)
    (one,) = vault.read_now(conflicts.listing)
    assert [side.text for side in one.sides] == [side.text for side in before.sides]
    assert [side.who for side in one.sides] == [side.who for side in before.sides]
    assert kept(vault, record)["grade"] == "inadequate"
    agrees(vault)


def test_a_decision_that_somebody_changed_since_stays(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    record = line(cases)
    ours(vault, cases, "good")
    theirs(vault, record, unable(made_of(cases, inspection)), LATE)
    (one,) = vault.read_now(conflicts.listing)
    vault.write_now(conflicts.decide, one.id, keep=one.sides[1].op)
    colleague = Colleague("bbbb000000000000")
    base = vault.read_now(lambda s: ops_then(s, record))
    later = colleague.write(record, {"grade": "inadequate"}, base=base, ms=LATE + 9)
    vault.write_now(colleague.hand_over, [later])
    with pytest.raises(NothingToUndoError, match="was changed again since"):
        vault.write_now(undo.undo_last)
    assert kept(vault, record)["grade"] == "inadequate"
