"""Tonight's bundle: what will leave, to whom, where to; and what left, after it was read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from textual import work
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget

from fieldkit.exchange.export import export_text
from fieldkit.exchange.team import Leaving, leaving
from screens.exchange import panels
from screens.kit.dialogs import Confirm
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import lines, muted, strong, wrapped
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import sign
from screens.kit.folder_picker import NO_FOLDER, OWN_DISK, UsedFolder
from screens.kit.page import Page
from screens.kit.progress import with_bar
from screens.vault.ask_passphrase import is_you
from storage.exchange.export import ExportSummary, export
from storage.progress import Progress
from storage.vault.vault import Vault

PURPOSE = "export"
WRITING = "Writing the bundle, then reading it back"
RECEIPT = (
    "Central's receipt comes back on the stick or in the folder: exchange (x) takes it in, and "
    "only then is what left received."
)


class ExportPage(Page):
    """Writes the bundle for central."""

    PAGE = "export"
    CSS_PATH = "export.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]

    def __init__(self) -> None:
        super().__init__()
        self._leaving: Leaving | None = None
        self._folder = UsedFolder(PURPOSE, "Where does the bundle go?")
        self._with_key = False
        self._left: ExportSummary | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the panels: what leaves or has left, where it goes, and what of the key."""
        with Container(id="columns"):
            yield ScrollPanel("Leaves for central", id="leaves")
            with Vertical(id="right"):
                yield Panel("The key", id="key")
                yield Panel("Where it goes", id="where")

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do: all before a team was joined, the bundle once written."""
        if self._leaving is None:
            return frozenset({"export", "folder", "with_key"})
        return frozenset({"export", "go('join')"} if self._left else {"go('join')"})

    async def load(self) -> None:
        """Read what would leave."""
        await self._folder.begin(self.vault)
        self._leaving = await self.vault.read(leaving)
        self._draw()
        self.query_one(ScrollPanel).focus()

    def _draw(self) -> None:
        now, left = self._leaving, self._left
        self.set_class(now is None, "-alone")
        self.offer()
        main = self.query_one(ScrollPanel)
        if now is None:
            main.show(lambda width: panels.no_team(width, main.size.height))
            return
        wide = self.app.size.width >= 100
        if left is None:
            main.show(
                lambda width: lines(
                    *panels.warned([self._folder.said] if self._folder.said else [], width),
                    panels.leaves(now, width, with_key=self._with_key, listed=True),
                    *self._staying(now, width),
                ),
                title="Leaves for central",
                figure=f"central of {now.org}",
            )
        else:
            main.show(
                lambda width: lines(_written(left, width)),
                title="Left for central",
                figure=sign("done", "read back"),
            )
        key = self.query_one("#key", Panel)
        key.set_class(self._with_key, "-disclosed")
        title = "With the key: a disclosure" if self._with_key else "Without the key"
        key.show(lambda width: panels.export_key(self._with_key, width), title=title)
        self.query_one("#where", Panel).show(
            lambda width: self._where(now, width, wide),
            legend=OWN_DISK if self._folder.own_disk and not wide else "",
        )

    def _staying(self, now: Leaving, width: int) -> list[Content]:
        if not now.keys or self._with_key:
            return []
        rows = panels.counted(now.keys, width, listed=True)
        return [muted("stays here"), *(muted(one) for one in rows)]

    def _where(self, now: Leaving, width: int, wide: bool) -> Content:
        path = self._folder.path
        rows = wrapped(str(path), width) if path is not None else [muted(NO_FOLDER)]
        if wide and self._folder.own_disk:
            rows += [muted(one) for one in wrapped(OWN_DISK, width)]
        rows += [Content("")] if wide else []
        rows += [muted(one) for one in wrapped(f"Left before: {now.last or 'nothing yet'}", width)]
        return lines(rows)

    def _joined(self) -> bool:
        """Say whether there is a central to export to; where there is none, go to join one."""
        return self._leaving is not None

    @work
    async def action_with_key(self) -> None:
        """Turn between with and without the key; with it only after a yes."""
        if not self._joined():
            return
        if not self._with_key:
            asked = Confirm(
                "Send the key too?\n\nThe force's own references, the key to the child labels and "
                "the raw cells of its workbook leave this laptop with the bundle. This is a "
                "disclosure: who, when and to whom is recorded.",
                yes="send the key",
                no="leave it here",
            )
            if not await self.app.push_screen_wait(asked):
                return
        self._with_key = not self._with_key
        self._draw()

    @work
    async def action_folder(self) -> None:
        """Choose where the bundle goes."""
        if self._joined():
            await self._choose()

    async def _choose(self) -> None:
        if await self._folder.choose(self.fieldkit):
            self._left = None
            self._draw()

    @work
    async def action_export(self) -> None:
        """Write the bundle, read it back, and show what left."""
        folder = self._folder.path
        if not self._joined():
            await self.fieldkit.go("join")
            return
        if folder is None:
            await self._choose()
            return
        if self._left:
            self.fieldkit.say("The bundle is written. esc goes back; f writes to another folder.")
            return
        if self._with_key and not await is_you(self.fieldkit, "export with key"):
            return
        await self.fieldkit.typing.save()
        await self._folder.keep(self.vault)
        job = _writing(self.vault, folder, with_key=self._with_key)
        written = await self.tried(with_bar(self.fieldkit, job, WRITING))
        if written is None:
            return
        self._left, self._with_key = written, False
        await self.load()
        await self.fieldkit.refresh_frame()


def _writing(vault: Vault, folder: Path, *, with_key: bool) -> Callable[[Progress], ExportSummary]:
    """Return the export as a job: the first half of the bar is writing, the second reading back."""

    def job(progress: Progress) -> ExportSummary:
        def halves(_: str, done: int, total: int) -> None:
            progress("Reading the bundle back" if done * 2 > total else WRITING, done, total)

        return export(vault, folder, with_key=with_key, progress=halves)

    return job


def _written(left: ExportSummary, width: int) -> list[Content]:
    """Return what left, and what is still to come."""
    first, *more = export_text(left).splitlines()
    rows = [strong(one) for one in wrapped(first, width)]
    rows += [one for text in more for one in wrapped(text, width)]
    return [*rows, Content(""), *(muted(one) for one in wrapped(RECEIPT, width))]
