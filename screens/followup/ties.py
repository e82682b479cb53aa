"""What is tied to a recommendation: evidence of progress, practice, points; and taking it away."""

from __future__ import annotations

from fieldkit.evidence.points import WITHDRAWN, point_lines
from fieldkit.followup.links import (
    AS_PRACTICE,
    IN_CONTEXT,
    OF_PROGRESS,
    link_practice,
    link_progress,
    practices,
    untie,
)
from fieldkit.followup.recommendations import drop_recommendation, rest_no_more, rest_on
from fieldkit.followup.register import RegisterLine
from fieldkit.followup.show import show_recommendation
from fieldkit.wording.format import line
from screens.evidence.trace import PickEvidence
from screens.feedback.pick_points import PickPoints
from screens.followup.asking import point_choice
from screens.kit.ask import ask, ask_and_commit, commit
from screens.kit.dialogs import Choice, Pick
from screens.kit.shell import Shell

RELATIONS = (
    Choice("supports", "supports", "it shows that the recommendation is being met"),
    Choice("contradicts", "contradicts", "it shows that it is not"),
    Choice("context", "context", "it helps to understand how far it is"),
)
_TOLD = "The feedback says it in these words; it may stay empty."
_OPEN = "How was it weighed? It may stay empty; it is then open."
ASKED = {
    "supports": ("It shows progress", _TOLD),
    "contradicts": (
        "It shows no progress",
        "How was it weighed? It may stay empty; it is then open.",
    ),
    "context": ("It helps to understand how far it is", _TOLD),
}
"""What is asked of evidence by its relation, and the hint beside it."""
ROLES = {OF_PROGRESS: "progress", AS_PRACTICE: "practice", IN_CONTEXT: "context"}
DRAFT = "draft"


async def evidence_of_progress(app: Shell, entry: RegisterLine) -> None:
    """Choose evidence of the open inspection, and say what it shows of progress."""
    title = f"What shows how far recommendation {entry.called} is?"
    choice = await app.push_screen_wait(PickEvidence(entry.number, app.inspection_id, title))
    if choice is None:
        return
    title = f"{line(choice.label, 40)}: what does it show?"
    relation = await app.push_screen_wait(Pick(title, RELATIONS, RELATIONS[0].value))
    if relation is None:
        return
    place = f"progress/{entry.id}/{choice.id}"
    title, hint = ASKED[relation]
    why = await ask(app, title, place, "why", needed=False, hint=hint)
    if why is None:
        return
    await commit(
        app,
        place,
        ["why"],
        lambda s: link_progress(s, entry.id, choice.kind, choice.id, relation, why),
    )


async def practice(app: Shell, entry: RegisterLine) -> None:
    """Choose notable practice of any force, and say what of it may be done here."""
    known = await app.vault.read(practices)
    if not known:
        app.say("No notable practice is kept here: a point of that sort is one.")
        return
    choices = [Choice(point.id, point.wording, force) for point, force in known]
    title = "Which practice shows how it is done?"
    chosen = await app.push_screen_wait(Pick(title, choices))
    if chosen is None:
        return
    place = f"practice/{entry.id}/{chosen}"
    hint = "What of it may be done here; it may stay empty."
    why = await ask(app, "Practice that shows how", place, "why", needed=False, hint=hint)
    if why is not None:
        await commit(app, place, ["why"], lambda s: link_practice(s, entry.id, chosen, why))


async def further_point(app: Shell, entry: RegisterLine) -> None:
    """Choose further points of its inspection that a recommendation rests on."""
    shown = await app.vault.read(show_recommendation, entry.id)
    behind = {one.id for one in shown.points}
    points = await app.vault.read(point_lines, entry.inspection_id)
    free = [one for one in points if one.id not in behind and one.state != WITHDRAWN]
    if not free:
        app.say("It rests on every point that stands already.")
        return
    asked = PickPoints(list(map(point_choice, free)), "On which further points does it rest?")
    chosen = await app.push_screen_wait(asked)
    if chosen:
        await commit(app, "", [], lambda s: [rest_on(s, entry.id, one) for one in chosen])


async def take_away(app: Shell, entry: RegisterLine) -> None:
    """Choose what no longer belongs to a recommendation; of a draft that may be the draft."""
    shown = await app.vault.read(show_recommendation, entry.id)
    points = {one.id: f"point {one.number}: {line(one.wording, 60)}" for one in shown.points}
    choices = [Choice(key, words) for key, words in points.items()]
    choices += [
        Choice(one.id, f"{ROLES[one.role]}: {one.label}", line(one.text, 60)) for one in shown.links
    ]
    if entry.called.startswith(DRAFT):
        choices.append(Choice(DRAFT, "the whole draft, with a reason", "what it rests on stays"))
    if not choices:
        app.say("Nothing is tied to it. s says that it is superseded or not accepted.")
        return
    title = f"Take away from {entry.called}; what is tied stays as it is"
    chosen = await app.push_screen_wait(Pick(title, choices))
    if chosen is None:
        return
    if chosen == DRAFT:
        await ask_and_commit(
            app,
            f"Why is {entry.called} taken away?",
            f"drop/{entry.id}",
            "reason",
            lambda s, reason: drop_recommendation(s, entry.id, reason),
        )
    elif chosen in points:
        await commit(app, "", [], lambda s: rest_no_more(s, entry.id, chosen))
    else:
        await commit(app, "", [], lambda s: untie(s, chosen))
