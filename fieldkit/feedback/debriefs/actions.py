"""What goes on from one debrief to the next: actions promised, and referrals not closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlmodel import Session

from fieldkit.casework.referrals import ReferralLine, lines_of
from fieldkit.casework.referrals import lines as referral_lines
from fieldkit.feedback.debriefs.order import in_order
from fieldkit.feedback.debriefs.past import as_they_stood
from fieldkit.service import RefusedError, now
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import flat, with_facts, without_stop
from storage.database.remembered import none_of, unchanged
from storage.records import Debrief, DebriefPoint, Referral
from storage.records.lookup import records_in


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Holds an immediate action that the force promised.

    Attributes:
        debrief_point_id: the point as told, to which it was promised.
        held_on: the day of that debrief, ``YYYY-MM-DD``.
        wording: the words agreed of that point.
        action: what the force does.
        owner: the role that does it; empty where none was named.
        due: by when, ``YYYY-MM-DD``; empty where no day was named.
        done: when it was done, ``YYYY-MM-DD``; empty while it is not known to be done.
        owner_told: the point as told, at which its owner was named; empty where none was.
    """

    debrief_point_id: str
    held_on: str
    wording: str
    action: str
    owner: str
    due: str
    done: str = ""
    owner_told: str = ""

    @property
    def words(self) -> str:
        """Return the action with who does it, by when, and when it was done."""
        return action_words(self.action, self.owner, self.due, self.done)


def action_words(action: str, owner: str, due: str, done: str = "", promised: str = "") -> str:
    """Return an action with what is known of it, its days in words.

    The days are given as ``YYYY-MM-DD``, or empty.
    """
    return with_facts(
        action,
        owner,
        f"by {day_words(due)}" if due else "",
        f"done {day_words(done)}" if done else "",
        f"promised {day_words(promised)}" if promised else "",
    )


def told_by_point(
    s: Session, held: Sequence[Debrief], listed: Iterable[DebriefPoint], end: str = ""
) -> dict[str, list[tuple[Debrief, DebriefPoint]]]:
    """Return the tellings of each point with their debriefs, the earliest first.

    Args:
        s: a session.
        held: the debriefs that are looked at, in their order; tellings in others are left out.
        listed: the tellings.
        end: the stamp of a day's end, for tellings as they stood then.
    """
    place = {debrief.id: at for at, debrief in enumerate(held)}
    inside = [one for one in listed if one.debrief_id in place]
    told: dict[str, list[tuple[Debrief, DebriefPoint]]] = defaultdict(list)
    for telling in sorted(as_they_stood(s, inside, end), key=lambda one: place[one.debrief_id]):
        told[telling.point_id].append((held[place[telling.debrief_id]], telling))
    return told


def actions_told(told: Iterable[tuple[Debrief, DebriefPoint]]) -> list[ActionLine]:
    """Return the actions promised to one point, each once, also when it is done.

    An action that is told again in the same words is the same one. A day on which something was
    done, at a telling that names no action, is that of the action promised last before it.

    Args:
        told: its tellings with their debriefs, the earliest first.
    """
    promised: dict[str, ActionLine] = {}
    for debrief, telling in told:
        key = without_stop(flat(telling.action)).casefold()
        if not key:
            waiting = [name for name, line in promised.items() if not line.done]
            if telling.action_done and waiting:
                last = promised[waiting[-1]]
                promised[waiting[-1]] = replace(last, done=telling.action_done)
            continue
        known = promised.get(key) or ActionLine(
            debrief_point_id=telling.id,
            held_on=debrief.held_on,
            wording=telling.agreed_wording,
            action=telling.action,
            owner="",
            due="",
        )
        promised[key] = replace(
            known,
            owner=telling.action_owner or known.owner,
            due=telling.action_due or known.due,
            done=telling.action_done or known.done,
            owner_told=telling.id if telling.action_owner else known.owner_told,
        )
    return list(promised.values())


def actions(
    s: Session,
    inspection_id: str,
    before: Debrief | None,
    *,
    done: bool = False,
    end: str = "",
) -> tuple[ActionLine, ...]:
    """Return what is promised and not done: in every debrief, or in those held before one.

    With ``done`` also what is done: it is the force's credit and stays with what it promised. With
    the stamp of a day's ``end`` as it stood then.
    """
    if before is None and not end:
        s.flush()
        read = partial(_actions, s, inspection_id, None, done, "")
        name, on = f"promised in {inspection_id}", none_of(Debrief.KIND, DebriefPoint.KIND)
        return unchanged(s.connection(), name, done, read, on)
    return _actions(s, inspection_id, before, done, end)


def _actions(
    s: Session, inspection_id: str, before: Debrief | None, done: bool, end: str
) -> tuple[ActionLine, ...]:
    held = in_order(s, inspection_id)
    if before is not None:
        held = held[: next((at for at, one in enumerate(held) if one.id == before.id), len(held))]
    told = told_by_point(s, held, records_in(s, DebriefPoint, inspection_id), end)
    promised = [
        line
        for tellings in told.values()
        for line in actions_told(tellings)
        if done or not line.done
    ]
    return tuple(sorted(promised, key=lambda one: (one.held_on, one.due)))


def open_referrals(
    s: Session, inspection_id: str, end: str = "", moment: str = ""
) -> tuple[ReferralLine, ...]:
    """Return the referrals that are not closed, with their clocks as they stand now.

    With the stamp of a day's ``end`` those not closed then, their clocks as they stood at a moment.
    """
    if not end:
        lines = referral_lines(s, inspection_id, now())
    else:
        raised = as_they_stood(s, records_in(s, Referral, inspection_id), end)
        lines = lines_of(s, inspection_id, raised, moment)
    return tuple(one for one in lines if one.running)


def refuse_open_action(listed: DebriefPoint, action: str | None, *, corrects: bool) -> None:
    """Raise `RefusedError` where another action would take the place of one that is open.

    For a person who does not see what stands there, unless they say that they put it right.
    """
    waiting = "" if listed.action_done else listed.action
    if not corrects and action is not None and waiting not in ("", action.strip()):
        raise RefusedError(
            f"The action “{waiting}” was promised there and is still open, so no other one takes "
            "its place. Nothing was changed; record that it is done (“debrief done”), put its "
            "words right (--correct-action), or note the further action at another debrief."
        )
