"""Asking for the day on which a report was published, from which numbers and deadlines follow."""

from __future__ import annotations

from fieldkit.followup.dates.milestones import due_lines
from fieldkit.followup.publication import Coming, Published, coming, publish
from fieldkit.service import RefusedError
from fieldkit.wording.dates import day_words
from screens.kit.ask import fill
from screens.kit.dialogs import Tell
from screens.kit.form import Field
from screens.kit.shell import Shell
from storage.ops.text import many

COUNTED = "Every deadline is counted from this day."


async def ask_publication(app: Shell, inspection_id: str) -> bool:
    """Ask for the day and record the publication; say whether it was. Runs in a worker."""
    known = await app.vault.read(coming, inspection_id)

    def number(answer: dict[str, str]) -> int:
        written = answer.get("first", "").strip()
        if not written or written == str(known.first):
            return 0
        if not written.isdigit():
            refusal = RefusedError(f"“{written}” is no number. Nothing was changed; write digits.")
            refusal.field = "first"
            raise refusal
        return int(written)

    published: Published | None = await fill(
        app,
        f"The report on {known.force} is published",
        f"publish/{inspection_id}",
        _fields(known),
        lambda s, answer: publish(
            s, inspection_id, answer["on"], answer.get("reason", ""), number(answer)
        ),
        about=f"{known.words} {COUNTED}",
    )
    if published is None:
        return False
    due = await app.vault.read(due_lines, inspection_id)
    rows = [f"Published on {day_words(published.inspection.published)}."]
    if published.numbered:
        given = ", ".join(str(one.number) for one in published.numbered)
        rows.append(f"{many(len(published.numbered), 'recommendation')} numbered: {given}.")
    rows += ["", *(one.words for one in due)]
    await app.push_screen_wait(Tell(f"The report on {known.force}", "\n".join(rows)))
    return True


def _fields(known: Coming) -> list[Field]:
    """Return what is asked: the day, the first number where one is given, and why, where needed."""
    day = day_words(known.published) if known.published else ""
    fields = [Field("on", "Day", day, hint="empty for today; e.g. 12 November 2026")]
    if known.drafts:
        fields.append(Field("first", "First number", str(known.first)))
    if known.published:
        fields.append(Field("reason", "Why", hint="where the day is corrected"))
    elif not known.left:
        fields.append(Field("reason", "Why", hint="the site has not been left yet"))
    return fields
