"""Days of the follow-up: every limit, at the ends of months and in leap years; days off."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.followup.dates.working_days import bank_holidays, day_off, working_day_before
from fieldkit.followup.days import due_day, read_day_of
from fieldkit.methodology import load, versions
from fieldkit.service import RefusedError

METHODOLOGY = load("2018")


def due(limit: str, from_day: str) -> str:
    known = {one.key: one for one in (*METHODOLOGY.deadlines, *METHODOLOGY.timings)}
    return due_day(known[limit], from_day)


@pytest.mark.parametrize(
    ("limit", "from_day", "last"),
    [
        ("immediately", "2024-02-29", "2024-02-29"),
        ("within three months", "2026-06-01", "2026-09-01"),
        ("within three months", "2026-11-30", "2027-02-28"),
        ("within three months", "2027-11-30", "2028-02-29"),
        ("within three months", "2026-01-31", "2026-04-30"),
        ("within three months", "2023-11-29", "2024-02-29"),
        ("within three months", "2099-11-30", "2100-02-28"),
        ("within six months", "2026-08-31", "2027-02-28"),
        ("within six months", "2027-08-31", "2028-02-29"),
        ("within six months", "2026-12-31", "2027-06-30"),
        ("within six months", "2024-02-29", "2024-08-29"),
        ("within six months", "2026-03-31", "2026-09-30"),
        ("action plan", "2026-01-31", "2026-03-14"),
        ("action plan", "2024-01-31", "2024-03-13"),
        ("action plan", "2026-11-30", "2027-01-11"),
        ("revisit", "2026-08-31", "2027-02-28"),
        ("revisit", "2027-08-30", "2028-02-29"),
        ("visit notice", "2024-03-14", "2024-02-29"),
        ("visit notice", "2027-01-04", "2026-12-21"),
        ("written feedback", "2024-02-08", "2024-02-29"),
        ("written feedback", "2026-12-18", "2027-01-08"),
        ("update", "2026-12-31", "2026-12-31"),
    ],
)
def test_each_limit(limit: str, from_day: str, last: str) -> None:
    assert due(limit, from_day) == last


def test_a_day_that_is_none_or_beyond_the_calendar_has_no_limit() -> None:
    for day in ("", "soon", "2026-02-30", "9999-12-31"):
        assert due("within six months", day) == due("action plan", day) == ""
    assert due("visit notice", "0001-01-03") == ""


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)))
def test_limits_keep_their_order_whatever_the_day(day: date) -> None:
    at = day.isoformat()
    assert at == due("immediately", at) < due("within three months", at)
    assert due("within three months", at) < due("within six months", at) == due("revisit", at)
    assert (date.fromisoformat(due("action plan", at)) - day).days == 42
    assert (day - date.fromisoformat(due("visit notice", at))).days == 14
    assert (date.fromisoformat(due("written feedback", at)) - day).days == 21


def test_every_methodology_has_every_limit() -> None:
    for version in versions():
        methodology = load(version)
        assert [one.key for one in methodology.timings] == [one.key for one in METHODOLOGY.timings]
        assert {one.day for one in (*methodology.timings, *methodology.deadlines)} == {
            "publication", "visit start", "visit end"
        }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "off", "before"),
    [
        ("2026-12-25", "a bank holiday, Christmas Day", "2026-12-24"),
        ("2026-12-26", "a bank holiday, Boxing Day", "2026-12-24"),
        ("2026-12-28", "a bank holiday, Boxing Day (observed)", "2026-12-24"),
        ("2027-12-28", "a bank holiday, Boxing Day (observed)", "2027-12-24"),
        ("2026-08-31", "a bank holiday, Late Summer Bank Holiday", "2026-08-28"),
        ("2026-04-06", "a bank holiday, Easter Monday", "2026-04-02"),
        ("2022-01-03", "a bank holiday, New Year's Day (observed)", "2021-12-31"),
        ("2022-09-19", "a bank holiday, State Funeral of Queen Elizabeth II", "2022-09-16"),
        ("2026-07-11", "a Saturday", "2026-07-10"),
        ("2026-07-12", "a Sunday", "2026-07-10"),
        ("2026-07-13", "", "2026-07-13"),
        ("2026-01-02", "", "2026-01-02"),  # a bank holiday in Scotland alone
        ("2026-03-17", "", "2026-03-17"),  # and in Northern Ireland alone
    ],
)
def test_days_on_which_nobody_is_at_work(day: str, off: str, before: str) -> None:
    assert day_off(day) == off
    assert working_day_before(day) == before


def test_no_day_is_no_day_off_and_wales_has_england_s() -> None:
    from holidays.countries.united_kingdom import UnitedKingdom

    assert day_off("") == day_off("soon") == ""
    for year in (2022, 2027, 2040):
        welsh = UnitedKingdom(subdiv="WLS", years=year, language="en_GB")  # type: ignore[no-untyped-call]
        assert dict(welsh) == bank_holidays(year)


def test_a_day_that_was_not_written_is_asked_for_without_a_quotation() -> None:
    with pytest.raises(RefusedError, match=r"needs a day such as 22/11/2026\. Nothing"):
        read_day_of(" ", "The first day")
    with pytest.raises(RefusedError, match="“soon” is none"):
        read_day_of("soon", "The first day")
