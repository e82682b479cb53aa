"""How days, times and spans are written: by the clock here, as short as they can be said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from fieldkit.selfassessment.past_mappings import PastMapping
from fieldkit.wording import dates
from storage.ops.short_dates import read_typed_moment

NOW = datetime(2026, 9, 9, 14, 32).astimezone()


@pytest.fixture
def london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "short", "within"),
    [
        ("2026-09-09T14:05", "14:05", "at 14:05"),
        ("2026-09-09T00:00", "00:00", "at 00:00"),
        ("2026-09-08T17:05", "yesterday 17:05", "yesterday at 17:05"),
        ("2026-09-10 12:00", "tomorrow 12:00", "tomorrow at 12:00"),
        ("2026-09-04T17:05:59.999", "Fri 4 Sep, 17:05", "on Fri 4 Sep at 17:05"),
        ("2026-01-01T00:00", "Thu 1 Jan, 00:00", "on Thu 1 Jan at 00:00"),
        ("2025-12-31T23:59", "31 Dec 2025, 23:59", "on 31 Dec 2025 at 23:59"),
        ("2026-09-09", "today", "today"),
        ("2026-09-08", "yesterday", "yesterday"),
        ("2026-09-06", "Sun 6 Sep", "on Sun 6 Sep"),
        ("2019-09-09", "9 Sep 2019", "on 9 Sep 2019"),
        ("no moment at all", "no moment at all", "on no moment at all"),
        ("9999-12-31T23:59:59-23:59", "31 Dec 9999, 23:59", "on 31 Dec 9999 at 23:59"),
        ("0001-01-01T00:00:00+23:59", "1 Jan 1, 00:00", "on 1 Jan 1 at 00:00"),
        ("2026-13-01", "2026-13-01", "on 2026-13-01"),
    ],
)
def test_when_something_was(moment: str, short: str, within: str) -> None:
    assert dates.short_moment(moment, NOW) == short
    assert dates.at_words(moment, NOW) == within
    assert dates.clock_time(moment)
    assert dates.local_day(moment) == moment[:10]
    assert PastMapping(moment, "f.xlsx", "s", 1, (), {}).day


def test_a_table_pads_the_day() -> None:
    assert dates.short_moment("2026-09-04T17:05", NOW, padded=True) == "Fri  4 Sep, 17:05"
    assert dates.short_day("2026-09-14", NOW, padded=True) == "Mon 14 Sep"
    assert dates.short_day("2019-09-04", NOW, padded=True) == " 4 Sep 2019"


@pytest.mark.usefixtures("london")
def test_a_moment_in_utc_is_told_in_local_time() -> None:
    now = datetime(2026, 9, 9, 0, 30).astimezone()
    assert dates.short_moment("2026-09-08T23:14:00.000Z", now) == "00:14"
    assert dates.short_moment("2026-09-08T22:59:59.999Z", now) == "yesterday 23:59"
    assert dates.short_moment("2026-02-03T09:14:00Z", now) == "Tue 3 Feb, 09:14"
    assert dates.moment_words("2026-07-28T23:14:00.000Z") == "29 July 2026, 00:14"
    assert dates.local_day("2026-07-28T23:14:00.000Z") == "2026-07-29"
    assert dates.clock_time("2026-12-28T09:14:00.000Z") == "09:14"
    # The hour that is there twice lasts two hours; the one that is left out, none.
    assert dates.seconds_between("2026-10-25T00:30Z", "2026-10-25T01:30Z") == 3600
    assert dates.seconds_between("2026-03-29 00:59", "2026-03-29 02:01") == 120


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 min"),
        (0, "0 min"),
        (40, "40 s"),
        (60, "1 min"),
        (12 * 60 + 59, "12 min"),
        (3600, "1 h"),
        (3 * 3600 + 5 * 60, "3 h 05"),
        (86399, "23 h 59"),
        (86400, "1 day"),
        (27 * 3600, "1 day 3 h"),
        (2 * 86400 + 3600, "2 days 1 h"),
        (3 * 86400 + 3600, "3 days"),
        (26 * 86400, "26 days"),
    ],
)
def test_spans(seconds: float, words: str) -> None:
    assert dates.span(seconds) == words


def test_spans_between_two_moments() -> None:
    assert dates.seconds_between("2026-06-08 21:40", "2026-06-09 11:20") == 49200
    assert dates.seconds_between("2026-06-09 11:20", "2026-06-08 21:40") == -49200
    assert dates.seconds_between("2026-06-08", "2026-06-09 11:20") is None
    assert dates.seconds_between("2026-06-08 21:40", "who knows when") is None
    assert dates.ago("2026-09-09T11:20", NOW) == "3 h 12 ago"


@pytest.mark.parametrize("hours", [0, 1, 13, 15, 24, 40, 200, 1000, 5000, 7000])
def test_what_is_shown_can_be_typed(hours: int) -> None:
    moment = (NOW - timedelta(hours=hours)).replace(tzinfo=None).isoformat(" ", "minutes")
    for shown in (dates.short_moment(moment, NOW), dates.moment_words(moment)):
        assert read_typed_moment(shown, NOW) == (moment, "")
