"""Inspections: which force, when, by which methodology, how far it has come; their dates."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from sqlmodel import Field, Session, select

from storage.records.model.base import Answers, Record, named_id
from storage.records.model.fields import By, Code, Day, Facts, Person, Text, choice

PHASES = ("inspection", "visit", "review", "re-inspection")
FOLLOW_UP = "+follow-up"
"""Stands after the version of a methodology where the inspection follows an earlier one."""
Phase = Annotated[str, choice(*PHASES)]
STATES = ("fieldwork", "left site", "published", "followed up")
"""The states in the order in which an inspection passes through them."""
State = Annotated[str, choice(*STATES), Facts(trailing=True)]


class Inspection(Record, table=True):
    """Holds one inspection of one force; its methodology is pinned when it is made."""

    KIND = "inspection"
    LABEL = "{force}, {phase}"
    TOGETHER: ClassVar[Answers] = {
        "first and last day": ("starts", "ends"),
        "phase": ("phase", "follows"),
    }
    NOTED = True
    # Pinned when it is made: by another nobody's grades would be on their scale.
    ONCE = ("methodology",)
    # A step from one state to the next stays on record; it is corrected by another, with a reason.
    # Its making stays too: all the rest hangs on it.
    FROZEN = frozenset({"state", "methodology"})
    EXPLAINED = False
    SEARCH = ("force",)

    force: Text
    phase: Phase = "inspection"
    follows: Annotated[Code, Facts(refers="inspection", code=True)] = ""
    state: State = "fieldwork"
    starts: Annotated[Day, Facts("first day")] = ""
    ends: Annotated[Day, Facts("last day")] = ""
    published: Day = ""
    methodology: Annotated[Text, Facts(code=True, tacit=True)]
    methodology_corrected: Annotated[Code, Facts("methodology", code=True)] = ""
    marking: Code = "OFFICIAL-SENSITIVE"
    language: Code = "en"

    @property
    def version(self) -> str:
        """Return the version of its methodology: as it was pinned, or as central corrected it.

        The pinned one is never written again, which an earlier fieldkit refuses; the correction
        has a field of its own.
        """
        return self.methodology_corrected or self.methodology

    @property
    def judged_by(self) -> str:
        """Return by what it is judged, as the methodology is loaded: version and follow-up."""
        return judged_by(self)

    @property
    def document_reference(self) -> str:
        """Return by what the documents of the inspection are known: the same on every laptop."""
        return f"NCPI {self.id.replace('-', '')[:8].upper()}"


class Milestone(Record, table=True):
    """Holds what is planned and done of one limit of the follow-up, such as the action plan."""

    KIND = "milestone"
    ORDER = ("timing", "id")
    LABEL = "{timing}"
    EXPLAINED = False
    ONCE = ("inspection_id", "timing")
    NAMED = ("inspection_id", "timing")
    TOGETHER: ClassVar[Answers] = {"done": ("done_on", "remark", "by")}
    SEARCH = ("remark",)

    inspection_id: str = Field(index=True)
    timing: Code
    planned_on: Annotated[Day, Facts("planned for")] = ""
    done_on: Annotated[Day, Facts("done on")] = ""
    remark: Text = ""
    by: By = ""


class CalendarEntry(Record, table=True):
    """Holds dates entered by hand beside an inspection: another programme's, or leave."""

    KIND = "calendar_entry"
    PLURAL = "calendar entries"
    ORDER = ("starts", "id")
    LABEL = "{title}[, {starts}]"
    EXPLAINED = False
    ONCE = ("inspection_id",)
    TOGETHER: ClassVar[Answers] = {"first and last day": ("starts", "ends")}
    SEARCH = ("title",)

    inspection_id: str = Field(index=True)
    sort: Annotated[str, choice("programme", "leave", "other")] = "programme"
    title: Text
    person: Person = ""
    starts: Annotated[Day, Facts("first day")]
    ends: Annotated[Day, Facts("last day")] = ""
    by: By = ""


def judged_by(inspection: Any) -> str:
    """Return :attr:`Inspection.judged_by` of anything that has an inspection's fields."""
    version: str = inspection.methodology_corrected or inspection.methodology
    return version if inspection.phase == PHASES[0] else f"{version}{FOLLOW_UP}"


def milestone_id(inspection: str, timing: str) -> str:
    """Return the id of what is kept of one limit of an inspection's follow-up."""
    return named_id("milestone", inspection, timing)


def inspections(session: Session) -> list[Inspection]:
    """Return all inspections, the latest first."""
    found = list(session.exec(select(Inspection)))
    return sorted(found, key=lambda one: (one.starts, one.force, one.id), reverse=True)


def inspection(session: Session, inspection_id: str) -> Inspection | None:
    """Return the inspection of that id."""
    return session.get(Inspection, inspection_id)
