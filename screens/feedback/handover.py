"""The hand-over: all that would leave is read here first; then it is written, and that recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.feedback.handover.blocks import Block, Bullets, Handover, Heading, Paragraph
from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.give import hand_over
from fieldkit.service import today
from fieldkit.wording.format import clean
from screens.comparison.grid import drawn
from screens.kit.ask import waiting
from screens.kit.dialogs import Confirm
from screens.kit.folder_picker import downloads, remember, remembered, typed
from screens.kit.form import Field, Form
from screens.kit.page import Page
from screens.kit.text import plain, texts
from screens.vault.ask_passphrase import is_you
from storage.feed import drafts

RECIPIENT, FILE = "recipient", "file"
CHIEF = "chief constable"
HINT = "enter  write it     k  {} our reasons     esc  back"


class HandoverPage(Page):
    """Shows what leaves, word for word."""

    PAGE = "handover"
    DEFAULT_CSS = """
    HandoverPage #preview { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    HandoverPage #preview:focus { background: $background; }
    HandoverPage #left-out { height: auto; max-height: 6; padding: 0 1; }
    HandoverPage #hint { background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._made: Handover | None = None
        self._recipient = CHIEF
        self._with_rationale = False

    def body(self) -> Iterable[Widget]:
        """Yield what it is, the page, and what is not in it."""
        yield Static("", id="title", markup=False)
        with VerticalScroll(id="preview"):
            yield Static("", id="page", markup=False)
        yield from texts("left-out", "hint")

    async def load(self) -> None:
        """Gather the page as it would be given now."""
        rationale = self._with_rationale
        self._made = await self.vault.read(
            lambda s: gather(s, self.inspection_id, self._recipient, with_rationale=rationale)
        )
        self._draw()
        self.query_one("#preview").focus()

    def _draw(self) -> None:
        assert self._made is not None
        width = self.columns()
        words = f"Hand-over for the {self._made.recipient} · this is all that leaves"
        self.set_text("#title", words)
        blocks = [one for block in self._made.blocks for one in _drawn(block, width)]
        self.set_text("#page", Content("\n").join(blocks))
        remarks = [each for one in self._made.left_out for each in plain(f"– {one}").wrap(width)]
        self.set_text(
            "#left-out",
            Content.assemble(
                ("Not in it, or to be kept in mind\n", "bold"), Content("\n").join(remarks)
            ),
        )
        self.set_text("#hint", HINT.format("without" if self._with_rationale else "with"))

    async def action_rationale(self) -> None:
        """Put our own reasons beside each difference, or leave them out."""
        self._with_rationale = not self._with_rationale
        await self.load()

    @work
    async def action_write(self) -> None:
        """Ask for whom and where, and write it."""
        if self._made is None:
            return
        place = f"handover/{self.inspection_id}"
        drafts_kept = await waiting(self.fieldkit, place)
        folder = await remembered(self.vault, "handover") or downloads()
        fields = [
            Field(RECIPIENT, "For whom, by role", self._recipient),
            Field(FILE, "File", str(folder / _name(self._made.force)), hint="ends in .docx or .md"),
        ]
        answer = await self.app.push_screen_wait(
            Form("Give the hand-over", place, fields, drafts_kept)
        )
        if answer is None:
            return
        path = typed(answer[FILE]).absolute()
        asked = Confirm(
            f"Write {path.name} for the {answer[RECIPIENT]}?\n\nIt is not encrypted. That it left, "
            "and for whom, is recorded.",
            yes="write it",
            no="not yet",
        )
        if await self.app.push_screen_wait(asked) and await is_you(self.fieldkit, "hand over"):
            await self._write(path, answer[RECIPIENT], place)

    async def _write(self, path: Path, recipient: str, place: str) -> None:
        giving = asyncio.to_thread(
            hand_over,
            self.vault,
            self.inspection_id,
            path,
            recipient,
            with_rationale=self._with_rationale,
        )
        disclosed = await self.tried(giving)
        if disclosed is None:
            return
        for field in (RECIPIENT, FILE):
            self.fieldkit.typing.forget(place, field)
            await self.vault.write(drafts.committed, place, field)
        await remember(self.vault, "handover", path.parent)
        self._recipient = recipient
        await self.load()
        await self.fieldkit.refresh_frame()
        self.fieldkit.say(f"Written: {path.name}, for the {recipient}. It is on record.")


def _name(force: str) -> str:
    words = re.sub(r"[^\w -]", "", clean(force)).strip() or "force"
    return f"{words} hand-over {today()}.docx"


def _drawn(block: Block, width: int) -> list[Content]:
    """Return a block as lines of the preview."""
    if isinstance(block, Heading):
        return [Content(""), *(one.stylize("bold") for one in plain(block.text).wrap(width))]
    if isinstance(block, Paragraph):
        style = "bold" if block.strong else ""
        return [line for one in block.text.splitlines() for line in plain(one, style).wrap(width)]
    if isinstance(block, Bullets):
        return [
            Content.assemble("  – " if number == 0 else "    ", line)
            for one in block.texts
            for number, line in enumerate(plain(" ".join(one.split())).wrap(width - 4))
        ]
    return drawn(block, width)
