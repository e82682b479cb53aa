"""Asking about a judgment, from whichever page shows it: queries, and why our grade changes."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.casework import judging, queries
from fieldkit.casework.queries import QueryLine
from fieldkit.methodology import OVERALL
from fieldkit.service import methodology_of
from fieldkit.wording.format import line
from screens.kit.ask import ask, ask_and_commit, commit
from screens.kit.dialogs import Choice, Confirm, Pick
from screens.kit.shell import Shell
from storage.ops.text import many
from storage.records import Judgment, Query

QUESTION, ANSWER, REASON = "question", "answer", "reason"
STAYS = ""


async def moderate(app: Shell, case_id: str, reference: str, grade: str) -> Judgment | None:
    """Ask why our overall grade changes after the reveal, and change it; runs in a worker."""
    return await ask_and_commit(
        app,
        f"{reference}: why {grade}, now that the force's grade is known?",
        f"moderation/{case_id}",
        REASON,
        # An imported overall may stand with criteria open; moderation does not wait for them.
        lambda s, why: judging.grade(s, case_id, OVERALL, grade, reason=why, allow_open=True),
    )


async def put_query(app: Shell, case_id: str, criterion: str, called: str) -> Query | None:
    """Ask for a question and put it to the auditor of a judgment; runs in a worker.

    Args:
        app: the app.
        case_id: the case.
        criterion: the key of the line.
        called: how a person calls the line, "WST-014, Investigation".
    """
    query = await ask_and_commit(
        app,
        f"{called}: what do you ask the auditor?",
        f"new-query/{case_id}/{criterion}",
        QUESTION,
        lambda s, question: queries.ask(s, case_id, criterion, question),
        hint="The auditor answers it; our grade of the line then changes only with a reason.",
    )
    if query is not None:
        own = await app.vault.read(queries.of_own, query.id)
        waits = queries.OWN if own else "The auditor finds it on their home page."
        app.say(f"Asked: {line(called, 60)}. {waits}")
        await app.refresh_frame()
    return query


async def answer_query(app: Shell, query: QueryLine) -> Query | None:
    """Ask for the answer, and whether our grade changes with it; runs in a worker."""
    place = f"query/{query.id}"
    called = f"{query.reference}, {query.label}"
    hint = f"{query.asked_by} asks: {query.question}"
    text = await ask(app, f"{called}: your answer", place, ANSWER, hint=hint)
    if text is None:
        return None
    grades = await app.vault.read(_grades, app.inspection_id)
    # A digit is the same grade here as everywhere.
    choices = [
        Choice(STAYS, f"it stays {word}")
        if word == query.standing
        else Choice(word, f"it is {word}", "your answer is the reason")
        for word in grades
    ]
    if query.standing not in grades:
        choices.append(Choice(STAYS, f"it stays {query.standing}"))
    grade = await app.push_screen_wait(Pick(f"{called}: our grade", choices, STAYS))
    if grade is None:
        return None
    allowed = bool(grade) and query.criterion == OVERALL
    if allowed and (waiting := await app.vault.read(judging.open_criteria, query.case_id)):
        asked = Confirm(
            f"{many(len(waiting), 'criterion', 'criteria')} of {line(query.reference, 30)} "
            f"{'is' if len(waiting) == 1 else 'are'} still open, and the overall grade is entered "
            f"last.\n\nChange it to {grade} all the same? This is recorded.",
            yes="change it",
            no="not yet",
        )
        if not await app.push_screen_wait(asked):
            return None
    answered_query: Query | None = await commit(
        app,
        place,
        [ANSWER],
        lambda s: queries.answer(s, query.id, text, grade=grade, allow_open=allowed),
    )
    if answered_query is not None:
        app.say(f"Answered: {line(called, 60)}." + (f" Ours is {grade} now." if grade else ""))
        await app.refresh_frame()
    return answered_query


async def withdraw_query(app: Shell, query: QueryLine) -> None:
    """Ask why, and take the question back; runs in a worker."""
    title = f"{query.reference}, {query.label}: why is the question taken back?"
    place = f"query/{query.id}"
    await ask_and_commit(app, title, place, REASON, lambda s, w: queries.withdraw(s, query.id, w))


def _grades(s: Session, inspection_id: str) -> tuple[str, ...]:
    return methodology_of(s, inspection_id).scale_for("case").labels


def short(query: QueryLine) -> str:
    """Return a query in one sentence, as it stands beside the line it is about."""
    words = f"? {query.asked_by} asks {query.asked_of}: {query.question}"
    if query.answer:
        words += f" — {query.answered_by}: {query.answer}"
    return words + ("" if query.state in ("open", "answered") else f" ({query.state})")
