"""Debriefs: what the force was told, in which words, what it answered and did at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from sqlmodel import Field, Session, col, select

from storage.records.model.base import Answers, Record, named_id
from storage.records.model.fields import (
    By,
    Day,
    Facts,
    Moment,
    Text,
    british_days,
    choice,
    json_dict,
)

Sort = Annotated[str, choice("daily", "hot")]


class Debrief(Record, table=True):
    """Holds a daily debrief, or the hot debrief that ends the fieldwork.

    ``covers`` says up to which op of each feed its holder knew when it was closed, so that what
    came later is new at the next, also what a colleague had written before.
    """

    KIND = "debrief"
    LABEL = "{sort} debrief[, {held_on}]"
    ONCE = ("inspection_id", "sort", "held_on")
    NAMED = ("inspection_id", "sort", "held_on")
    SEARCH = ("present",)

    inspection_id: str = Field(index=True)
    sort: Sort = "daily"
    held_on: Annotated[Day, Facts("day")]
    held_at: Moment = ""
    covers: Annotated[dict[str, Any], Facts(code=True, tacit=True)] = json_dict()
    present: Text = ""
    by: By = ""

    @classmethod
    def ids_of(cls, parts: tuple[str, ...]) -> Iterator[str]:
        """Return also the ids of a day as earlier clients took it, typed the British way."""
        inspection, sort, held_on = parts
        yield named_id(cls.KIND, inspection, sort, held_on)
        yield from (named_id(cls.KIND, inspection, sort, day) for day in british_days(held_on))


class DebriefPoint(Record, table=True):
    """Holds a point as told in one debrief: wording frozen, response, immediate action.

    ``said_only`` says that the words were kept because the debrief was closed, and that nobody had
    agreed them. ``correction`` says which misunderstanding was put right, and the evidence by what.
    """

    KIND = "debrief_point"
    ORDER = ("place", "id")
    LABEL = "{debrief_id}: {point_id}"
    UNDER = "debrief_id"
    ONCE = ("inspection_id", "debrief_id", "point_id")
    NAMED = ("debrief_id", "point_id")
    FROZEN = frozenset({"agreed_wording", "frozen_at", "said_only"})
    TOGETHER: ClassVar[Answers] = {"correction": ("correction", "evidence_kind", "evidence_id")}
    MADE = "link"
    UNMADE = "unlink"
    SEARCH = ("agreed_wording", "response", "correction", "action", "action_owner")

    inspection_id: str = Field(index=True)
    debrief_id: str = Field(index=True)
    point_id: str = Field(index=True)
    place: Annotated[int, Facts(following=True)] = 0
    agreed_wording: Text = ""
    frozen_at: Annotated[Moment, Facts("wording frozen", trailing=True)] = ""
    said_only: Annotated[bool, Facts("said, its wording not agreed", trailing=True)] = False
    response: Text = ""
    outcome: Text = ""
    correction: Text = ""
    evidence_kind: Text = ""
    evidence_id: str = ""
    action: Text = ""
    action_owner: Annotated[Text, Facts("action of", person=True)] = ""
    action_due: Annotated[Day, Facts("day the action is due")] = ""
    action_done: Annotated[Day, Facts("day the action was done")] = ""


def debrief_id(inspection: str, sort: str, held_on: str) -> str:
    """Return the id of an inspection's debrief of that day; there is one of each sort a day."""
    return named_id("debrief", inspection, sort, held_on)


def debrief_point_id(debrief: str, point: str) -> str:
    """Return the id of a point's place in a debrief."""
    return named_id("debrief_point", debrief, point)


def debriefs(session: Session, inspection_id: str) -> list[Debrief]:
    """Return the debriefs of an inspection, the latest first."""
    query = select(Debrief).where(Debrief.inspection_id == inspection_id)
    found = session.exec(query.order_by(col(Debrief.held_on), col(Debrief.id)))
    return list(found)[::-1]
