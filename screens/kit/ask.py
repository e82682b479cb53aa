"""Asking for words and committing them: the draft goes in the same transaction as the op comes.

What was typed in a dialog that was left, or whose answer was refused, is there again next time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlmodel import Session
from textual.worker import NoActiveWorker, get_current_worker

from fieldkit.service import filled
from screens.kit.dialogs import AskText
from screens.kit.form import Field, Form, Refused, refused_by
from screens.kit.shell import Shell
from storage.errors import FieldkitError, ReasonNeededError
from storage.feed import drafts

T = TypeVar("T")
Job = Callable[[Session, dict[str, str]], T]
WHY = "The team has left the site. Why is this changed?"
DO_AGAIN = "The reason is recorded with what you change on this page now. Do it again."
WHY_HINT = "It is recorded with what you change on this page until fieldkit locks."


async def waiting(app: Shell, place: str) -> dict[str, str]:
    """Return what was typed in a place and never committed, by field."""
    await app.typing.save()
    return {name: one.text for name, one in (await app.vault.read(drafts.at, place)).items()}


async def ask(
    app: Shell,
    title: str,
    place: str,
    field: str,
    original: str = "",
    *,
    needed: bool = True,
    hint: str = "",
    leave: str = "close (text is kept)",
) -> str | None:
    """Ask for a text; ``None`` where the person left it with escape. Runs in a worker.

    ``leave`` is what escape does, in a few words, where it does more than close the dialog.
    """
    draft = (await waiting(app, place)).get(field)
    dialog = AskText(title, place, field, original, draft, needed=needed, hint=hint, leave=leave)
    answer: str | None = await app.push_screen_wait(dialog)
    return answer


async def ask_and_commit(
    app: Shell,
    title: str,
    place: str,
    field: str,
    job: Callable[[Session, str], T],
    original: str = "",
    *,
    hint: str = "",
) -> T | None:
    """Ask for a text and commit what the job makes of it; ``None`` where nothing was committed.

    Runs in a worker.
    """
    text = await ask(app, title, place, field, original, hint=hint)
    if text is None:
        return None
    return await commit(app, place, [field], lambda session: job(session, text))


async def fill(
    app: Shell,
    title: str,
    place: str,
    fields: Sequence[Field],
    job: Callable[[Session, dict[str, str]], T],
    *,
    instead: Callable[[FieldkitError, dict[str, str]], Awaitable[Job[T] | None]] | None = None,
    about: str = "",
) -> T | None:
    """Ask with a form and commit the answer; a refusal is shown in the form, which comes back.

    Returns what the job returns, ``None`` where the person left the form. ``about`` says above the
    fields what the form does. ``instead`` is given a refusal and what was typed: it may ask the
    person, and returns the job to be done in its place. What was typed is dropped only once it is
    committed. Runs in a worker.
    """
    names = [one.name for one in fields]
    refused: Refused | None = None
    while True:
        texts = await waiting(app, place)
        answer = await app.push_screen_wait(Form(title, place, fields, texts, refused, about))
        if answer is None:
            return None
        refusals: list[FieldkitError] = []
        committed = await commit(app, place, names, _answering(job, answer), refusals.append)
        other = await instead(refusals[0], answer) if refusals and instead is not None else None
        if other is not None:
            refusals.clear()
            committed = await commit(app, place, names, _answering(other, answer), refusals.append)
        if committed is not None:
            return committed
        refused = refused_by(refusals[0], answer) if refusals else None
        # Words chosen are no drafts; they are carried over.
        fields = [replace(one, value=answer[one.name]) if one.choices else one for one in fields]


async def commit(
    app: Shell,
    place: str,
    fields: Iterable[str],
    job: Callable[[Session], T],
    refused: Callable[[FieldkitError], object] | None = None,
) -> T | None:
    """Run a job and drop the drafts of those fields in one transaction.

    A refusal is shown as its sentence, or given to ``refused``; it leaves the drafts and gives
    ``None``. A job gives something else.
    """
    names = list(fields)
    await app.typing.save()
    while True:
        try:
            return await app.vault.write(_commit, place, names, job)
        except FieldkitError as refusal:
            if await is_explained(app, refusal):
                continue
            if refused is not None:
                refused(refusal)
            else:
                app.say(str(refusal), error=True)
            return None


async def take_in(app: Shell, doing: Callable[[], T]) -> T | None:
    """Do what writes in slices between the keys, on a thread of its own; refused as a commit is."""
    await app.typing.save()
    while True:
        try:
            return await asyncio.to_thread(doing)
        except FieldkitError as refusal:
            if not await is_explained(app, refusal):
                app.say(str(refusal), error=True)
                return None


async def is_explained(app: Shell, refusal: FieldkitError) -> bool:
    """Ask why something is changed, where it was refused for want of that; say whether to go on.

    After the team has left the site each change carries a reason. It is asked for once a page
    until the lock, and the one given last is offered again. A dialog can only be waited for in a
    worker; elsewhere it is opened, and the person does again what was refused.
    """
    if not isinstance(refusal, ReasonNeededError) or not app.unlocked:
        return False
    try:
        get_current_worker()
    except NoActiveWorker:
        app.run_worker(_ask_and_tell(app), group="after-leaving")
        return False
    return await _ask_why(app)


async def _ask_and_tell(app: Shell) -> None:
    if await _ask_why(app):
        app.say(DO_AGAIN)


async def _ask_why(app: Shell) -> bool:
    if app.asking_why:
        return False
    app.asking_why, place = True, f"after-leaving/{app.inspection_id}"
    try:
        reason = await ask(app, WHY, place, "reason", app.reason_before, hint=WHY_HINT)
    finally:
        app.asking_why = False
    if not reason or not app.unlocked:
        return False
    try:
        app.stand_by(filled(reason, "The reason"))
        app.typing.forget(place, "reason")
        await app.vault.write(drafts.committed, place, "reason")
    except FieldkitError as refusal:
        app.say(str(refusal), error=True)
        return False
    return True


def _answering(
    job: Callable[[Session, dict[str, str]], T], answer: dict[str, str]
) -> Callable[[Session], T]:
    return lambda session: job(session, answer)


def _commit(session: Session, place: str, fields: list[str], job: Callable[[Session], T]) -> T:
    result = job(session)
    for field in fields:
        drafts.committed(session, place, field)
    return result
