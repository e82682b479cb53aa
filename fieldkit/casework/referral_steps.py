"""The steps of a referral: what was done about it, when and by whom, and what is still to come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.service import existing
from fieldkit.wording.labels import Names, reason_words
from storage.history.history import Change, history
from storage.records import Referral

USUAL = ("raised", "told", "acknowledged", "acted", "satisfied", "closed")
"""The way that a referral goes where nothing has to be said twice."""
TO_COME = {
    "raised": 0,
    "told": 1,
    "acknowledged": 2,
    "escalated": 2,
    "acted": 3,
    "not satisfied": 2,
    "satisfied": 4,
    "closed": 5,
}
"""The place in the usual way at which a referral stands in each state."""
_TIMES = {"told": "told_at", "acknowledged": "acknowledged_at", "acted": "acted_at"} | {
    "raised": "raised_at",
    "closed": "closed_at",
}
_WHOM = {"told": "told_whom", "acknowledged": "acknowledged_by"}
_WORDS = {"acted": ("action", "outcome"), "satisfied": ("outcome",), "closed": ("closed_reason",)}


@dataclass(frozen=True, slots=True)
class ReferralStep:
    """Holds one step of a referral.

    Attributes:
        state: the state it leads to: raised, told, acknowledged, acted and so on.
        at: when it was, ISO 8601; empty of one that is still to come.
        whom: the role who was told, or who acknowledged it.
        words: what was done, what came of it, or why.
        by: the name of who recorded it; empty of one that is still to come.
    """

    state: str
    at: str = ""
    whom: str = ""
    words: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReferralSteps:
    """Holds the steps that were taken, in their order, and those that usually follow.

    Attributes:
        taken: the last of them is where the referral stands.
        to_come: without a time.
    """

    taken: tuple[ReferralStep, ...]
    to_come: tuple[ReferralStep, ...]


def referral_steps(s: Session, referral_id: str) -> ReferralSteps:
    """Return the steps of a referral; raises `NotThereError` where there is none."""
    referral = existing(s, Referral, referral_id)
    names = Names(s)
    taken: list[ReferralStep] = []
    known: dict[str, str] = {}
    for change in history(s, Referral.KIND, referral_id):
        known |= {name: _text(after) for name, (_, after) in change.fields.items()}
        if change.verb == "create" or "state" in change.fields:
            state = known.get("state", "") or USUAL[0]
            taken.append(_step(state, change, known, names))
    following = USUAL[TO_COME.get(referral.state, 0) + 1 :]
    return ReferralSteps(tuple(taken), tuple(ReferralStep(one) for one in following))


def _step(state: str, change: Change, known: dict[str, str], names: Names) -> ReferralStep:
    words = [known.get(one, "") for one in _WORDS.get(state, ()) if one in change.fields]
    reason = reason_words(change.reason)
    how = known.get("told_how", "") if state == "told" else ""
    return ReferralStep(
        state=state,
        at=known.get(_TIMES.get(state, ""), "") or change.wall,
        whom=", ".join(filter(None, (known.get(_WHOM.get(state, ""), ""), how))),
        words="; ".join(dict.fromkeys(filter(None, (*words, reason)))),
        by=names.person(change.who),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
