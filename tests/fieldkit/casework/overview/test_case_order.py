"""The order of the list of cases, its views, and what stands for a name in a narrow column."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.casework import judging
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.cases import allocate_cases
from fieldkit.casework.overview.case_order import SORTS, VIEWS, Order, initials
from fieldkit.service import NotThereError
from storage.vault.vault import Vault

GRADES = ("good", "requires improvement", "inadequate")


@pytest.fixture
def lines(vault: Vault, inspection: str, cases: dict[str, str]) -> list[CaseLine]:
    """Four cases, two of them judged overall."""

    vault.write_now(judging.grade, cases["WST-003"], "investigation", "good")
    graded = {"WST-002": "good", "WST-003": "inadequate"}
    return [
        replace(one, overall_state="graded", overall_grade=graded[one.reference])
        if one.reference in graded
        else one
        for one in vault.read_now(case_lines, inspection)
    ]


def sorted_by(lines: list[CaseLine], name: str, *, falling: bool = False) -> list[str]:
    column = [key for key, _ in SORTS].index(name)
    return [one.reference[-1] for one in Order(column, falling).sort(lines, GRADES)]


def test_the_worst_grade_comes_first_and_what_is_not_judged_last(lines: list[CaseLine]) -> None:
    assert sorted_by(lines, "overall") == ["3", "2", "1", "4"]
    assert sorted_by(lines, "graded") == ["1", "2", "4", "3"]
    assert sorted_by(lines, "reference", falling=True) == ["4", "3", "2", "1"]


def test_what_nobody_audits_comes_after_all_names(lines: list[CaseLine]) -> None:
    names = ["", "Ada", "", "Ben"]
    named = [replace(one, auditor=name) for one, name in zip(lines, names, strict=True)]
    assert sorted_by(named, "auditor") == ["2", "4", "1", "3"]


def test_every_case_stands_in_the_views_that_it_belongs_to(lines: list[CaseLine]) -> None:
    me = frozenset({"ada"})
    case = replace(lines[0], allocated_to="Ada", referral="told")
    assert [name for name, _, fits in VIEWS if fits(case, me)] == [
        "all",
        "open",
        "mine",
        "referred",
    ]
    gone = replace(case, withdrawn=True)
    assert [name for name, _, fits in VIEWS if fits(gone, me)] == ["withdrawn"]


def test_names_with_the_same_initials_are_told_apart() -> None:
    assert initials(["Priya Shah", "Paul Smith", "A. Inspector", ""]) == {
        "A. Inspector": "AI",
        "Paul Smith": "Pau",
        "Priya Shah": "Pri",
    }


def test_several_cases_are_allocated_in_one_step_or_not_at_all(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    with pytest.raises(NotThereError):
        vault.write_now(allocate_cases, [cases["WST-001"], "nowhere"], "Ada")
    assert not any(one.allocated_to for one in vault.read_now(case_lines, inspection))
    assert vault.write_now(allocate_cases, cases.values(), " Ada ") == 4
    assert {one.auditor for one in vault.read_now(case_lines, inspection)} == {"Ada"}


def test_the_answers_of_a_line_stand_in_the_order_of_the_criteria(lines: list[CaseLine]) -> None:
    assert lines[2].answers == ("not judged", "not judged", "good", *["not judged"] * 4)
    assert lines[2].graded == 1
