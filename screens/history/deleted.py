"""What is deleted, by whom and of whose; each can be looked at and brought back."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.history import deleted
from fieldkit.history.deleted import DeletedLine
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many


class DeletedPage(PanelListPage[DeletedLine]):
    """Lists the deleted records of the inspection, the latest first, and what each said."""

    PAGE = "deleted"
    CSS = """
    DeletedPage #side { height: 10; }
    DeletedPage #said { height: 1fr; }
    """
    LEGEND = "each can be brought back"
    EMPTY = "Nothing is deleted."
    EMPTY_FACT = "What anybody deletes is listed here, and can be brought back."

    def side(self) -> Iterable[Widget]:
        """Yield what the record under the cursor said, and who deleted it."""
        yield Panel("What it said", id="said")

    async def load(self) -> None:
        """Read the list; from now on home says no more of what is on it."""
        listed = await self.tried(self.vault.read(deleted.listing, self.inspection_id))
        self.show(listed or [])
        await self.vault.write(deleted.looked_at)

    def _figure(self) -> Content:
        return muted(many(len(self._lines), "record"))

    def _row(self, entry: DeletedLine, width: int, *, chosen: bool) -> Content:
        about = muted(f"{entry.who}, {entry.at}")
        return between(strong(plain(entry.label)), cut(about, width // 2), width)

    def _draw_side(self, entry: DeletedLine | None) -> None:
        panel = self.query_one("#said", Panel)
        if entry is None:
            panel.show("")
            return
        text = plain(entry.text) if entry.text else muted("It held no text that may be shown here.")
        panel.show(
            lambda width: lines(
                wrapped(text, width, most=max(panel.room[1] - 3, 1)),
                "",
                wrapped(muted(plain(entry.did)), width, most=2),
            )
        )

    def _record(self, entry: DeletedLine) -> Named:
        return entry.kind, entry.id, entry.label

    @on(OptionList.OptionSelected)
    async def action_look(self) -> None:
        """See its history, in which all that it said stands."""
        await self.action_history()

    async def action_bring_back(self) -> None:
        """Bring it back as it was."""
        entry = self.current
        if entry is None:
            return
        said = await self.tried(
            self.vault.write(deleted.bring_back, self.inspection_id, entry.id, "")
        )
        if said is not None:
            self.fieldkit.say(said)
        await self.load()
        await self.fieldkit.refresh_frame()
