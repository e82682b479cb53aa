"""Asking what the force answers, what it does, and what became of that; also after the closing."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from fieldkit.feedback.debriefs.debrief import OUTCOMES, record_response
from fieldkit.service import existing, today
from fieldkit.wording.format import line
from screens.evidence.trace import PickEvidence
from screens.kit.ask import ask, commit, fill
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.form import Field, day_field
from screens.kit.shell import Shell
from storage.records import DebriefPoint

OUTCOME_CHOICES = (Choice("", "—"), *(Choice(word, word) for word in OUTCOMES))
DAY_HINT = "e.g. 28 February 2026"
NOT_DONE, OTHER_DAY = "not yet", "another day"


async def ask_response(app: Shell, told: str, title: str) -> DebriefPoint | None:
    """Ask what the force answers to a point and does at once; runs in a worker.

    Args:
        app: the app.
        told: the id of the point as told in a debrief.
        title: what stands above the form.
    """
    point = await _as_told(app, told)
    fields = [
        Field("response", "Response", point.response, "what the force said, in short"),
        Field("outcome", "What came of it", point.outcome, choices=OUTCOME_CHOICES),
        *_promise(point),
        day_field("action_done", "Done on", point.action_done, DAY_HINT),
        Field("correction", "Put right", point.correction, "what was misunderstood, what is right"),
    ]
    return await _fill(app, told, title, fields)


async def ask_correction(app: Shell, told: str, number: int) -> DebriefPoint | None:
    """Ask which misunderstanding is put right, and for the evidence that shows it.

    Runs in a worker; ``None`` where it was left, and what was typed waits.

    Args:
        app: the app.
        told: the id of the point as told in a debrief.
        number: the number of the point.
    """
    point = await _as_told(app, told)
    title, hint = f"Point {number}: what is put right", "What was misunderstood, and what is right."
    words = await ask(app, title, _place(told), "correction", point.correction, hint=hint)
    if words is None:
        return None
    picking = PickEvidence(number, app.inspection_id, title="Which evidence shows it?")
    chosen = await app.push_screen_wait(picking)
    if chosen is None:
        asked = Confirm("Save it without evidence? You can add it later, with c.", yes="save it")
        if not await app.push_screen_wait(asked):
            return None
    return await commit(
        app,
        _place(told),
        ["correction"],
        lambda s: record_response(
            s,
            told,
            correction=words,
            evidence_kind=chosen.kind if chosen is not None else None,
            evidence_id=chosen.id if chosen is not None else None,
        ),
    )


async def ask_action(app: Shell, told: str, title: str) -> DebriefPoint | None:
    """Ask what the force does at once about a point, who does it and by when; runs in a worker."""
    point = await _as_told(app, told)
    return await _fill(app, told, title, _promise(point))


async def ask_done(app: Shell, told: str, action: str) -> bool:
    """Ask whether, and when, a promised action was done; say whether anything was written.

    Runs in a worker.
    """
    choices = [
        Choice(today(), "done", "known to be done today"),
        Choice(NOT_DONE, "not yet"),
        Choice(OTHER_DAY, "done", "on another day"),
    ]
    title = f"{line(action, 50)}: what became of it?"
    chosen = await app.push_screen_wait(Pick(title, choices))
    if chosen == OTHER_DAY:
        fields = [Field("action_done", "Done on", hint=DAY_HINT)]
        return await _fill(app, told, title, fields) is not None
    if chosen is None:
        return False
    day = "" if chosen == NOT_DONE else chosen
    written = await commit(
        app, _place(told), ["action_done"], lambda s: record_response(s, told, action_done=day)
    )
    return written is not None


def _promise(point: DebriefPoint) -> list[Field]:
    return [
        Field("action", "Immediate action", point.action, "what the force does at once"),
        Field("action_owner", "By whom", point.action_owner, "a role, no name"),
        day_field("action_due", "By when", point.action_due, DAY_HINT),
    ]


async def _as_told(app: Shell, told: str) -> DebriefPoint:
    """Return the point as it stands now: a colleague's answer may have come since."""
    return await app.vault.read(_existing, told)


def _existing(s: Session, told: str) -> DebriefPoint:
    return existing(s, DebriefPoint, told)


async def _fill(app: Shell, told: str, title: str, fields: list[Field]) -> DebriefPoint | None:
    def write(s: Session, answer: dict[str, str]) -> DebriefPoint:
        given: dict[str, Any] = dict(answer)
        if given.get("correction") and not given.get("outcome"):
            given["outcome"] = None  # then it follows from the correction
        return record_response(s, told, **given)

    return await fill(app, title, _place(told), fields, write)


def _place(told: str) -> str:
    return f"debrief_point/{told}"
