"""Asking for a recommendation: its points and words, its status, what is said of it, its number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN, PointLine, point_lines
from fieldkit.followup.numbers import number_drafts, renumber
from fieldkit.followup.recommendations import edit_recommendation, recommend
from fieldkit.followup.register import RegisterLine
from fieldkit.followup.status import comment, set_status
from fieldkit.methodology import Methodology
from fieldkit.service import RefusedError, existing, methodology_of
from fieldkit.wording.format import line
from screens.feedback.pick_points import PickPoints, PointChoice
from screens.kit.ask import ask, commit, fill
from screens.kit.dialogs import Choice, Pick
from screens.kit.form import Field
from screens.kit.shell import Shell
from storage.feed import drafts
from storage.ops.text import many
from storage.records import Inspection, Recommendation

HINT = "What the force should do, in one sentence: who does what, so that children gain what."
DEFAULT = "within six months"
NUMBERED = "{} numbered: {}."


async def choose_points(app: Shell) -> list[str] | None:
    """Ask which points a recommendation is made from; ``None`` where the person left it."""
    points = await app.vault.read(point_lines, app.inspection_id)
    standing = [one for one in points if one.state != WITHDRAWN]
    if not standing:
        app.say("There is no point yet, so nothing can be recommended: home, p, then a.")
        return None
    asked = PickPoints(list(map(point_choice, standing)), "Which points is it made from?")
    chosen: list[str] | None = await app.push_screen_wait(asked)
    return chosen


def point_choice(point: PointLine) -> PointChoice:
    """Return a point as one to be chosen."""
    return PointChoice(point.id, point.number, point.sort, point.wording, point.meter)


async def make(app: Shell, points: Sequence[str]) -> str:
    """Ask for the words of a recommendation from these points; return its id, or nothing."""
    known = {one.id: one for one in await app.vault.read(point_lines, app.inspection_id)}
    behind = [known[one] for one in points if one in known]
    words = await app.vault.read(methodology_of, app.inspection_id)
    numbers = ", ".join(str(one.number) for one in behind)
    place, inspection = f"new-recommendation/{numbers or app.inspection_id}", app.inspection_id
    title = f"A recommendation from point{'s' * (len(behind) > 1)} {numbers}"
    wording = await ask(app, title, place, "wording", hint=HINT)
    if wording is None:
        return ""
    criterion = next((one.criterion for one in behind if one.criterion), "")
    fields = _fields(words, criterion=criterion)
    ids = [one.id for one in behind]

    def job(s: Session, answer: dict[str, str]) -> Recommendation:
        made = recommend(s, inspection, wording, ids, **answer)
        drafts.committed(s, place, "wording")
        return made

    made = await fill(app, title, place, fields, job, about=line(wording, 200))
    if made is None:
        return ""
    app.say("The recommendation is made. c weighs the force's context next.")
    return made.id


def _fields(
    words: Methodology,
    *,
    criterion: str = "",
    deadline: str = DEFAULT,
    owner: str = "",
    finding: str = "",
) -> list[Field]:
    deadlines = tuple(Choice(one.key, one.label) for one in words.deadlines)
    areas = (*(Choice(one.key, one.label) for one in words.areas), Choice("", "none of these"))
    return [
        Field("deadline", "Deadline", deadline, choices=deadlines),
        Field("criterion", "Criterion", criterion, choices=areas),
        Field("owner", "Answers for it", owner, hint="by role, e.g. head of crime"),
        Field("finding", "Finding", finding, hint="where the points do not say it"),
    ]


async def edit(app: Shell, entry: RegisterLine) -> None:
    """Change a recommendation; a published one with a reason."""
    place = f"recommendation/{entry.id}"
    wording = await ask(app, "Its wording", place, "wording", entry.wording, hint=HINT)
    if wording is None:
        return
    words: Methodology = await app.vault.read(methodology_of, entry.inspection_id)
    fields = _fields(
        words,
        criterion=entry.criterion,
        deadline=entry.deadline,
        owner=entry.owner,
        finding=entry.finding,
    )
    published = bool(entry.published) and not entry.called.startswith("draft")
    reason = Field("reason", "Why", hint="needed where words or deadline change")
    fields += [reason] if published else []

    def job(s: Session, answer: dict[str, str]) -> Recommendation:
        values = {"wording": wording, "reason": ""} | answer
        changed = edit_recommendation(s, entry.id, **values)
        drafts.committed(s, place, "wording")
        return changed

    title = f"Recommendation {entry.called}"
    await fill(app, title, place, fields, job, about=line(wording, 200))


async def status(app: Shell, entry: RegisterLine, others: Iterable[RegisterLine]) -> None:
    """Record how far a recommendation has come, or what ended it."""
    words: Methodology = await app.vault.read(methodology_of, entry.inspection_id)
    endings = {one.key for one in words.recommendation_endings}
    terms = (*words.recommendation_statuses, *words.recommendation_endings)
    choices = [
        Choice(one.key, one.label, "ends it, with a reason" if one.key in endings else "")
        for one in terms
    ]
    title = f"Recommendation {entry.called}: how far is it?"
    chosen = await app.push_screen_wait(Pick(title, choices, entry.status))
    if chosen is None:
        return
    why = "needed" if chosen in endings else "where there is one to say"
    fields = [
        Field("on", "Since", hint="empty for today; e.g. 24/1"),
        Field("reason", "Why", hint=why),
    ]
    if chosen == "superseded":
        taking = [one for one in others if one.id != entry.id]
        instead = (
            Choice("", "nothing takes its place"),
            *(Choice(one.id, f"{one.called} {line(one.wording, 40)}") for one in taking),
        )
        fields.append(Field("superseded_by", "Takes its place", choices=instead))
    done = await fill(
        app,
        f"Recommendation {entry.called}: {chosen}",
        f"recommendation-status/{entry.id}",
        fields,
        lambda s, answer: set_status(s, entry.id, chosen, **answer),
    )
    if done is not None:
        app.say(f"Recommendation {entry.called}: {chosen}.")


async def comment_on(app: Shell, entry: RegisterLine) -> None:
    """Write what the force, or one of us, said of a recommendation, and when."""
    whose = (Choice("force", "the force"), Choice("inspectors", "we"))
    fields = [
        Field("text", "What was said", hint="in a sentence"),
        Field("whose", "Who says it", "force", choices=whose),
        Field("on", "Day", hint="empty for today; e.g. 2/3"),
    ]
    await fill(
        app,
        f"Recommendation {entry.called}: what is said of it",
        f"recommendation-comment/{entry.id}",
        fields,
        lambda s, answer: comment(
            s, entry.id, answer["text"], of_force=answer["whose"] == "force", on=answer["on"]
        ),
    )


async def number(app: Shell, entry: RegisterLine) -> None:
    """Number what was made since the publication, or give a published one another number."""
    if not entry.called.startswith("draft"):
        fields = [
            Field("number", "Number", str(entry.number)),
            Field("reason", "Why", hint="e.g. two laptops gave the same"),
        ]
        about = "The number is in print: another one is given with a reason."
        await fill(
            app,
            f"Another number for recommendation {entry.called}",
            f"recommendation-number/{entry.id}",
            fields,
            lambda s, answer: renumber(s, entry.id, _whole(answer["number"]), answer["reason"]),
            about=about,
        )
        return
    if not entry.published:
        app.say("A draft gets its number when the report is published: d, then p.")
        return

    def job(s: Session) -> list[Recommendation]:
        inspection = existing(s, Inspection, entry.inspection_id)
        return number_drafts(s, inspection, inspection.published)

    given = await commit(app, "", [], job)
    if given:
        numbers = ", ".join(str(one.number) for one in given)
        app.say(NUMBERED.format(many(len(given), "recommendation"), numbers))


def _whole(written: str) -> int:
    if not written.strip().isdigit():
        raise RefusedError(f"“{written}” is no number. Nothing was changed; write it in digits.")
    return int(written)
