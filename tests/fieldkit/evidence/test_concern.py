"""Areas of concern of a follow-up, and which cases it audits: none, a modest selection, all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case, edit_case
from fieldkit.casework.import_list import asked_of_list, import_cases, read_list
from fieldkit.casework.list_plan import plan_import
from fieldkit.evidence import points
from fieldkit.evidence.concern.areas import areas_of
from fieldkit.evidence.concern.audits import NeedsReasonError
from fieldkit.evidence.notes import add_note
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.status import set_status
from fieldkit.inspections import inspections
from fieldkit.service import RefusedError
from storage.feed.replay import differences
from storage.records import Case, Recommendation
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE
from tests.fieldkit.followup.wall import wall_on


@dataclass
class Earlier:
    """An inspection with two recommendations on two areas, and what follows it."""

    vault: Vault
    first: str
    ids: dict[str, str]

    def follow(self, phase: str, starts: str) -> str:
        made = self.vault.write_now(
            inspections.create,
            force="Westshire",
            methodology="2018",
            phase=phase,
            follows=self.first,
            starts=starts,
            joining=True,
        )
        assert made.follows == self.first
        return made.id


def _begin(s: Session) -> tuple[str, dict[str, str]]:
    first = inspections.create(
        s, force="Westshire", methodology="2018", starts="2040-07-02", ends="2040-07-13"
    ).id
    ids = {}
    for criterion, case_type, reference in (
        ("trusted_adult", "missing", "W-1"),
        ("police_detention", "custody", "W-2"),
    ):
        case = add_case(s, first, reference, types=[case_type])
        judgment = judging.grade(s, case.id, criterion, "inadequate")
        note = add_note(s, "judgment", judgment.id, "No word of the child.")
        point = points.add_point(s, first, f"On {criterion}.", "concern", criterion)
        points.support(s, point.id, "note", note.id)
        made = recommend(s, first, f"Mend {criterion}.", [point.id])
        ids[criterion] = made.id
    ids["none"] = recommend(s, first, "Mend the rest.").id
    return first, ids


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Earlier:
    with pytest.MonkeyPatch.context() as patch:
        wall_on(patch, "2040-07-20")
        vault, _ = create_vault(
            tmp_path_factory.mktemp("concern") / "vault", PASSPHRASE, "Ada", params=CHEAP
        )
        first, ids = vault.write_now(_begin)
    return Earlier(vault, first, ids)


def test_areas_of_concern_are_those_of_the_register(earlier: Earlier) -> None:
    review = earlier.follow("review", "2041-01-07")
    found = earlier.vault.read_now(areas_of, review)
    assert [(one.criterion, one.number, one.types, one.of_concern) for one in found] == [
        ("trusted_adult", 6, ("missing",), True),
        ("police_detention", 8, ("custody",), True),
        ("", 0, (), True),
    ]
    whole = earlier.vault.read_now(areas_of, earlier.follow("re-inspection", "2041-02-04"))
    assert [one.number for one in whole] == [*range(1, 9), 0]
    assert [one.criterion for one in whole if one.of_concern] == [
        "trusted_adult", "police_detention", ""
    ]  # fmt: skip
    assert len(earlier.vault.read_now(areas_of, earlier.first)) == 8


def test_what_was_settled_before_is_no_area_and_what_is_settled_meanwhile_stays_one(
    earlier: Earlier, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = wall_on(monkeypatch, "2041-03-04")
    review = earlier.follow("review", "2041-03-04")
    custody = earlier.ids["police_detention"]

    def areas() -> list[str]:
        return [one.criterion for one in earlier.vault.read_now(areas_of, review)]

    earlier.vault.write_now(set_status, custody, "complete", "1/3/2041")
    assert areas() == ["trusted_adult", ""]
    wall.show("2041-03-06")
    earlier.vault.write_now(set_status, custody, "complete", "5/3/2041")
    assert areas() == ["trusted_adult", "police_detention", ""]
    earlier.vault.write_now(set_status, custody, "awaiting review")


def test_a_visit_audits_none_without_a_reason(earlier: Earlier) -> None:
    visit, vault = earlier.follow("visit", "2041-04-01"), earlier.vault
    for types, areas in (([], []), (["missing"], []), ([], ["trusted_adult"])):
        with pytest.raises(NeedsReasonError, match=r"A visit audits no case.*plan a review"):
            vault.write_now(add_case, visit, "V-1", types=types, areas=areas)
        with pytest.raises(NeedsReasonError):
            vault.write_now(add_case, visit, "V-1", types=types, audited_because="  ")
    made = vault.write_now(add_case, visit, "V-1", audited_because="the force asked for it")
    assert (made.audited_because, made.areas) == ("the force asked for it", [])
    with pytest.raises(NeedsReasonError):
        vault.write_now(edit_case, made.id, audited_because="")


def test_a_review_asks_about_audits_outside_its_areas(earlier: Earlier) -> None:
    review, vault = earlier.follow("review", "2041-05-06"), earlier.vault
    inside = vault.write_now(add_case, review, "R-1", types=["custody", "domestic-abuse"])
    assert (inside.areas, inside.audited_because) == (["police_detention"], "")
    named = vault.write_now(add_case, review, "R-2", types=["online"], areas=["Trusted adult"])
    assert named.areas == ["trusted_adult"]
    for types, areas in (([], []), (["online"], []), ([], ["investigation"])):
        with pytest.raises(NeedsReasonError, match="outside the areas of concern") as asked:
            vault.write_now(add_case, review, "R-3", types=types, areas=areas)
        assert "Trusted adult (missing children)" in str(asked.value)
    with pytest.raises(RefusedError, match="not a criterion"):
        vault.write_now(add_case, review, "R-3", areas=["weather"])
    outside = vault.write_now(
        add_case, review, "R-3", areas=["investigation"], audited_because="named by a partner"
    )
    assert outside.areas == ["investigation"]
    with pytest.raises(NeedsReasonError):
        vault.write_now(edit_case, named.id, areas=["investigation"])
    assert vault.write_now(edit_case, named.id, areas=["trusted_adult"]).areas == ["trusted_adult"]
    assert vault.write_now(edit_case, named.id, unit="custody").areas == ["trusted_adult"]
    # In a review the overall grade waits for the areas that a case is audited for, and no others.
    assert vault.read_now(judging.open_criteria, inside.id) == ["police_detention"]
    vault.write_now(judging.grade, inside.id, "police detention", "good")
    assert vault.write_now(judging.grade, inside.id, "overall", "good").grade == "good"


def test_a_re_inspection_asks_for_all_criteria(earlier: Earlier) -> None:
    whole, vault = earlier.follow("re-inspection", "2041-06-03"), earlier.vault
    case = vault.write_now(add_case, whole, "X-1", types=["online"])
    every = ["initial_contact", "assessment", "investigation", "decision_making"]
    every += ["trusted_adult", "managing_risk", "police_detention"]
    assert vault.read_now(judging.open_criteria, case.id) == every
    with pytest.raises(RefusedError, match=r"still open are: Initial contact.*Police detention"):
        vault.write_now(judging.grade, case.id, "overall", "good")


def test_a_list_of_cases_asks_too(earlier: Earlier, tmp_path: Path) -> None:
    listed = tmp_path / "cases.csv"
    listed.write_text("case,type\nLST-001,missing\nLST-002,online\n", "utf-8")
    reading = read_list(listed, "2018")
    vault = earlier.vault
    review, visit = earlier.follow("review", "2041-07-01"), earlier.follow("visit", "2041-08-05")
    for of, name in ((review, "LST-002"), (visit, "LST-001")):
        with pytest.raises(NeedsReasonError, match=name):
            vault.write_now(import_cases, of, reading)
        plan = vault.read_now(plan_import, of, reading)
        assert name in vault.read_now(asked_of_list, of, plan)
    taken = vault.write_now(import_cases, review, reading, None, "a sample the partnership drew")
    assert taken.new == ("LST-001", "LST-002")
    cases = {
        one.reference: one
        for one in vault.read_now(lambda s: [s.get_one(Case, i) for i in _cases_of(s, review)])
    }
    assert cases["LST-001"].areas == ["trusted_adult"] and cases["LST-002"].areas == []
    assert {one.audited_because for one in cases.values()} == {"a sample the partnership drew"}
    # Taken in again it changes nothing, so nothing is asked.
    assert vault.write_now(import_cases, review, reading).same == ("LST-001", "LST-002")
    assert vault.read_now(lambda s: differences(s.connection())) == []


def _cases_of(s: Session, inspection_id: str) -> list[str]:
    from storage.records.lookup import records_in

    return [one.id for one in records_in(s, Case, inspection_id)]


def test_what_is_followed(earlier: Earlier) -> None:
    vault = earlier.vault

    def begin(**said: str) -> str:
        values = {"force": "Westshire", "methodology": "2018", "starts": "2042-01-06"} | said
        made = vault.write_now(inspections.create, joining=True, **values)
        return str(made.follows)

    with pytest.raises(RefusedError, match="An inspection follows none"):
        begin(follows=earlier.first)
    other = vault.write_now(inspections.create, force="Eastshire", methodology="2018").id
    with pytest.raises(RefusedError, match=r"is of Eastshire, so a review of Westshire"):
        begin(phase="review", follows=other)
    with pytest.raises(RefusedError, match="No single inspection of Westshire"):
        begin(phase="review", follows="nowhere")
    # The latest before it; a whole id may be of one that central has not handed out here yet.
    assert begin(phase="visit", starts="2040-12-02") == earlier.first
    absent = "99999999-2222-4333-8444-555555555555"
    assert begin(phase="visit", follows=absent) == absent
    assert begin(phase="visit", force="Northshire") == ""
    assert vault.read_now(lambda s: s.get_one(Recommendation, earlier.ids["none"]).is_running)
