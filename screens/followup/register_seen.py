"""What the page of the register reads, and what it may be narrowed down to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from fieldkit.followup.dates.milestones import DueLine, due_lines, reported
from fieldkit.followup.days import present_day
from fieldkit.followup.lints import Look, looks
from fieldkit.followup.register import RegisterLine, Wanted, register
from fieldkit.methodology import Methodology
from fieldkit.service import methodology_of
from screens.followup.register_rows import is_open
from storage.records import Inspection

VIEWS = ("all", "open", "late", "complete", "ended", "drafts")
"""What the register is narrowed down to, in the order in which one key goes through them."""


@dataclass(frozen=True, slots=True)
class Register:
    """Holds what the page reads.

    Attributes:
        lines: the recommendations.
        due: the limits of the follow-up of the report.
        looks: what is worth a second look, by the id of a recommendation.
        present: today, ``YYYY-MM-DD``.
        inspection: the one whose report it is: of a visit or review the one it follows.
        methodology: gives the words of its criteria, deadlines and statuses.
    """

    lines: tuple[RegisterLine, ...]
    due: tuple[DueLine, ...]
    looks: dict[str, tuple[Look, ...]]
    present: str
    inspection: Inspection
    methodology: Methodology


def is_in(line: RegisterLine, view: str) -> bool:
    """Say whether a recommendation is among those of a view."""
    draft = line.called.startswith("draft")
    return {
        "all": True,
        "open": is_open(line),
        "late": bool(line.late),
        "complete": line.status == "complete",
        "ended": not is_open(line) and line.status != "complete",
        "drafts": draft,
    }[view]


def read_register(s: Session, inspection_id: str, wanted: Wanted, *, everywhere: bool) -> Register:
    """Return what the page shows, of the force of an inspection or of all forces."""
    inspection = reported(s, inspection_id)
    force = "" if everywhere else inspection.force
    again: dict[str, tuple[Look, ...]] = {}
    for one in looks(s, inspection_id):
        if one.rule == "deadline_passed":
            continue  # the row says it
        again[one.id] = (*again.get(one.id, ()), one)
    return Register(
        lines=tuple(register(s, replace(wanted, force=force))),
        due=tuple(due_lines(s, inspection.id, days_off=False)),
        looks=again,
        present=present_day(s),
        inspection=inspection,
        methodology=methodology_of(s, inspection_id),
    )
