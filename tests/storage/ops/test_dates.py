from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ops.dates import read_day, read_moment
from storage.records import Case, CaseAudit
from storage.records.model.base import InvalidError

DAYS = {
    "12 March 2026": "2026-03-12",
    "Thu 12 March 2026": "2026-03-12",
    "12th of Mar 2026": "2026-03-12",
    "March 12, 2026": "2026-03-12",
    "12 Mawrth 2026": "2026-03-12",
    "12/3/2026": "2026-03-12",
    "12.3.26": "2026-03-12",
    "12-03-2026": "2026-03-12",
    "2026/3/12": "2026-03-12",
    "20260312": "2026-03-12",
    "2026-03-12": "2026-03-12",
}
MOMENTS = {
    "3/3/2026 8:15": "2026-03-03 08:15",
    "12 March 2026, 8.15 pm": "2026-03-12 20:15",
    "12 March 2026 at 20:15": "2026-03-12 20:15",
    "12.3.26 0815": "2026-03-12 08:15",
    "2026-3-12 8:15:30": "2026-03-12 08:15:30",
    "12/03/2026 12:05am": "2026-03-12 00:05",
    "12/03/2026 23:59hrs": "2026-03-12 23:59",
    "12 March 2026": "2026-03-12",
}
KEPT = ("2026-03-12T08:15", "2026-03-12 08:15", "2026-03-12T08:15:00.000Z", "")


@pytest.mark.parametrize(("written", "day"), DAYS.items())
def test_a_day_is_understood_as_people_write_it(written: str, day: str) -> None:
    case = Case.make(inspection_id="i", reference="A-1", incident_on=written)
    assert case.incident_on == day
    assert case.change(incident_on=f" {written} ").incident_on == day


@pytest.mark.parametrize(("written", "moment"), MOMENTS.items())
def test_a_time_is_understood_after_a_day(written: str, moment: str) -> None:
    assert CaseAudit.make(inspection_id="i", case_id="c", reported_at=written).reported_at == moment


@pytest.mark.parametrize("written", KEPT)
def test_what_is_iso_8601_keeps_its_form(written: str) -> None:
    assert CaseAudit.make(inspection_id="i", case_id="c", arrest_at=written).arrest_at == written


@pytest.mark.parametrize(
    "written", ["3/25/2026", "31 June 2026", "soon", "12 Smarch 2026", "1/1/1826", "8:15"]
)
def test_what_is_no_day_is_refused_with_the_forms_that_are(written: str) -> None:
    with pytest.raises(InvalidError, match="22/11/2026"):
        Case.make(inspection_id="i", reference="A-1", incident_on=written)
    with pytest.raises(InvalidError, match="14:30"):
        CaseAudit.make(inspection_id="i", case_id="c", reported_at=f"{written} 25:99")


@given(st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)), st.times())
def test_every_day_and_time_comes_back(day: dt.date, time: dt.time) -> None:
    for form in ("%d/%m/%Y", "%d %B %Y", "%a %d %b %Y", "%Y-%m-%d"):
        assert read_day(day.strftime(form)) == (day.isoformat(), "")
        moment = f"{day.strftime(form)} {time.strftime('%H:%M')}"
        assert read_moment(moment) == (f"{day.isoformat()} {time.strftime('%H:%M')}", "")
