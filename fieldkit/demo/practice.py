"""The practice inspection put together: its cases, and the tables of ``fieldwork.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from fieldkit.demo.cases import Table, practice_cases, read
from fieldkit.methodology import load

_DAYS = ("held_on", "asked_on", "received_on", "dated", "action_due", "action_done")
"""What the tables give as a number of days after the first day on site."""


@dataclass(frozen=True, slots=True)
class Practice:
    """Holds the whole practice inspection, in the words that the services take.

    Days are ISO text. ``interviews``, ``observations`` and ``documents`` have the fields of their
    records, with their ``notes`` and a ``key``; ``points`` have their ``support``.
    ``tellings`` are those of other days than the one that is lived.
    """

    force: str
    methodology: str
    starts: str
    ends: str
    today: str
    present_at_debrief: str
    search_words: tuple[str, ...]
    cases: tuple[Table, ...]
    interviews: tuple[Table, ...]
    observations: tuple[Table, ...]
    documents: tuple[Table, ...]
    points: tuple[Table, ...]
    tellings: tuple[Table, ...]
    referral: Table

    @property
    def notes(self) -> dict[str, Table]:
        """Return every note by the key of the place it was made in and its number there."""
        return {
            f"{place['key']} {number}": note
            for place in (*self.interviews, *self.observations, *self.documents)
            for number, note in enumerate(place["notes"], 1)
        }

    def evidence(self, piece: Mapping[str, Any]) -> str:
        """Return the key of a note, or the reference of the nth case of a type and grade."""
        if "note" in piece:
            return str(piece["note"])
        kind = load(self.methodology).case_type(piece["type"])
        wanted = ([kind.label if kind else ""], piece["grade"])
        cases = [one for one in self.cases if (one["types"], one["overall"]) == wanted]
        return str(cases[piece.get("nth", 0)]["reference"])


@cache
def practice(first_day: date | None = None) -> Practice:
    """Return the practice inspection of the made-up Westshire Constabulary.

    Every date in it hangs on the first day on site; without one it is the day in
    ``fieldwork.toml``, so that the practice inspection is the same on every machine.
    """
    words = read("fieldwork.toml")
    start: date = first_day or words["first_day"]

    def day(after: int) -> str:
        return (start + timedelta(days=after)).isoformat()

    def tables(name: str) -> tuple[Table, ...]:
        return tuple(
            {key: day(value) if key in _DAYS else value for key, value in table.items()}
            for table in words[name]
        )

    return Practice(
        force=words["force"],
        methodology=words["methodology"],
        starts=start.isoformat(),
        ends=day(words["last_day"]),
        today=day(words["today"]),
        present_at_debrief=words["present_at_debrief"],
        search_words=tuple(words["search_words"]),
        cases=practice_cases(words["methodology"], start),
        interviews=tables("interviews"),
        observations=tables("observations"),
        documents=tables("documents"),
        points=tables("points"),
        tellings=tables("tellings"),
        referral=words["referral"],
    )
