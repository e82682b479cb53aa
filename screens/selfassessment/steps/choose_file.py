"""Choosing the workbook: a path to type, and the workbooks of that folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from textual import events, on, work
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.kit import folder_picker
from screens.kit.dialogs import Dialog
from screens.kit.folder_picker import Found, PathSuggester, typed
from screens.kit.text import plain
from screens.selfassessment.steps.step import cells, middle
from storage.ops.text import size

NONE_HERE = "No workbook in this folder: type another folder, or the path of the file."
LOOKING = "looking"
"""The group of the workers that list what lies where the path leads."""
KEYS = "enter  read it     tab  path or list     →  complete it     esc  cancel"


class ChooseWorkbook(Dialog[Path | None]):
    """Gives the path of a workbook: the latest of the folder is one key away.

    Args:
        folder: where to begin.
        found: the workbooks that are there.
        title: what is asked for.
    """

    DEFAULT_CSS = """
    ChooseWorkbook #box { width: 96%; }
    ChooseWorkbook #path { margin: 0 0 1 0; }
    ChooseWorkbook OptionList { height: auto; max-height: 14; }
    """

    def __init__(self, folder: Path, found: Sequence[Found], title: str) -> None:
        super().__init__(title, KEYS)
        self._folder, self._found = folder, found

    def body(self) -> Iterable[Widget]:
        """Yield the path, and the list."""
        yield Input(
            f"{self._folder}/",
            id="path",
            compact=True,
            select_on_focus=False,
            suggester=PathSuggester(files=True),
        )
        yield OptionList(id="found", markup=False)
        yield Static("", id="none", markup=False)

    def on_mount(self) -> None:
        """Stand on the latest workbook, or in the path where there is none."""
        self._draw()
        self.query_one("#found" if self._found else "#path").focus()

    async def _list(self, folder: Path) -> None:
        self._folder = folder
        self._found = await asyncio.to_thread(folder_picker.workbooks, folder)
        self._draw()

    def _draw(self) -> None:
        sizes = (max(int(self.app.size.width * 0.96) - 36, 20), 9, 17)
        listed = self.query_one(OptionList)
        listed.set_options(
            Option(plain(cells((middle(one.path.name, sizes[0]), size(one.size), one.when), sizes)))
            for one in self._found
        )
        listed.display = bool(self._found)
        if self._found:
            listed.highlighted = 0
        self.query_one("#none", Static).update("" if self._found else NONE_HERE)

    @work(exclusive=True, group=LOOKING)
    @on(Input.Changed)
    async def _typed(self, event: Input.Changed) -> None:
        """List the folder that is typed."""
        path = typed(event.value)
        for folder in (path, path.parent):
            if await asyncio.to_thread(folder.is_dir):
                if folder != self._folder:
                    await self._list(folder)
                return

    @on(Input.Submitted)
    async def _entered(self, event: Input.Submitted) -> None:
        """Take the file; of a folder, go to its list."""
        # What is listed while typing would draw over what is said here.
        self.workers.cancel_group(self, LOOKING)
        path = typed(event.value)
        if await asyncio.to_thread(path.is_dir):
            await self._list(path)
            if self._found:
                self.query_one(OptionList).focus()
        elif await asyncio.to_thread(path.is_file):
            self.dismiss(path)
        else:
            text = f"There is no file {path}. Check the name and the folder."
            self.query_one("#none", Static).update(plain(text))

    def on_key(self, event: events.Key) -> None:
        """Arrows reach the list from the path."""
        if event.key == "down" and isinstance(self.focused, Input) and self._found:
            event.stop()
            self.query_one(OptionList).focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        """Take the line chosen."""
        self.dismiss(self._found[event.option_index].path)
