"""What stands on the page of a follow-up: a row of an area, and the panels beside it."""

from __future__ import annotations

from textual.content import Content

from fieldkit.followup.phases.follow_up import AIM, AreaShown, FollowUp
from fieldkit.followup.phases.then_and_now import BETTER, DIFFERENT, OPEN, SAME, WORSE, Sample
from fieldkit.followup.register import RegisterLine
from fieldkit.wording.dates import short_day
from screens.kit.drawing.bars import pips, progress
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.rows import (
    between,
    cut,
    drawn,
    fit,
    lines,
    muted,
    row,
    strong,
    wrapped,
)
from screens.kit.drawing.signs import glyph, sign
from storage.ops.text import many

AUDITS, MARKS = 6, 10
"""Columns of the audits of an area, and of its grades then and now with what they say."""
ARROWS = {BETTER: "▲", SAME: "=", WORSE: "▼"}
STYLES = {BETTER: "bold $success", SAME: "$text-muted", WORSE: "bold $warning"}
STEPS = {"done": "in time", "now": "step now", "to come": "no moment"}
SIGNS = {"supports": "strength", "contradicts": "contradicts", "context": "context"}
MOST_PIPS = 3


def title_of(shown: FollowUp) -> str:
    """Return the title of the areas."""
    return "Areas of concern" if shown.phase != "re-inspection" else "Areas"


def looked_at(shown: FollowUp) -> Content:
    """Return how many areas have been looked at, of all; aims apart."""
    areas = [one for one in shown.areas if one.sort != AIM]
    done = sum(one.looked_at for one in areas)
    return Content.assemble((str(done), "bold $foreground"), f" of {len(areas)}")


def above(
    entry: AreaShown, before: AreaShown | None, shown: FollowUp, width: int
) -> Content | None:
    """Return the heads of the columns over the first area, and a line over the aims."""
    if before is None:
        head = fit("then  now", MARKS) + fit(" audits" if shown.has_audits else "", AUDITS + 1)
        return between("", muted(head), width)
    if entry.sort == AIM and before.sort != AIM:
        return muted(fit(" as a whole", width))
    return None


def area_row(
    entry: AreaShown, shown: FollowUp, grades: Grades, width: int, *, chosen: bool
) -> Content:
    """Return an area with its grades then and now, and its audits; chosen, with all its words."""
    has_audits = shown.has_audits or shown.audits > 0
    counted = f"{entry.done}/{entry.audits}" if has_audits and entry.sort != AIM else ""
    arrow = ARROWS.get(entry.direction, "")
    now = grades.chip(entry.now or ("unable to judge" if entry.judged else "not judged"))
    marks = Content.assemble(
        grades.chip(entry.then or "not judged"),
        glyph("within"),
        now,
        " ",
        drawn(arrow or " ", STYLES.get(entry.direction, "")),
        " ",
    )
    right = marks if not has_audits else Content.assemble(marks, fit(counted, AUDITS, right=True))
    room = max(width - right.cell_length - 1, 8)
    name = f"{entry.number or ' '} {entry.label}"
    if not chosen:
        return between(cut(name, room), right, width)
    first, *more = wrapped(strong(name), room)
    return lines([between(first, right, width), *more])


def audits(shown: FollowUp, width: int) -> Content:
    """Return how many audits are done, as a bar."""
    if not shown.audits:
        return muted("no audits") if not shown.has_audits else muted("no case yet")
    return progress(shown.done, shown.audits, min(width - 6, 24))


def days(shown: FollowUp, width: int) -> Content:
    """Return the days of the follow-up, and where nothing is dated what to do."""
    if not shown.steps:
        return muted("Its days are not set yet.")
    longest = max(len(one.label) for one in shown.steps)
    return lines(
        [
            cut(
                Content.assemble(
                    _step_sign(one.state),
                    " ",
                    strong(fit(one.label, longest))
                    if one.state == "now"
                    else fit(one.label, longest),
                    "  ",
                    drawn(one.when) if one.state == "now" else muted(one.when),
                ),
                width,
            )
            for one in shown.steps
        ]
    )


def _step_sign(state: str) -> Content:
    """Return one column that says how a day stands; what is late is red."""
    return sign(STEPS[state]) if state in STEPS else drawn(glyph("late"), "bold $error")


def chosen(shown: FollowUp, width: int) -> Content:
    """Return which cases are audited, by type; in a visit that none is."""
    if not shown.audits:
        text = "No case is chosen yet." if shown.has_audits else "A visit audits no case."
        return lines(wrapped(muted(text), width))
    words = " of the areas of concern" if shown.limited else ""
    rows = [drawn(f"{many(shown.audits, 'case')}{words}")]
    types = " · ".join(f"{label.lower()} {count}" for label, count in shown.types.items())
    return lines([*rows, *wrapped(muted(types), width)])


def balance(shown: FollowUp, width: int) -> Content:
    """Return how many areas are better, the same, worse, and not judged yet."""
    rows = []
    for name, count in shown.balance.items():
        style = STYLES.get(name, "bold $warning" if count else "$text-muted")
        arrow = ARROWS.get(name, glyph("thin") if count else "")
        said = f"{arrow} {many(count, 'area')}".strip() if count else "none"
        label = "Not judged yet" if name == OPEN else f"{name[:1].upper()}{name[1:]}"
        rows.append(between(label, drawn(said, style if count else "$text-muted"), width))
    return lines(rows)


def recommendation_title(entry: AreaShown) -> str:
    """Return what stands over the recommendations of an area."""
    known = entry.recommendations
    if not known:
        return "Recommendation"
    if len(known) == 1:
        return f"Recommendation {known[0].called}"
    return f"Recommendations {', '.join(one.called for one in known)}"


def late_words(one: RegisterLine | None) -> Content:
    """Return how late the first recommendation is, or its status."""
    if one is None:
        return Content("")
    if one.late:
        return drawn(f"{many(one.late, 'day')} late", "bold $error")
    return drawn(one.status)


def recommendations(entry: AreaShown, width: int, *, wide: bool) -> Content:
    """Return the earlier recommendations in their words, with the day each was due."""
    if not entry.recommendations:
        return lines(wrapped(muted("Nothing was recommended on it that still runs."), width))
    several = len(entry.recommendations) > 1
    rows: list[Content] = []
    for one in entry.recommendations:
        lead = f"{one.called}. " if several else ""
        words = strong(lead + one.wording) if wide else drawn(lead + one.wording)
        rows += wrapped(words, width)
        if wide:
            due = f"by {short_day(one.due)}" if one.due else "once published"
            said = f"{one.deadline}, {due} · {many(one.points, 'point')} · {one.status}"
            rows += wrapped(muted(said), width)
    return lines(rows)


def basis(entry: AreaShown) -> Content:
    """Return by how many methods and sources the area is borne out."""
    if not entry.detail.methods:
        return Content("")
    return Content.assemble(
        pips(min(entry.detail.methods, MOST_PIPS), MOST_PIPS),
        " methods ",
        pips(min(entry.detail.sources, MOST_PIPS), MOST_PIPS),
        " sources",
    )


def detail(entry: AreaShown, cases: Grades, width: int, *, wide: bool) -> Content:
    """Return what the area rests on; narrow, with then and now below."""
    rows: list[Content] = []
    for piece in entry.detail.pieces:
        more = f": {', '.join(piece.cases)}" if piece.cases else ""
        text = Content.assemble(
            sign(SIGNS[piece.relation]), " ", piece.label, " ", muted(f"{piece.text}{more}")
        )
        rows += wrapped(text, width, most=3 if wide else 2)
    if not rows:
        rows += wrapped(
            muted("Nothing shows yet how far the force has come: e ties evidence."), width
        )
    if not wide and (entry.sample_then.audits or entry.sample_now.audits):
        rows += [Content(""), *_samples(entry, cases, width, short=True)]
    return lines(rows)


def then_and_now(entry: AreaShown, cases: Grades, width: int) -> Content:
    """Return the counts of both samples under each other."""
    if not (entry.sample_then.audits or entry.sample_now.audits):
        return lines(wrapped(muted("No case was graded on it, then or now."), width))
    return lines([*_samples(entry, cases, width), Content(""), *wrapped(muted(DIFFERENT), width)])


def _samples(entry: AreaShown, cases: Grades, width: int, *, short: bool = False) -> list[Content]:
    rows = []
    both = (("now", entry.sample_now), ("then", entry.sample_then))
    for name, sample in both if short else reversed(both):
        if not sample.audits:
            continue
        words = f"{name}, {many(sample.audits, 'audit')}"
        if short:
            bar = cases.shares(sample.counts, max(width - len(words) - 2, 8))
            rows.append(row([(bar, max(width - len(words) - 2, 8)), (muted(words), len(words))], 2))
        else:
            label = _when(sample, name)
            bar = cases.shares(sample.counts, max(width - 30, 8))
            rows.append(row([(label, 28), (bar, max(width - 30, 8))], 2))
    return rows


def _when(sample: Sample, name: str) -> str:
    return f"{sample.when or name}, {many(sample.audits, 'audit')}"


def context(entry: AreaShown, width: int) -> Content:
    """Return what was weighed of the force's context."""
    if not entry.context:
        return lines(wrapped(muted("No context was weighed for it."), width))
    rows: list[Content] = []
    for text in entry.context:
        rows += wrapped(Content.assemble(sign("done"), " ", text), width)
    return lines(rows)
