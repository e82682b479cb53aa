"""The list of names: whom no text may name that leaves, and what is written in their place."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.evidence.names import add_names, edit_name, listed_names, remove_name
from fieldkit.history.search import SearchHit, search
from screens.kit.ask import ask_and_commit, fill
from screens.kit.dialogs import Confirm
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import cut, lines, muted, row, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.form import Field
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.feed.search import LIMIT
from storage.ops.text import many
from storage.records import KnownName

NAME, LABEL = "name", "label"
HINT = "One name a line. “= child 1” or a role after it is written in its place."


class NamesPage(PanelListPage[KnownName]):
    """Lists the names in the order of the alphabet, and where the one under the cursor stands."""

    PAGE = "names"
    CSS = """
    NamesPage #where { height: 1fr; }
    NamesPage.-wide PanelList.panel, NamesPage.-wide #side { width: 1fr; }
    """
    LEGEND = "never shown to the force"
    EMPTY = "No name is on the list."
    EMPTY_KEYS = (("a", "add children, families and suspects"),)
    EMPTY_FACT = (
        "Whatever is saved is then searched for them, and nothing that names one can leave."
    )

    def __init__(self) -> None:
        super().__init__()
        self._where: tuple[str, list[SearchHit]] = ("", [])

    def side(self) -> Iterable[Widget]:
        """Yield where the name under the cursor stands."""
        yield Panel("It stands in", id="where")

    async def load(self) -> None:
        """Read the list."""
        self.show(await self.tried(self.vault.read(listed_names, self.inspection_id)) or [])

    def _figure(self) -> Content:
        return muted(many(len(self._lines), "name"))

    def _row(self, entry: KnownName, width: int, *, chosen: bool) -> Content:
        half = width // 2
        instead = Content.assemble(sign("arrow"), " ", plain(entry.label or "child 1"))
        return row([(strong(plain(entry.name)), half - 1), (instead, width - half)])

    async def look(self, entry: KnownName | None) -> None:
        """Find the texts that hold the name."""
        if entry is not None and self._where[0] != entry.id:
            found = await self.vault.read(search, self.inspection_id, f"{entry.name} ")
            self._where = entry.id, [one for one in found if one.kind != KnownName.KIND]

    def _draw_side(self, entry: KnownName | None) -> None:
        panel = self.query_one("#where", Panel)
        if entry is None or self._where[0] != entry.id:
            panel.show("", figure="")
            return
        hits = self._where[1]
        none = wrapped("In no text that you may see.", panel.room[0] or 1)
        panel.show(
            lambda width: lines([_hit(one, width) for one in hits] or none),
            figure=f"{LIMIT} texts or more" if len(hits) >= LIMIT else many(len(hits), "text"),
        )

    def _record(self, entry: KnownName) -> Named:
        return KnownName.KIND, entry.id, entry.name

    @work
    async def action_add(self) -> None:
        """Ask for names, one a line, and put them on the list."""
        inspection = self.inspection_id
        added = await ask_and_commit(
            self.fieldkit,
            "Which names must not leave?",
            f"names/{inspection}",
            "names",
            lambda s, text: add_names(s, inspection, text.splitlines()),
            hint=HINT,
        )
        if added is not None:
            self.fieldkit.say(f"{many(len(added), 'name')} added.")
            await self.load()

    @on(OptionList.OptionSelected)
    @work
    async def action_correct(self) -> None:
        """Ask for the name and what stands in its place anew."""
        listed = self.current
        if listed is None:
            return
        fields = [
            Field(NAME, "Name", listed.name),
            Field(LABEL, "In its place", listed.label, hint="child 1, or a role"),
        ]
        corrected = await fill(
            self.fieldkit,
            "Correct a name",
            f"known_name/{listed.id}",
            fields,
            lambda s, words: edit_name(s, listed.id, words[NAME], words[LABEL]),
        )
        if corrected is not None:
            await self.load()

    @work
    async def action_take_away(self) -> None:
        """Take a name off the list, once that was asked."""
        listed = self.current
        if listed is None:
            return
        question = (
            f"Take {listed.name} off the list? Texts are then no longer searched for it; it stays "
            f"in the history."
        )
        if await self.app.push_screen_wait(Confirm(question, yes="take it off", no="keep it")):
            await self.tried(self.vault.write(remove_name, self.inspection_id, listed.id))
            await self.load()


def _hit(hit: SearchHit, width: int) -> Content:
    """Return a text that holds the name on one line: where it stands, and the words around it."""
    excerpt = muted(plain(hit.excerpt.replace("«", "").replace("»", "")))
    return cut(Content.assemble(plain(hit.label), "  ", excerpt), width)
