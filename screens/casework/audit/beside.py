"""What stands beside a case audit: timeline, referral, the force's side, what rests on it."""

from __future__ import annotations

from textual.content import Content

from fieldkit.casework.overview.preview import CasePreview, Cited
from fieldkit.casework.overview.timeline import Timeline
from fieldkit.wording.dates import clock_time, short_day
from screens.casework.case_state import CaseState
from screens.kit.drawing.chips import Grades, hidden
from screens.kit.drawing.clocks import clock
from screens.kit.drawing.keys import key
from screens.kit.drawing.rows import cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from storage.records.judgment import NOT_JUDGED, OVERALL

_TIME = len("21:40")
_DAY = len("2026-07-28")


def draw_timeline(told: Timeline, width: int) -> Content:
    """Return the moments of a case by day, with the spans between them; last what is missing.

    No source gives a limit for these spans, so they have no colour.
    """
    rows: list[Content] = []
    day = ""
    for moment in told.moments:
        if moment.seconds is not None:
            rows.append(Content.assemble(sign("line"), "   ", clock(moment.seconds)))
        elif rows:
            rows.append(sign("line"))
        if moment.day != day:
            day = moment.day
            rows.append(muted(short_day(day)))
        time = clock_time(moment.at) if len(moment.at) > _DAY else "–"
        label = moment.label[:1].upper() + moment.label[1:]
        shown = Content.assemble(sign("moment"), " ", strong(time.ljust(_TIME)), f" {label}")
        rows.append(cut(shown, width))
        if moment.too_early:
            rows.append(cut(Content.assemble("  ", sign("soon", "before the report")), width))
    if told.moments and told.missing:
        rows.append(Content(""))
    rows += [
        cut(Content.assemble(sign("no moment"), muted(f" –     {_first(one.label)}")), width)
        for one in told.missing
    ]
    return lines(rows)


def _first(label: str) -> str:
    return label[:1].upper() + label[1:]


def draw_referral(more: CasePreview, width: int) -> Content:
    """Return where the referral of a case stands; how to make one where there is none."""
    referral = more.referral
    if referral is None:
        way = Content.assemble(key("f4"), muted(" refers it back to the force"))
        return lines(wrapped(way, width))
    stands = sign("soon") if referral.running and referral.pressing[0] else sign("done")
    rows = [*wrapped(Content.assemble(stands, " ", referral.clock), width, most=4)]
    rows += [muted(one) for one in wrapped(", ".join(referral.reasons), width, most=2)]
    if referral.asked_for:
        rows += [muted(one) for one in wrapped(f"asked: {referral.asked_for}", width, most=2)]
    return lines(rows)


def draw_force(state: CaseState, grades: Grades, width: int, most: int = 0) -> Content:
    """Return the force's own grade and reason, once they are revealed."""
    view = state.file.force
    if not state.revealed:
        overall = state.file.judgments.get(OVERALL)
        ready = overall is not None and overall.said != NOT_JUDGED
        way = Content.assemble(key("f"), " shows it") if ready else "until ours is committed"
        return lines(wrapped(Content.assemble(hidden(), " ", muted(way)), width))
    if view is None:
        return lines(wrapped(muted("No row of the force is matched to this case."), width))
    since = f" ({view.since.brief})" if view.since else ""
    said = view.said
    head = Content.assemble(grades.chip(view.grade), " ", said) if view.grade else Content(said)
    rows = [*wrapped(head + since, width), *wrapped(view.rationale, width)]
    if most and len(rows) > most:
        rows = [*rows[: most - 1], cut(rows[most - 1].rstrip() + " " * width, width)]
    return lines([one for one in rows if one.plain])


def draw_rests(more: CasePreview, width: int) -> Content:
    """Return the points that rest on a case or that it contradicts, and how many notes it has."""
    rows: list[Content] = []
    for point in more.cited:
        rows += wrapped(Content.assemble(_stance(point), " ", point.wording), width, most=2)
    notes = "note" if more.notes == 1 else "notes"
    rows.append(Content.assemble(sign("context"), f" {more.notes:,} {notes}  ", key("m")))
    if not more.cited:
        rows += wrapped(muted("no point rests on it: ") + key("p"), width)
    elif not any(one.against for one in more.cited):
        rows.append(muted("nothing contradicts"))
    return lines(rows)


def _stance(point: Cited) -> Content:
    return sign("contradicts") if point.against else sign(point.sort)
