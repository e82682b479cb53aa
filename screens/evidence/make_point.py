"""Making a point, alone or from a piece of evidence: wording, sort, criterion."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.evidence import evidence
from fieldkit.evidence.points import PointLine
from fieldkit.methodology import Methodology
from fieldkit.service import methodology_of
from fieldkit.wording.format import line
from screens.kit.ask import ask, ask_and_commit, commit
from screens.kit.dialogs import Choice, Pick
from screens.kit.shell import Shell
from storage.records import Point


async def point_from(app: Shell, kind: str, record_id: str, label: str, criterion: str) -> None:
    """Ask for wording and sort, and make a point that rests on that record; runs in a worker.

    Args:
        app: the app.
        kind: the kind of evidence.
        record_id: which record.
        label: how a person calls it.
        criterion: the key of the criterion the point starts with, or empty.
    """
    point = await ask_point(
        app,
        f"A point from {line(label, 50)}",
        f"new-point/{record_id}",
        criterion=criterion,
        rests_on=(kind, record_id),
    )
    if point is not None:
        app.say(f"The point is made and rests on {line(label, 60)}.")
        await app.refresh_frame()


async def ask_point(
    app: Shell,
    title: str,
    place: str,
    *,
    change: PointLine | None = None,
    criterion: str | None = None,
    rests_on: tuple[str, str] | None = None,
) -> Point | None:
    """Ask for wording, sort and, unless it is given, the criterion; make or change a point.

    Runs in a worker; ``None`` where the person left it or it was refused, which is shown.
    """
    words: Methodology = await app.vault.read(methodology_of, app.inspection_id)
    before = change.wording if change else ""
    hint = "One or two plain sentences, without names or references."
    wording = await ask(app, title, place, "wording", before, hint=hint)
    if wording is None:
        return None
    likely = change.sort if change else await app.vault.read(_likely_sort, words, rests_on)
    sorts = [Choice(one.key, one.label) for one in words.point_sorts]
    sort = await app.push_screen_wait(Pick("What sort of point is it?", sorts, likely))
    if sort is None:
        return None
    if not criterion:
        areas = [Choice(one.key, one.label) for one in words.areas]
        areas.append(Choice("", "none of these"))
        current = change.criterion if change else ""
        criterion = await app.push_screen_wait(
            Pick("Which criterion does it belong to?", areas, current if change else areas[0].value)
        )
    if criterion is None:
        return None
    inspection, about = app.inspection_id, criterion

    def job(s: Session) -> Point:
        if change is not None:
            return points.edit_point(s, change.id, wording=wording, sort=sort, criterion=about)
        made = points.add_point(s, inspection, wording, sort, about)
        if rests_on is not None:
            points.support(s, made.id, *rests_on)
        return made

    return await commit(app, place, ["wording"], job)


def _likely_sort(s: Session, words: Methodology, rests_on: tuple[str, str] | None) -> str:
    """Return the sort that evidence points to: a strength where it is marked or graded as one."""
    item = evidence(s, words, *rests_on) if rests_on is not None else None
    if item is None:
        return "concern"
    best = {words.scale_for(subject).labels[0] for subject in words.scales}
    good = item.polarity == "strength" or item.grade in best
    return "strength" if good else "concern"


async def ask_keep_thin(app: Shell, point: str, called: str) -> bool:
    """Ask why a point is kept though its basis is thin, and record it; say whether it was."""
    title, place = f"Why is {called} kept, although its basis is thin?", f"keep-thin/{point}"
    kept = await ask_and_commit(
        app, title, place, "reason", lambda s, reason: points.keep_thin(s, point, reason)
    )
    return kept is not None
