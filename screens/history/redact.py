"""Redacting from a page: which field, what stays there, why; and what it does not reach."""

from __future__ import annotations

import asyncio

from fieldkit.history import redact as redacting
from fieldkit.history.redact import Redactable
from fieldkit.vault.backups import backups_of
from fieldkit.wording.format import line
from screens.kit.ask import ask, commit
from screens.kit.dialogs import Choice, Confirm, Pick, Tell
from screens.kit.shell import Shell
from storage.errors import FieldkitError
from storage.ops.text import many
from storage.records.registry import KINDS
from storage.redaction.redact import draft_fields

HINT = (
    "Take out what must go; the rest stays. Leave the field empty to take out all of it.\n"
    "Every earlier wording is removed in any case, here and wherever the redaction arrives."
)
WHY = "It stays on record for ever, so name nobody in it."


async def redact(app: Shell, kind: str, record: str) -> bool:
    """Ask what to take out of a record, and take it out; ``False`` where nothing was.

    Runs in a worker.
    """
    try:
        if await _only_from_now_on(app, kind, record):
            return True
        fields = await app.vault.read(redacting.redactable_fields, kind, record)
        if not fields:
            app.say("Nothing in this record holds words that could be redacted.")
            return False
        field = await _which(app, fields)
        if field is None:
            return False
        return await _take_out(app, kind, record, field)
    except FieldkitError as refusal:
        app.say(str(refusal), error=True)
        return False


async def _only_from_now_on(app: Shell, kind: str, record: str) -> bool:
    """Offer to take out what looks like identifiers; say whether that was done.

    What stood there stays in the history, which is said; whoever declines goes on to redact.
    """
    from fieldkit.evidence.identifiers import is_searched, looks_like_in, take_out_all

    searched = kind in KINDS and is_searched(KINDS[kind])
    looks = await app.vault.read(looks_like_in, kind, record) if searched else ""
    if not looks:
        return False
    question = (
        f"{looks}\n\nTake them out from now on? “child 1”, “[phone]” and the like stand there "
        "then; the history keeps what stood there until it is redacted."
    )
    if not await app.push_screen_wait(Confirm(question, yes="take them out", no="redact for good")):
        return False
    count = await app.vault.write(take_out_all, kind, record)
    app.say(f"{many(count, 'place')} written anew. Redact takes it out of the history as well.")
    return True


async def _which(app: Shell, fields: list[Redactable]) -> Redactable | None:
    if len(fields) == 1:
        return fields[0]
    choices = [
        Choice(one.field, one.label, f"{many(one.wordings, 'wording')}: {line(one.text, 40)}")
        for one in fields
    ]
    answer = await app.push_screen_wait(Pick("Which field is redacted?", choices))
    return next((one for one in fields if one.field == answer), None)


async def _take_out(app: Shell, kind: str, record: str, redacted: Redactable) -> bool:
    # A title such as the beginning of a note would say again what is taken out.
    called = await app.vault.read(redacting.called, kind, record, redacted.field)
    place = f"{kind}/{record}"
    text_field, reason_field = draft_fields(redacted.field)
    stays_there: str | None = ""
    if redacted.text and redacted.free:
        title = f"Redact the {redacted.label} of {line(called, 30)}"
        stays_there = await ask(
            app, title, place, text_field, redacted.text, needed=False, hint=HINT
        )
    if stays_there is None:
        return False
    reason = await ask(app, "Why is it redacted?", place, reason_field, hint=WHY)
    if reason is None:
        return False
    stays = (
        "What you left stands there from now on." if stays_there.strip() else "Nothing of it stays."
    )
    question = (
        f"Redact the {redacted.label} of {line(called, 40)}? {many(redacted.wordings, 'wording')} "
        f"of it is kept here; this cannot be undone. {stays}"
    )
    if not await app.push_screen_wait(Confirm(question, yes="redact", no="leave it")):
        return False
    done = await commit(
        app,
        place,
        (text_field, reason_field),
        lambda s: redacting.redact(s, kind, record, redacted.field, reason, stays_there),
    )
    if done is None:
        return False
    vault = app.vault
    called = await vault.read(redacting.called, kind, record, redacted.field, done.pieces)
    copies = await asyncio.to_thread(backups_of, vault)
    far = await vault.read(redacting.reach_of, done, copies)
    also = await asyncio.to_thread(redacting.quoted_elsewhere, vault, done)
    await app.push_screen_wait(Tell("Redacted", redacting.redaction_text(called, done, far, also)))
    return True
