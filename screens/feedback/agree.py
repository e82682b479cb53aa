"""Agreeing the words of a point, of two sentences at most unless longer ones are meant."""

from __future__ import annotations

from typing import ClassVar

from fieldkit.feedback.debriefs.debrief import MOST_SENTENCES, freeze_wording, wording_stops
from fieldkit.wording.sentences import sentences
from screens.feedback.debrief_reading import PointRow, place
from screens.feedback.settle_identifiers import settle_words
from screens.kit.ask import commit, waiting
from screens.kit.dialogs import AskText, Box
from screens.kit.draft_fields import DraftArea
from screens.kit.shell import Shell
from screens.kit.unsaved import settled
from storage.ops.text import many
from storage.records import DebriefPoint

FIELD = "agreed_wording"


class AgreeWords(AskText):
    """Asks for the words read out; words of more than two sentences are asked for once more."""

    KEYS: ClassVar[str] = "ctrl+s  agree     esc  close (text is kept)"
    _asked_of = ""
    """The long words that were asked about; the same words again are meant."""

    def on_mount(self) -> None:
        """Offer the draft back, and say how many sentences it has."""
        super().on_mount()
        self.set_text("#keys", self.KEYS)
        self._count()

    def on_text_area_changed(self) -> None:
        """Count the sentences while they are typed."""
        self._count()

    def _count(self) -> None:
        number = len(sentences(self.query_one(DraftArea).text))
        self.query_one(Box).edges(figure=f"{number} of {MOST_SENTENCES} sentences")

    async def action_take(self) -> None:
        """Close with the words; of long ones ask whether they are meant."""
        area = self.query_one(DraftArea)
        await settled(area)
        text = area.text.strip()
        number = len(sentences(text))
        if number > MOST_SENTENCES and text != self._asked_of:
            self._asked_of = text
            self.set_text(
                "#keys",
                f"{many(number, 'sentence')}: a listener takes in {MOST_SENTENCES}. Shorten "
                "them, or press ctrl+s again to agree them as they are.",
            )
            return
        await super().action_take()


async def ask_words(app: Shell, row: PointRow) -> DebriefPoint | None:
    """Ask for the words agreed of a point and freeze them; ``None`` where that was left.

    They start from what was typed for it, else from the words agreed last. Runs in a worker.
    """
    where, title = place(row.id), f"Point {row.number}: the words read out"
    draft = (await waiting(app, where)).get(FIELD)
    hint = "ctrl+s agrees them: what was agreed in a debrief is never changed afterwards."
    dialog = AgreeWords(title, where, FIELD, row.telling.wording, draft, hint=hint)
    words: str | None = await app.push_screen_wait(dialog)
    if words is None:
        return None
    settled_words = await settle_words(
        app, where, words, lambda s, text: wording_stops(s, row.id, text)
    )
    if settled_words is None:
        return None
    words, passing = settled_words
    return await commit(
        app,
        where,
        [FIELD],
        lambda s: freeze_wording(s, row.id, words, long=True, passing=passing),
    )
