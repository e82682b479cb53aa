"""Working days and bank holidays of England and Wales, from the library ``holidays``.

Days that are proclaimed for one year alone, as for a coronation, are known as far as the installed
version of the library knows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

SATURDAY = 5
_WEEKEND = ("a Saturday", "a Sunday")


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """Return the bank holidays of a year with their names in English; Wales has England's."""
    # Not needed before the first date is shown, and it takes a moment to come in.
    from holidays.countries.united_kingdom import UnitedKingdom

    named: Mapping[date, str] = UnitedKingdom(subdiv="ENG", years=year, language="en_GB")  # type: ignore[no-untyped-call]
    return dict(named)


def day_off(day: str) -> str:
    """Say why nobody is at work on a day, ``YYYY-MM-DD``: “a Saturday”, “a bank holiday, …”.

    Empty for a working day, and for what is no day.
    """
    try:
        read = date.fromisoformat(day)
    except ValueError:
        return ""
    named = bank_holidays(read.year).get(read)
    if named:
        return f"a bank holiday, {named}"
    return _WEEKEND[read.weekday() - SATURDAY] if read.weekday() >= SATURDAY else ""


def working_day_before(day: str) -> str:
    """Return a day, ``YYYY-MM-DD``, or the last working day before it where it is none."""
    while day_off(day):
        day = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    return day
