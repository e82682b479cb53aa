"""Every rule of dates of the follow-up: month ends, leap years, bank holidays, a clock set back."""

from __future__ import annotations

import pytest

from fieldkit.feedback.handover.frame import next_lines
from fieldkit.followup.dates.milestones import DueLine, due_lines, late, mark_done, plan_for
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.register import register
from fieldkit.inspections import inspections
from fieldkit.methodology import load, versions
from fieldkit.service import RefusedError
from storage.records import Inspection
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import Wall, wall_on

METHODOLOGY = load("2018")


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return wall_on(monkeypatch, "2040-01-02")


def begin(vault: Vault, **said: str) -> str:
    values = {"force": "Westshire", "methodology": "2018"} | said
    return vault.write_now(inspections.create, joining=True, **values).id


def due(vault: Vault, of: str) -> dict[str, DueLine]:
    return {one.key: one for one in vault.read_now(due_lines, of)}


@pytest.mark.parametrize("phase", ["visit", "review"])
@pytest.mark.parametrize(
    ("starts", "ends", "notice", "feedback"),
    [
        ("2040-03-14", "2040-03-15", "2040-02-29", "2040-04-05"),  # a leap year
        ("2041-03-14", "2041-03-15", "2041-02-28", "2041-04-05"),  # and none
        ("2040-01-14", "2040-01-31", "2039-12-31", "2040-02-21"),  # ends of months
        ("2040-12-17", "", "2040-12-03", "2041-01-07"),  # a day, over the turn of the year
        ("2100-03-14", "2100-03-14", "2100-02-28", "2100-04-04"),  # a century that is none
    ],
)
def test_notice_and_feedback_hang_on_the_visit(
    vault: Vault, wall: Wall, phase: str, starts: str, ends: str, notice: str, feedback: str
) -> None:
    lines = due(vault, begin(vault, phase=phase, starts=starts, ends=ends))
    assert {key: one.due for key, one in lines.items()} == {
        "visit notice": notice, "written feedback": feedback
    }  # fmt: skip


@pytest.mark.parametrize(
    ("published", "plan", "revisit"),
    [
        ("2040-01-31", "2040-03-13", "2040-07-31"),
        ("2039-08-31", "2039-10-12", "2040-02-29"),
        ("2038-08-30", "2038-10-11", "2039-02-28"),
        ("2039-11-30", "2040-01-11", "2040-05-30"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("phase", ["inspection", "re-inspection"])
def test_six_weeks_and_six_months_hang_on_publication(
    vault: Vault, wall: Wall, phase: str, published: str, plan: str, revisit: str
) -> None:
    wall.show("2040-02-01")
    of = begin(vault, phase=phase)
    for deadline in ("immediately", "within three months", "within six months"):
        vault.write_now(recommend, of, f"Do it {deadline}.", deadline=deadline)
    vault.write_now(publish, of, published, "an inspection of before")
    lines = due(vault, of)
    assert [lines[key].due for key in ("update", "action plan", "revisit")] == [
        published, plan, revisit
    ]  # fmt: skip
    listed = {one.deadline: one.due for one in vault.read_now(register)}
    # One function counts every limit and every deadline.
    assert listed["immediately"] == published
    assert listed["within six months"] == revisit
    terms = {one.key: one for one in METHODOLOGY.deadlines}
    assert listed == {key: one.due_day(published) for key, one in terms.items()}


@pytest.mark.parametrize(
    ("starts", "ends", "key", "off", "working"),
    [
        ("2041-01-08", "2041-01-09", "visit notice", "a bank holiday, Christmas Day", "2040-12-24"),
        ("2040-04-09", "2040-04-09", "written feedback", "", ""),
        ("2040-12-11", "2040-12-11", "written feedback", "a bank holiday", "2040-12-31"),
        ("2040-04-16", "2040-04-17", "visit notice", "a bank holiday, Easter Monday", "2040-03-29"),
        ("2040-05-21", "2040-05-21", "visit notice", "a bank holiday, May Day", "2040-05-04"),
        ("2040-09-22", "2040-09-22", "visit notice", "a Saturday", "2040-09-07"),
    ],
)
def test_a_last_day_on_which_nobody_is_at_work_stays_and_is_named(
    vault: Vault, wall: Wall, starts: str, ends: str, key: str, off: str, working: str
) -> None:
    line = due(vault, begin(vault, phase="visit", starts=starts, ends=ends))[key]
    assert line.off.startswith(off) and bool(line.off) == bool(off)
    assert line.working == working


def test_a_clock_set_back_makes_nothing_early_again(vault: Vault, wall: Wall) -> None:
    of = begin(vault, phase="review", starts="2040-02-20", ends="2040-02-29")
    wall.show("2040-03-22")
    vault.write_now(mark_done, of, "visit notice", "5/2/2040")
    told = [(one.words, one.days) for one in vault.read_now(late, of)]
    assert [days for _, days in told] == [1]
    wall.show("2040-02-01")
    assert [(one.words, one.days) for one in vault.read_now(late, of)] == told
    # What was done on a day that the clock has passed may be entered still; a day to come not.
    vault.write_now(mark_done, of, "written feedback", "21/3/2040")
    with pytest.raises(RefusedError, match="still to come"):
        vault.write_now(mark_done, of, "written feedback", "23/3/2040")


def test_the_visit_that_is_planned_moves_what_hangs_on_it(vault: Vault, wall: Wall) -> None:
    of = begin(vault)
    vault.write_now(publish, of, "", "an inspection of before")
    vault.write_now(plan_for, of, "revisit", "2040-03-14")
    assert due(vault, of)["visit notice"].due == "2040-02-29"
    vault.write_now(plan_for, of, "revisit", "2040-03-31")
    assert due(vault, of)["written feedback"].due == "2040-04-21"


@pytest.mark.parametrize("version", versions())
def test_what_the_force_is_told_is_counted_by_the_same_function(version: str) -> None:
    def told(**said: str) -> str:
        values = {"force": "W", "methodology": version} | said
        return " ".join(next_lines(Inspection.make(**values), load(version)))

    assert "by 21 March 2040" in told(phase="review", starts="2040-02-27", ends="2040-02-29")
    assert "by 29 February 2040" in told(published="2039-08-31")
    assert "three weeks of the end of the visit." in told(phase="visit")
    # Where the calendar ends before the limit no day is named.
    assert ", by " not in told(phase="visit", ends="9999-12-31")
