"""Days in words: “10 June 2026”, “8 to 19 July 2019”; used by messages, pages and documents."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Not the laptop's own language: every output is British English."""


def day_words(day: str) -> str:
    """Return a day, ``YYYY-MM-DD``, in words; what is no day is given as it stands."""
    try:
        read = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{read.day} {MONTHS[read.month - 1]} {read.year}"


def span_words(first: str, last: str) -> str:
    """Return a span of days in words: “8 to 19 July 2019”, “29 June to 3 July 2026”.

    Of a span with one end only, that end is told: “from 6 July 2026”. Empty for none.
    """
    if not (first and last):
        return f"from {day_words(first)}" if first else f"until {day_words(last)}" if last else ""
    if first == last:
        return day_words(first)
    end = day_words(last)
    begin = day_words(first).split(" ")
    for part in reversed(end.split(" ")[1:]):
        # What both have in common is said once; the year before the month.
        if begin[-1] != part or len(begin) == 1:
            break
        begin.pop()
    return f"{' '.join(begin)} to {end}"
