"""At a door of a page: what somebody could be known by, one by one, until nothing is unsettled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session

from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.settle import HISTORY, let_pass, take_out
from fieldkit.feedback.guard.stops import Stop, stops
from fieldkit.wording.format import line
from fieldkit.wording.identifiers.identifier import kinds_in_words
from screens.kit.ask import ask
from screens.kit.dialogs import Choice, Pick
from screens.kit.shell import Shell
from storage.errors import FieldkitError

OFFERED, OTHER, PASS = "offered", "other", "pass"
STANDS = "let it pass, with a reason"
INSTEAD = "What stands there instead?"
WHY = "Why may it stand there? It goes to central, so name nobody."
NOTHING_LEFT = "Nothing left: somebody could be identified from it."


async def settle(
    app: Shell,
    inspection_id: str,
    texts: Callable[[Session], Sequence[LeavingText]],
    *,
    refusal: str = NOTHING_LEFT,
) -> bool:
    """Ask about each identifier in texts that are to leave; ``False`` where one is left.

    Runs in a worker. The texts are read anew after each answer, as taking one out changes them.

    Args:
        app: asks.
        inspection_id: of which inspection.
        texts: reads the texts that are to leave.
        refusal: what is said where one is left.
    """
    taken_out = False
    while True:
        found = await app.vault.read(lambda s: stops(s, inspection_id, texts(s)))
        if not found:
            if taken_out:
                app.say(HISTORY)
            return True
        try:
            answer = await _settle_one(app, found[0], len(found))
        except FieldkitError as error:
            app.say(str(error), error=True)
            return False
        if answer is None:
            app.say(refusal, error=True)
            return False
        taken_out = taken_out or answer != PASS


async def settle_words(
    app: Shell, place: str, words: str, stopping: Callable[[Session, str], Sequence[Stop]]
) -> tuple[str, str] | None:
    """Ask about each identifier in words that are about to be kept for good, before they are.

    Runs in a worker.

    Args:
        app: asks.
        place: where a reason that is typed is kept meanwhile.
        words: what is to be kept.
        stopping: returns what in words stops.

    Returns:
        The words with what was taken out of them, and the reason why the rest of them may stand,
        empty where nothing is left that needs one; ``None`` where one was left.
    """
    while True:
        found = await app.vault.read(stopping, words)
        if not found:
            return words, ""
        stop = found[0]
        answer: str | None = await app.push_screen_wait(_pick(stop, len(found), together=True))
        if answer == PASS:
            reason = await ask(app, WHY, place, "let_pass_reason")
            return None if reason is None else (words, reason)
        instead: str | None = stop.instead
        if answer == OTHER:
            instead = await ask(app, INSTEAD, place, "instead", stop.instead)
        if answer is None or instead is None:
            app.say("Nothing was kept: somebody could be identified from the words.", error=True)
            return None
        start, end = stop.identifier.start, stop.identifier.end
        words = words[:start] + instead + words[end:]


def _pick(stop: Stop, left: int, *, together: bool = False) -> Pick:
    """Return the question what becomes of an identifier; ``together``: all pass or none."""
    what = kinds_in_words([stop.identifier])
    passing = f"let all {left} pass, with a reason" if together and left > 1 else STANDS
    choices = [
        Choice(OFFERED, f"write “{stop.instead}” there"),
        Choice(OTHER, "write other words there"),
        Choice(PASS, passing),
    ]
    return Pick(f"{left} to settle. {what.capitalize()}: {line(stop.excerpt, 60)}", choices)


async def _settle_one(app: Shell, stop: Stop, left: int) -> str | None:
    """Ask what becomes of one, and do it; None where nothing was decided."""
    answer: str | None = await app.push_screen_wait(_pick(stop, left))
    place = f"{stop.kind}/{stop.record_id}"
    if answer == OFFERED:
        await app.vault.write(take_out, stop)
    elif answer == OTHER:
        words = await ask(app, INSTEAD, place, "instead", stop.instead)
        if words is None:
            return None
        await app.vault.write(take_out, stop, words)
    elif answer == PASS:
        reason = await ask(app, WHY, place, "let_pass_reason")
        if reason is None:
            return None
        await app.vault.write(let_pass, stop, reason)
    return answer
