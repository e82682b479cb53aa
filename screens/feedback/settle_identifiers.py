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
WHY = "Why may it stand there? It goes to central, so name nobody."


async def settle(
    app: Shell, inspection_id: str, texts: Callable[[Session], Sequence[LeavingText]]
) -> bool:
    """Ask about each identifier in texts that are to leave; ``False`` where one is left.

    Runs in a worker. The texts are read anew after each answer, as taking one out changes them.
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
        except FieldkitError as refusal:
            app.say(str(refusal), error=True)
            return False
        if answer is None:
            app.say("Nothing left: somebody could be known by what is in it.", error=True)
            return False
        taken_out = taken_out or answer != PASS


async def _settle_one(app: Shell, stop: Stop, left: int) -> str | None:
    """Ask what becomes of one, and do it; None where nothing was decided."""
    what = kinds_in_words([stop.identifier])
    choices = [
        Choice(OFFERED, f"write “{stop.instead}” there"),
        Choice(OTHER, "write other words there"),
        Choice(PASS, "let it pass, with a reason"),
    ]
    title = f"{left} to settle. {what.capitalize()}: {line(stop.excerpt, 60)}"
    answer: str | None = await app.push_screen_wait(Pick(title, choices))
    place = f"{stop.kind}/{stop.record_id}"
    if answer == OFFERED:
        await app.vault.write(take_out, stop)
    elif answer == OTHER:
        words = await ask(app, "What stands there instead?", place, "instead", stop.instead)
        if words is None:
            return None
        await app.vault.write(take_out, stop, words)
    elif answer == PASS:
        reason = await ask(app, WHY, place, "let_pass_reason")
        if reason is None:
            return None
        await app.vault.write(let_pass, stop, reason)
    return answer
