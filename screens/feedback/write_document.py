"""Writing a document for the force from any page: looked through, asked where to, recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

from sqlmodel import Session

from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.handover.draft import words
from fieldkit.feedback.handover.give import give, leaving
from fieldkit.feedback.handover.handover import Handover
from fieldkit.feedback.leaflet.leaflet import FORCE, PARTNERS, STAFF, leaflet
from fieldkit.service import today
from fieldkit.wording.format import clean
from screens.feedback.settle_identifiers import settle
from screens.kit.ask import waiting
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.folder_picker import downloads, remember, remembered, typed
from screens.kit.form import Field, Form
from screens.kit.shell import Shell
from screens.vault.ask_passphrase import is_you
from storage.errors import FieldkitError
from storage.feed import drafts

SENDER, TEMPLATE, FILE = "sender", "template", "file"
PURPOSE = "handover"
OPEN = "It is not encrypted. It is recorded that it left, and for whom."


async def write_document(
    app: Shell, title: str, place: str, made: Callable[[Session, str], Handover]
) -> None:
    """Ask from whom and where to a document is written, and write it; runs in a worker.

    Args:
        app: asks.
        title: what it is, in a word or two.
        place: where what is typed meanwhile is kept.
        made: makes the document, from whom it is given; anew, where something is taken out of it.
    """

    def texts(s: Session) -> Sequence[LeavingText]:
        return leaving(s, made(s, ""))

    if not await settle(app, app.inspection_id, texts):
        return
    document = await app.vault.read(lambda s: made(s, ""))
    typed_before = await waiting(app, place)
    folder = await remembered(app.vault, PURPOSE) or downloads()
    force = re.sub(r"[^\w -]", "", clean(document.force)).strip() or "force"
    name = f"{force} {title.lower()} {today()}.docx"
    fields = [
        Field(SENDER, "From whom", words()["document"]["sender"]),
        Field(TEMPLATE, "Looks of", "", hint="path of a .docx; empty for fieldkit's own"),
        Field(FILE, "File", str(folder / name), hint="ends in .docx or .md"),
    ]
    about = f"For the {document.recipient}. {OPEN}"
    form = Form(f"Write: {title.lower()}", place, fields, typed_before, about=about)
    answer = await app.push_screen_wait(form)
    if answer is None or not await is_you(app, "hand over"):
        return
    path = typed(answer[FILE]).absolute()
    template = typed(answer[TEMPLATE]).absolute() if answer[TEMPLATE].strip() else None
    document = await app.vault.read(lambda s: made(s, answer[SENDER]))
    try:
        given = await asyncio.to_thread(give, app.vault, path, document, template)
    except FieldkitError as refusal:
        app.say(str(refusal), error=True)
        return
    for field in (SENDER, TEMPLATE, FILE):
        app.typing.forget(place, field)
        await app.vault.write(drafts.committed, place, field)
    await remember(app.vault, PURPOSE, path.parent)
    await app.refresh_frame()
    said = f"Written: {path.name}, for the {given.recipient}. It is on record."
    if remarks := (*given.left_out, *given.remarks):
        await app.push_screen(Tell("Written", "\n\n".join((said, *remarks))))
    else:
        app.say(said)


async def leaflet_file(app: Shell) -> None:
    """Ask for whom a leaflet is, show nothing of the inspection in it, and write it."""
    choices = [Choice(FORCE, "the force"), Choice(STAFF, "officers and staff")]
    choices.append(Choice(PARTNERS, "partner agencies"))
    audience = await app.push_screen_wait(Pick("A leaflet for whom?", choices))
    if audience is None:
        return
    inspected = app.inspection_id
    await write_document(
        app,
        f"Leaflet for {audience}",
        f"leaflet/{inspected}/{audience}",
        lambda s, sender: leaflet(s, inspected, audience, sender=sender),
    )
