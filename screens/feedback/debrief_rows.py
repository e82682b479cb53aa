"""How the debrief's page draws what it shows: what is new, promises, points, and what they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from textual.content import Content

from fieldkit.casework.referrals import ReferralLine
from fieldkit.evidence.triangulation import CONTRADICTS, SUPPORTS
from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.chain import Chain, Step
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words
from fieldkit.wording.dates import short_day, short_moment
from fieldkit.wording.format import line
from screens.evidence.point_rows import promise_state, strength_word
from screens.feedback.debrief_reading import PointRow, Preparation
from screens.kit.drawing.bars import Share, stacked
from screens.kit.drawing.rows import between, cut, drawn, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph, sign
from storage.ops.text import many

STATUS_COLUMNS = 15
"""Columns at the right of a point for how far it has come."""
MOST_REFERRALS = 3


def since(news: SinceLast, width: int, *, most: int = 9) -> Content:
    """Return what came since the last debrief; whatever is nothing is left out.

    New points come first: they are what there is to tell. ``most`` is how many lines it takes.
    """
    new, changed = counts_in_words(news.new), counts_in_words(news.changed)
    parts = [many(len(news.new_points), "new point") if news.new_points else ""]
    if news.changed_points:
        parts.append(many(len(news.changed_points), "changed point"))
    if news.grades:
        overall = f" ({news.overall} overall)" if news.overall else ""
        parts.append(f"{many(news.grades, 'grade')}{overall}")
    parts += [new and f"new: {new}", changed and f"changed: {changed}"]
    return lines(wrapped("; ".join(filter(None, parts)) or "nothing", width, most=most))


def since_when(news: SinceLast) -> str:
    """Return since when it is new: “Since Fri 6 Sep, 17:05”."""
    return f"Since {short_moment(news.since)}" if news.since else "Since the inspection began"


def waiting(news: SinceLast, width: int) -> Content:
    """Return what is awaited: documents, and referrals with their clocks."""
    soon, dot = sign("soon"), muted(glyph("to come"))
    rows = [
        Content.assemble(soon, drawn(f" {one.reference}: {one.clock}")) for one in _running(news)
    ]
    more = len(news.referrals) - MOST_REFERRALS
    rows += [Content.assemble(soon, f" {many(more, 'more referral')} not closed")] * (more > 0)
    rows += [Content.assemble(dot, " ", drawn(title)) for title in news.awaited]
    return lines([cut(row, width) for row in rows or [muted("Nothing.")]])


def _running(news: SinceLast) -> Sequence[ReferralLine]:
    return news.referrals[:MOST_REFERRALS]


def choices(preparation: Preparation, width: int, *, most: int) -> Content:
    """Return the points that may be told, ticked where they are on the list; so many at most."""
    tick = glyph("done")
    rows = [
        (f"[{tick}]", one.chain.point.sort, one.number, one.telling.wording, one.strength)
        for one in preparation.points
    ]
    rows += [("[ ]", one.sort, one.number, one.words, "") for one in preparation.choices]
    shown: list[Content] = []
    for box, sort, number, words, strength in rows[:most]:
        left = Content.assemble(f"{box} ", sign(sort), f" {number:>2} ", drawn(words))
        shown.append(between(left, strength_word(strength) if strength else "", width))
    return lines(shown)


def balance(preparation: Preparation, width: int) -> Content:
    """Return a bar of strengths and concerns on the list, each with its sign and count."""
    counts = Counter(one.chain.point.sort for one in preparation.points)
    good, bad = counts["strength"] + counts["notable practice"], counts["concern"]
    if not good + bad:
        return muted(cut("No strength and no concern yet.", width))
    return stacked(
        (
            Share(glyph("strength"), good, "bold $background on $success"),
            Share(glyph("concern"), bad, "bold $background on $warning"),
        ),
        width,
    )


def promise(entry: ActionLine, width: int, *, wide: bool) -> Content:
    """Return an action promised earlier: how it stands, who does it, and what."""
    state = promise_state(entry)
    owner = entry.owner or "nobody named"
    if wide:
        action = cut(drawn(entry.action), width - 2).pad_left(2)
        return lines(cut(Content.assemble(state, " ", strong(owner)), width), action)
    words = Content.assemble(strong(f"{owner}: "), drawn(entry.action))
    return cut(Content.assemble(state.pad_right(max(17 - state.cell_length, 0)), " ", words), width)


def point(row: PointRow, width: int, *, most: int) -> Content:
    """Return a point in the list: its words, of so many lines at most, and how far it has come."""
    head = Content.assemble(sign(row.chain.point.sort), f" {row.number:>2} ")
    indent = head.cell_length
    room = max(width - indent - STATUS_COLUMNS, 20)
    words = wrapped(row.typed or row.telling.wording, room, most=most)
    first = between(strong(words[0]), _status(row), width - indent)
    return lines(head + first, [strong(each).pad_left(indent) for each in words[1:]])


def _status(row: PointRow) -> Content:
    telling = row.telling
    if row.chain.withdrawn:
        return muted("withdrawn")
    if telling.unsettled:
        return sign("two answers", "two answers")
    if telling.frozen and telling.agreed:
        return sign("done", telling.outcome or "agreed")
    if telling.frozen:
        return sign("soon", telling.outcome) if telling.outcome else muted("said only")
    if row.typed:
        return sign("typing", "typed")
    if row.shown:
        return sign("done", "before")
    if row.strength in ("none", "thin"):
        return sign("thin", "no support" if row.strength == "none" else row.strength)
    return muted(f"{glyph('no moment')} ready")


def answer(chain: Chain, width: int) -> list[Content]:
    """Return what the force says and does, and how the point came here, in lines."""
    rows = [drawn(chain.response)] if chain.response else []
    if chain.correction is not None:
        shown = chain.correction.evidence
        by = f" (shown by {shown.label})" if shown is not None else ""
        rows.append(drawn(f"Corrected: {chain.correction.text}{by}"))
    for one in chain.actions:
        rows.append(Content.assemble(promise_state(one), " ", drawn(f"{one.owner}: {one.action}")))
    shown_lines = [each for row in rows for each in wrapped(row, width)]
    if len(chain.steps) > 1:
        way = f" {glyph('arrow')} ".join(_step(one) for one in chain.steps)
        shown_lines += [muted(each) for each in wrapped(way, width)]
    return shown_lines


def _step(step: Step) -> str:
    return f"{step.status} {short_day(step.day) if step.day else ''}".strip()


def known(row: PointRow, width: int) -> Content:
    """Return what we alone know of a point: what is worth a second look, and its evidence."""
    rows = [Content.assemble(sign("thin"), " ", drawn(words)) for words in row.lints]
    signs = {SUPPORTS: "strength", CONTRADICTS: "contradicts"}
    against = False
    for status in row.behind:
        evidence, bears = status.evidence, status.support.relation
        against = against or bears == CONTRADICTS
        mark = sign(signs.get(bears, "context"))
        if evidence is None:
            rows.append(Content.assemble(mark, " ", muted("deleted since")))
            continue
        label = strong(f"{evidence.label.removesuffix(', note')}  ")
        rows.append(Content.assemble(mark, " ", label, drawn(line(evidence.text, 300))))
    if not against:
        rows.append(muted("against: nothing"))
    return lines([cut(row, width) for row in rows])
