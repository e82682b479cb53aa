"""How a referral is drawn: a line of the list with its clock, and its steps one under the other."""

from __future__ import annotations

from textual.content import Content

from fieldkit.casework.referral_steps import ReferralStep, ReferralSteps
from fieldkit.casework.referrals import ReferralLine
from fieldkit.wording.dates import short_moment
from screens.kit.drawing.rows import cut, drawn, lines, muted, row, strong, wrapped
from screens.kit.drawing.signs import sign

OWED = ("raised", "told", "not satisfied", "escalated")
"""States in which the force still owes the next step, as far as we know."""
STEP, LEAST = 13, 24
"""Columns of a step's name; fewest that are left for whom and what."""
MOST_WORDS = 2
"""Most lines of what was done in a step."""


def referral_row(referral: ReferralLine, width: int, *, chosen: bool, wide: bool) -> Content:
    """Return a line of the list: the sign of its clock, the case, how long ago and what is awaited.

    The line under the cursor has all reasons; where nothing stands beside the list, also what is
    known and what is asked for.
    """
    mark = sign("soon") if referral.state in OWED else sign("moment")
    head = Content.assemble(
        mark if referral.running else sign("done"), " ", strong(referral.reference), "  "
    )
    told, _, waits = referral.clock.partition(", ")
    if not referral.running:
        told, waits = "closed", told.removeprefix("closed: ")
    told_words = strong(told) if referral.running else muted(told)
    rows: list[Content]
    if wide:
        rows = [cut(head + told_words, width)]
        rows += wrapped(waits, width, most=3 if chosen else 1, indent=2)
    else:
        clock = head + told_words + muted(f", {waits}" if referral.running else f": {waits}")
        rows = wrapped(clock, width) if chosen else [cut(clock, width)]
    reasons = "; ".join(referral.reasons)
    if not chosen:
        return lines(rows, muted(cut(reasons, width - 2)).pad_left(2))
    rows += [muted(one) for one in wrapped(reasons, width, most=6, indent=2)]
    if not wide:
        rows += wrapped(drawn(referral.known), width, most=6, indent=2)
        rows += asked_for(referral, width, indent=2, most=4)
    return lines(rows)


def asked_for(
    referral: ReferralLine, width: int, *, indent: int = 0, most: int = 0
) -> list[Content]:
    """Return what the force is asked to do, where anything is."""
    if not referral.asked_for.strip():
        return []
    words = Content.assemble(muted("asked for: "), drawn(referral.asked_for))
    return wrapped(words, width, indent=indent, most=most)


def steps(known: ReferralSteps, width: int) -> Content:
    """Return the steps that were taken, the last of them lit, and those that usually follow."""
    rows: list[Content] = []
    times = [short_moment(one.at, padded=True) for one in known.taken]
    wide = max(map(len, times), default=0)
    for number, (step, when) in enumerate(zip(known.taken, times, strict=True), 1):
        rows += _taken(step, (when, wide), width, now=number == len(times))
    for step in known.to_come:
        rows.append(cut(Content.assemble(sign("no moment"), " ", muted(step.state)), width))
    return lines(rows)


def _taken(step: ReferralStep, when: tuple[str, int], width: int, *, now: bool) -> list[Content]:
    mark = sign("step now" if now else "moment")
    name = strong(step.state) if now else drawn(step.state)
    head = Content.assemble(mark, " ", row([(name, STEP), (muted(when[0]), when[1])]), "  ")
    words = ": ".join(filter(None, (step.whom, step.words)))
    room = width - head.cell_length
    if room < LEAST:
        below = wrapped(words, width, most=MOST_WORDS, indent=2) if words else []
        return [cut(head, width), *below]
    first, *more = wrapped(words, room, most=MOST_WORDS) or [Content("")]
    return [head + first, *(one.pad_left(head.cell_length) for one in more)]


def strip(known: ReferralSteps) -> Content:
    """Return the steps as signs alone: “● ● ◆ ○ ○ ○”."""
    signs = [sign("moment")] * (len(known.taken) - 1) + [sign("step now")]
    return Content(" ").join([*signs, *[sign("no moment")] * len(known.to_come)])
