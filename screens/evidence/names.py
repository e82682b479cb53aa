"""The list of names: whom no text may name that leaves, and what is written in their place."""

from __future__ import annotations

from textual import on, work
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.evidence.names import add_names, edit_name, listed_names, remove_name
from fieldkit.wording.format import line
from screens.kit.ask import ask_and_commit, fill
from screens.kit.dialogs import Confirm
from screens.kit.form import Field
from screens.kit.list_page import ListPage
from screens.kit.page import Named
from screens.kit.text import plain
from storage.ops.text import many
from storage.records import KnownName

NAME, LABEL = "name", "label"
HINT = "One name a line. “= child 1” or a role after it is written in its place."


class NamesPage(ListPage[KnownName]):
    """Lists the names in the order of the alphabet."""

    PAGE = "names"
    EMPTY = (
        "No name is on the list. Press a to add the children, families and suspects of the "
        "inspection: whatever is saved is then searched for them, and nothing that names one can "
        "leave."
    )

    async def load(self) -> None:
        """Read the list."""
        self.show(await self.tried(self.vault.read(listed_names, self.inspection_id)) or [])

    def _heading(self) -> str:
        return f"Names · {many(len(self._lines), 'name')} · never shown to the force"

    def _hint(self) -> str:
        return "a  add     enter  correct     delete  take away     esc  back"

    def _drawn(self, entry: KnownName, width: int) -> Content:
        instead = entry.label or "child 1"
        half = width // 2
        return plain(f"{line(entry.name, half - 2):<{half}}{line(instead, half)}")

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
