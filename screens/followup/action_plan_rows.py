"""How an action plan is drawn: what it says of each recommendation, and how it was found."""

from __future__ import annotations

from textual.content import Content

from fieldkit.followup.action_plans import NOTHING, IntentionLine, PlanShown
from fieldkit.wording.dates import short_day
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.rows import cut, drawn, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign

STATE = 18
"""Columns of whether and by when the plan intends something."""


def intention_row(entry: IntentionLine, width: int, *, chosen: bool, wide: bool) -> Content:
    """Return a recommendation, and by when the force intends something for it."""
    number = entry.called if not entry.called.startswith("draft") else "·"
    head = fit(strong(number), 3, right=True) + " "
    room = max(width - head.cell_length - STATE - 1, 12)
    words = wrapped(entry.wording, room, most=3) if chosen or wide else [cut(entry.wording, room)]
    if chosen:
        words = [strong(one) for one in words]
    first = Content.assemble(head, fit(words[0], room), " ", fit(_state(entry), STATE))
    rows = [first, *(one.pad_left(head.cell_length) for one in words[1:])]
    if wide and entry.intends:
        rows.append(muted(cut(entry.intends, room)).pad_left(head.cell_length))
    return lines(rows)


def _state(entry: IntentionLine) -> Content:
    if not entry.intends:
        return sign("thin", "left out")
    when = short_day(entry.by_when) if entry.by_when else "no day"
    return sign("soon" if entry.after_due else "done", when)


def intention(entry: IntentionLine, width: int) -> Content:
    """Return the recommendation, what the force intends for it, by when, and who answers for it."""
    rows = [strong(one) for one in wrapped(entry.wording, width, most=3)]
    if not entry.intends:
        return lines(rows, NOTHING, cut(key_and_label("enter", "write what it says"), width))
    rows += wrapped(entry.intends, width, most=6)
    about = f"by {short_day(entry.by_when)}" if entry.by_when else "no day is named"
    owner = f" · {entry.owner}" if entry.owner else ""
    rows.append(muted(cut(about + owner, width)))
    if entry.after_due:
        late = f"that is after its deadline, {short_day(entry.due)}"
        rows += [Content.assemble(sign("thin"), " ", one) for one in wrapped(late, width - 2)]
    return lines(rows)


def review(plan: PlanShown, width: int) -> Content:
    """Return how a person found the plan, in their words, and what that proposes."""
    if not plan.view:
        document = f"Document: {plan.document}" if plan.document else "No document is named."
        return lines(
            muted(cut(document, width)),
            "Not reviewed yet.",
            cut(key_and_label("r", "say how you find it"), width),
        )
    rows = wrapped(
        Content.assemble(strong(f"{plan.view}: "), drawn(plan.view_words)), width, most=5
    )
    return lines(rows, [muted(one) for one in wrapped(plan.proposes, width)])
