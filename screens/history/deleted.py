"""What is deleted, by whom and of whose; each can be looked at and brought back."""

from __future__ import annotations

from textual import on
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.history import deleted
from fieldkit.history.deleted import DeletedLine
from fieldkit.wording.format import line
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many


class DeletedPage(ListPage[DeletedLine]):
    """Lists the deleted records of the inspection, the latest first."""

    PAGE = "deleted"
    EMPTY = "Nothing is deleted. What anybody deletes is listed here, and can be brought back."

    async def load(self) -> None:
        """Read the list; from now on home says no more of what is on it."""
        listed = await self.tried(self.vault.read(deleted.listing, self.inspection_id))
        self.show(listed or [])
        await self.vault.write(deleted.looked_at)

    def _heading(self) -> str:
        return f"Deleted · {many(len(self._lines), 'record')}"

    def _hint(self) -> str:
        return "enter  look     b  bring back     esc  back"

    def _drawn(self, entry: DeletedLine, width: int) -> Content:
        parts = [plain(line(entry.label, width), "bold"), plain("  " + line(entry.did, width - 2))]
        if entry.text:
            parts.append(plain("  " + line(entry.text, width - 2), "dim"))
        return Content("\n").join(parts)

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
