"""A remark from anywhere (f2): a note on what is open, or on the inspection where nothing is."""

from __future__ import annotations

from fieldkit.service import methodology_of
from screens.evidence import marks, note_rows
from screens.evidence.entry import EntryPage
from screens.evidence.note_file import note_place
from screens.kit.ask import ask, commit
from screens.kit.shell import Shell
from storage.errors import FieldkitError
from storage.records.registry import may_hold_notes

HINT = "Begin with + for a strength, - for a concern; end a line with #4 or #inv for the criterion."


async def remark(app: Shell, subject: tuple[str, str, str] | None) -> None:
    """Ask for a remark and keep it as a note; runs in a worker.

    Args:
        app: the app.
        subject: kind, id and label of what is open; what cannot hold a note is the inspection.
    """
    page = app.screen
    if isinstance(page, EntryPage):
        await page.action_note()
        return
    if subject is None or not may_hold_notes(subject[0]):
        subject = ("inspection", app.inspection_id, "the inspection")
    kind, record, label = subject
    words = await app.vault.read(methodology_of, app.inspection_id)
    place = note_place(kind, record)
    while True:
        text = await ask(app, f"Remark on {label}", place, "text", hint=HINT)
        if text is None:
            return
        try:
            marked = marks.read(text, words)
            break
        except FieldkitError as refusal:
            app.say(str(refusal), error=True)
    note = await commit(app, place, ["text"], lambda s: note_rows.add(s, kind, record, marked))
    if note is not None:
        app.say(f"Noted on {label}.")
        await app.refresh_frame()
