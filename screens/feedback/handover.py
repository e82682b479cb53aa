"""The hand-over: all that would leave is read here first; then it is written, and that recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session
from textual import work
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.handover.draft import words
from fieldkit.feedback.handover.gather import prepare
from fieldkit.feedback.handover.give import hand_over, leaving
from fieldkit.feedback.handover.handover import Handover, Prepared
from fieldkit.feedback.handover.preflight import keeping_back
from fieldkit.service import today
from fieldkit.wording.format import clean
from screens.feedback.document_page import DocumentPanel, remark_rows
from screens.feedback.settle_identifiers import settle
from screens.kit.ask import waiting
from screens.kit.dialogs import Confirm, Tell
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import cut, lines, muted
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import sign
from screens.kit.folder_picker import downloads, remember, remembered, typed
from screens.kit.form import Field, Form
from screens.kit.page import Page
from screens.kit.text import plain
from screens.vault.ask_passphrase import is_you
from storage.database.facts import Fact
from storage.feed import drafts

RECIPIENT, SENDER, TEMPLATE, FILE = "recipient", "sender", "template", "file"
_SENDER, _TEMPLATE = Fact.text("handover/sender"), Fact.text("handover/template")
"""From whom, and in which looks, this laptop wrote last; facts of this laptop, which go nowhere."""


class HandoverPage(Page):
    """Shows what leaves, word for word."""

    PAGE = "handover"
    DEFAULT_CSS = """
    HandoverPage #columns { height: 1fr; }
    HandoverPage #preview { height: 1fr; }
    HandoverPage #side { height: 7; layout: horizontal; }
    HandoverPage #inside { width: 34; height: 100%; }
    HandoverPage #left-out { width: 1fr; height: 100%; }
    HandoverPage.-wide #columns { layout: horizontal; }
    HandoverPage.-wide #preview { width: 2fr; height: 100%; }
    HandoverPage.-wide #side { width: 1fr; height: 100%; layout: vertical; }
    HandoverPage.-wide #inside { width: 100%; height: 7; }
    HandoverPage.-wide #left-out { width: 100%; height: 1fr; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]

    def __init__(self) -> None:
        super().__init__()
        self._prepared: Prepared | None = None
        self._recipient = "; ".join(words()["document"]["recipients"])
        self._sender = ""
        self._template = ""
        self._with_rationale = self._with_statistics = self._internal = False

    def body(self) -> Iterable[Widget]:
        """Yield what it is, the page, and what is not in it."""
        with Container(id="columns"):
            yield DocumentPanel("Written feedback", id="preview")
            with Container(id="side"):
                yield Panel("What is in it", id="inside")
                yield ScrollPanel("To be kept in mind", id="left-out")

    async def load(self) -> None:
        """Gather the page as it would be given now."""
        if not self._sender:
            self._sender, self._template = await asyncio.to_thread(self._remembered)
        self._prepared = await self.vault.read(
            prepare, self.inspection_id, self._recipient, **self._options
        )
        self._draw()
        self.query_one("#preview").focus()

    def _remembered(self) -> tuple[str, str]:
        """Return from whom, and in which looks, this laptop wrote last."""
        sender = self.vault.fact_now(_SENDER) or words()["document"]["sender"]
        return sender, self.vault.fact_now(_TEMPLATE) or ""

    @property
    def _made(self) -> Handover:
        assert self._prepared is not None
        return self._prepared.handover

    def _draw(self) -> None:
        name = "Internal copy, not the force's" if self._internal else "Written feedback"
        first, *others = self._made.recipients
        more = f" + {len(others)}" if others else ""
        self.query_one(DocumentPanel).show_document(
            self._made.document,
            title=name,
            figure=muted(plain(f"for the {first}{more}")),
            legend="this is all that leaves",
        )
        remarks = self._made.left_out
        self.query_one("#left-out", ScrollPanel).show(
            lambda width: lines(remark_rows(remarks, width) or [muted("Nothing.")])
        )
        self.query_one("#inside", Panel).show(self._inside)

    def _inside(self, width: int) -> Content:
        """Return what was chosen to be in it, each with its key."""
        with_it = {True: sign("done", "with"), False: muted("without")}
        rows = (
            ("k", with_it[self._with_rationale], "our reasons"),
            ("s", with_it[self._with_statistics], "statistics"),
            ("i", sign("done") if self._internal else muted("no"), "internal copy"),
        )
        return lines([cut(key_and_label(name, _said(on, what)), width) for name, on, what in rows])

    @property
    def _options(self) -> dict[str, Any]:
        return {
            "sender": self._sender,
            "with_rationale": self._with_rationale,
            "with_statistics": self._with_statistics,
            "internal": self._internal,
        }

    async def action_rationale(self) -> None:
        """Put our own reasons beside each difference, or leave them out."""
        self._with_rationale = not self._with_rationale
        await self.load()

    async def action_statistics(self) -> None:
        """Put the annex of statistics at the end, or leave it out."""
        self._with_statistics = not self._with_statistics
        await self.load()

    async def action_internal(self) -> None:
        """Show the internal copy with the whole trace, or what is for the force."""
        self._internal = not self._internal
        await self.load()

    @work
    async def action_write(self) -> None:
        """Ask for whom and where, and write it."""
        if self._prepared is None:
            return
        if not await settle(self.fieldkit, self.inspection_id, self._texts):
            return
        self._draw()
        if not self._internal and await self._kept_back():
            return
        place = f"handover/{self.inspection_id}"
        drafts_kept = await waiting(self.fieldkit, place)
        folder = await remembered(self.vault, "handover") or downloads()
        fields = [
            Field(
                RECIPIENT,
                "For whom, by role",
                self._recipient,
                hint="one role, or several: one; another",
            ),
            Field(SENDER, "From whom", self._sender),
            Field(
                TEMPLATE,
                "Looks of",
                self._template,
                hint="path of a .docx; empty for fieldkit's own",
            ),
            Field(FILE, "File", str(folder / self._file_name()), hint="ends in .docx or .md"),
        ]
        answer = await self.app.push_screen_wait(
            Form("Give the written feedback", place, fields, drafts_kept)
        )
        if answer is None:
            return
        path = typed(answer[FILE]).absolute()
        asked = Confirm(
            f"Write {path.name} for the {answer[RECIPIENT]}?\n\n"
            + ("It has the whole trace and is not for the force. " if self._internal else "")
            + "It is not encrypted. It is recorded that it left, and for whom.",
            yes="write it",
            no="not yet",
        )
        if await self.app.push_screen_wait(asked) and await is_you(self.fieldkit, "hand over"):
            await self._write(path, answer, place)

    def _texts(self, s: Session) -> Sequence[LeavingText]:
        """Gather it anew, as something may have been taken out; return its texts."""
        self._prepared = prepare(s, self.inspection_id, self._recipient, **self._options)
        return leaving(s, self._prepared.handover)

    async def _kept_back(self) -> bool:
        """Show what keeps it back, before anybody is asked for whom it is; say whether it is."""
        assert self._prepared is not None
        stopped = keeping_back(self._prepared)
        if stopped:
            await self.fieldkit.go("preflight")
            words = "; ".join(one.words for one in stopped)
            self.fieldkit.say(f"This keeps it back: {words}. Nothing was written.", error=True)
        return bool(stopped)

    async def _write(self, path: Path, answer: dict[str, str], place: str) -> None:
        self._sender, self._template = answer[SENDER].strip(), answer[TEMPLATE].strip()
        giving = asyncio.to_thread(
            hand_over,
            self.vault,
            self.inspection_id,
            path,
            answer[RECIPIENT],
            template=typed(self._template).absolute() if self._template else None,
            **self._options,
        )
        disclosed = await self.tried(giving)
        if disclosed is None:
            return
        for field in (RECIPIENT, SENDER, TEMPLATE, FILE):
            self.fieldkit.typing.forget(place, field)
            await self.vault.write(drafts.committed, place, field)
        await remember(self.vault, "handover", path.parent)
        for fact, value in ((_SENDER, self._sender), (_TEMPLATE, self._template)):
            await asyncio.to_thread(self.vault.set_fact_now, fact, value)
        self._recipient = disclosed.recipient
        await self.load()
        await self.fieldkit.refresh_frame()
        said = f"Written: {path.name}, for the {disclosed.recipient}. It is on record."
        if disclosed.remarks:
            # What became of a template stands until it is read.
            await self.app.push_screen(Tell("Written", "\n\n".join((said, *disclosed.remarks))))
        else:
            self.fieldkit.say(said)

    def _file_name(self) -> str:
        force = re.sub(r"[^\w -]", "", clean(self._made.force)).strip() or "force"
        what = "internal copy" if self._internal else "written feedback"
        return f"{force} {what} {today()}.docx"


def _said(chosen: Content, what: str) -> Content:
    return Content.assemble(chosen, " ", what)
