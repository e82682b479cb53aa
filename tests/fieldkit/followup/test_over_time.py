"""A force over time: distributions side by side, and what was written between inspections."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.evidence.notes import add_note
from fieldkit.evidence.points import add_point
from fieldkit.followup.collected.over_time import ForceOverTime, force_over_time
from fieldkit.followup.collected.wordings import wordings
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.status import comment
from fieldkit.inspections import inspections
from fieldkit.service import NotThereError
from storage.records import Assessment, Judgment, Note
from storage.records.judgment import assessment_id, judgment_id
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE


def grade(s: Session, inspection: str, reference: str, given: str, origin: str) -> str:
    case = add_case(s, inspection, reference, origin=origin, types=["missing"])
    known = {"inspection_id": inspection, "case_id": case.id, "criterion": "overall"}
    s.add(Judgment.make(id=judgment_id(case.id, "overall"), state="graded", grade=given, **known))
    return case.id


def work(s: Session) -> None:
    """Westshire in 2018 and 2024, by the scales of those years, and Eastshire."""
    years = (("2018", "2018-02-01", "2018-02-09"), ("2024", "2024-02-01", "2024-02-09"))
    before, later = (
        inspections.create(s, force="Westshire", methodology=name, starts=starts, ends=ends).id
        for name, starts, ends in years
    )
    other = inspections.create(s, force="Eastshire", methodology="2018", starts="2020-01-01")
    for number in range(8):
        grade(s, before, f"W-{number}", "good" if number < 2 else "inadequate", "inspectors")
    for number in range(12):
        origin = "self-assessed" if number < 5 else "inspectors"
        grade(s, later, f"W-{number}", "good" if number < 9 else "requires improvement", origin)
    grade(s, other.id, "E-1", "good", "inspectors")
    judged = {"inspection_id": before, "criterion": "leadership", "state": "unable to judge"}
    s.add(Assessment.make(id=assessment_id(before, "leadership"), **judged))
    add_point(s, later, "A mentor in each unit.", "notable practice", outcomes=["training"])
    made = recommend(s, before, "Train all.", deadline="within six months")
    comment(s, made.id, "Half are trained.", of_force=True, on="2019-05-01")
    s.flush()
    for at, words in (("2018-02-05T10:00:00+00:00", "In it."), ("2020-03-01", "Between.")):
        note = add_note(s, "inspection", before, words)
        s.get_one(Note, note.id).change(at=at)


@pytest.fixture(scope="module")
def seen(vault_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder = tmp_path_factory.mktemp("over") / "vault"
    shutil.copytree(vault_made_once, folder)
    with open_vault(folder, PASSPHRASE) as vault:
        vault.write_now(work)
        yield vault


def over(vault: Vault, name: str = "westshire") -> ForceOverTime:
    return vault.read_now(force_over_time, name)


def test_inspections_stand_in_order_with_what_was_made_in_them(seen: Vault) -> None:
    told = over(seen)
    assert told.force == "Westshire"
    rows = [(one.starts, one.practice, one.recommended) for one in told.inspections]
    assert rows == [("2018-02-01", 0, 1), ("2024-02-01", 1, 0)]
    assert [one.wording for one in told.practice] == ["A mentor in each unit."]
    assert [one.wording for one in told.recommendations] == ["Train all."]
    (judged, none) = (one.judged for one in told.inspections)
    assert [state for _, state in judged] == ["unable to judge"]
    assert none == ()
    assert over(seen, "Westshire Police") == told
    with pytest.raises(NotThereError, match="No single force"):
        over(seen, "shire")


def test_distributions_are_side_by_side_and_few_are_no_share(seen: Vault) -> None:
    told = over(seen)
    everything, both, ours, missing = told.tables
    assert everything.totals == (8, 12)
    words = {
        grade: [everything.words(n, at) for at, n in enumerate(row)]
        for grade, row in everything.rows
    }
    assert words["good"] == ["2 of 8", "9 of 12 (75 %)"]
    assert words["requires improvement"] == ["0 of 8", "3 of 12 (25 %)"]
    assert (both.totals, ours.totals) == ((0, 5), (8, 7))
    assert missing.title == "Missing children"
    assert missing.totals == (8, 12)


def test_what_was_written_between_is_told_and_what_within_is_not(seen: Vault) -> None:
    told = over(seen)
    assert [(one.day, one.text) for one in told.between] == [
        ("2019-05-01", "Half are trained."),
        ("2020-03-01", "Between."),
    ]


def test_wordings_of_some_inspections_are_those_of_no_others(seen: Vault) -> None:
    every = seen.read_now(wordings)
    assert [one.force for one in every] == ["Eastshire", "Westshire", "Westshire"]
    (later,) = seen.read_now(wordings, [every[2].id])
    assert later == every[2]
    assert [(one.key, one.practice) for one in later.outcomes] == [("training", 1)]
    assert "Half are trained." in " ".join(every[1].texts)
    assert seen.read_now(wordings, []) == []
