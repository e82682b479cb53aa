"""What may be planned: an inspection of a force, on days that there are, once.

A roster is signed and carried to every laptop, so what is wrong in it is said before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from storage.oneline import alike
from storage.roster import Planned, RosterError, check_line, check_name


def check_planned(one: Planned) -> None:
    """Raise :class:`RosterError` where an inspection cannot be planned so."""
    check_name(one.id, "inspection's id")
    for text in (one.force, one.starts, one.ends):
        check_line(text, "inspection's force or date")
    wrong = problem(one)
    if wrong:
        raise RosterError(
            f"The inspection cannot be planned: {wrong}. Nothing was changed. Give its force, and "
            "its days as 2026-07-06."
        )


def problem(one: Planned) -> str:
    """What is wrong with a planned inspection, in words; empty where nothing is."""
    if not one.force.strip():
        return "no force is named"
    for day in (one.starts, one.ends):
        if day and not _is_day(day):
            return f"«{day}» is no day"
    if one.starts and one.ends and one.ends < one.starts:
        return f"it ends on {one.ends}, before it starts on {one.starts}"
    return ""


def days(one: Planned) -> str:
    """When it is, in words."""
    if not one.starts and not one.ends:
        return "dates not set"
    return f"{one.starts or '…'} to {one.ends or '…'}"


def same_as(one: Planned, others: Iterable[Planned]) -> Planned | None:
    """Another inspection of the same force whose dates overlap with these, if there is one."""
    return next((other for other in others if _alike(one, other)), None)


def _alike(one: Planned, other: Planned) -> bool:
    if one.id == other.id or alike(one.force) != alike(other.force):
        return False
    return (one.starts or "0") <= (other.ends or "9") and (other.starts or "0") <= (one.ends or "9")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
