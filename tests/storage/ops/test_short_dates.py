"""What a person types in a hurry is read beside today; what is no time is refused."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage.ops.short_dates import read_typed_day, read_typed_moment

NOW = datetime(2026, 9, 9, 14, 32)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("typed", "read"),
    {
        "2140": "2026-09-09 21:40",
        "815": "2026-09-09 08:15",
        "21:40": "2026-09-09 21:40",
        "9.15": "2026-09-09 09:15",
        "at 9:15": "2026-09-09 09:15",
        "5pm": "2026-09-09 17:00",
        "12 am": "2026-09-09 00:00",
        "5.30 PM": "2026-09-09 17:30",
        "2140hrs": "2026-09-09 21:40",
        "8/6 21:40": "2026-06-08 21:40",
        "8/6 2140": "2026-06-08 21:40",
        "8.6. at 21.40": "2026-06-08 21:40",
        "8/6, 5pm": "2026-06-08 17:00",
        "8 June 21:40": "2026-06-08 21:40",
        "8th Jun, 2140": "2026-06-08 21:40",
        "Fri 4 Sep, 17:05": "2026-09-04 17:05",
        "Mon 8 Jun": "2026-06-08",
        "fri 17:05": "2026-09-04 17:05",
        "Friday": "2026-09-04",
        "wed 0800": "2026-09-09 08:00",
        "yesterday 5pm": "2026-09-08 17:00",
        "Yesterday, 17:05": "2026-09-08 17:05",
        "today": "2026-09-09",
        "tomorrow 12:00": "2026-09-10 12:00",
        "30/11 10:00": "2025-11-30 10:00",
        "1/11": "2026-11-01",
        "Tue 1 Dec 10:00": "2026-12-01 10:00",
        "8/6/2024 21:40": "2024-06-08 21:40",
        "12 March 2026, 8.15 pm": "2026-03-12 20:15",
        "2026-03-12T08:15": "2026-03-12 08:15",
        "8/6/26": "2026-06-08",
        "12 March 2026": "2026-03-12",
        "8/6 2015": "2026-06-08 20:15",
        "8 June 2015": "2015-06-08",
    }.items(),
)
def test_moments(typed: str, read: str) -> None:
    assert read_typed_moment(typed, NOW) == (read, "")


@pytest.mark.parametrize(
    ("typed", "read"),
    {
        "8/6": "2026-06-08",
        "8 Jun": "2026-06-08",
        "Mon 8 Jun": "2026-06-08",
        "yesterday": "2026-09-08",
        "mon": "2026-09-07",
        "wednesday": "2026-09-09",
        "8/6/2025": "2025-06-08",
        "8/6 2025": "2025-06-08",
        "20 Sep": "2026-09-20",
    }.items(),
)
def test_days(typed: str, read: str) -> None:
    assert read_typed_day(typed, NOW) == (read, "")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "2560",
        "24:00",
        "9:60",
        "13pm",
        "0 pm",
        "8",
        "31/6",
        "31/6 21:40",
        "8/13",
        "29/2",
        "monitor",
        "8 nothing",
        "yesterday soon",
        "99999",
        "2140 2140",
        "5pm 5pm",
    ],
)
def test_what_is_no_moment_is_refused(typed: str) -> None:
    moment, why = read_typed_moment(typed, NOW)
    assert moment is None
    assert why


@pytest.mark.parametrize("typed", ["2140", "5pm", "yesterday 5pm", "soon"])
def test_a_day_needs_no_time(typed: str) -> None:
    assert read_typed_day(typed, NOW)[0] is None


def test_the_year_is_the_nearest_at_the_turn_of_the_year() -> None:
    january = datetime(2027, 1, 5, 9, 0)
    assert read_typed_day("8/12", january) == ("2026-12-08", "")
    assert read_typed_day("8/6", january) == ("2026-06-08", "")
    assert read_typed_day("20/2", january) == ("2027-02-20", "")
    assert read_typed_day("29 Feb", datetime(2028, 5, 1)) == ("2028-02-29", "")
