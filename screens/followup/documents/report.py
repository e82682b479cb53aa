"""The report: all that would leave is read here first; then it is written, and that recorded."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence

from sqlmodel import Session
from textual import work
from textual.containers import Container
from textual.widget import Widget

from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.handover.give import leaving
from fieldkit.followup.report.chapters import standing_words
from fieldkit.followup.report.gather import Report, prepare_report
from fieldkit.followup.report.give import give_report
from fieldkit.service import today
from fieldkit.wording.format import clean
from screens.feedback.document_page import DocumentPanel, remark_rows
from screens.feedback.settle_identifiers import settle
from screens.kit.ask import waiting
from screens.kit.dialogs import Confirm, Tell
from screens.kit.drawing import rows
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.folder_picker import downloads, remember, remembered, typed
from screens.kit.form import Field, Form
from screens.kit.page import Page
from screens.vault.ask_passphrase import is_you
from storage.feed import drafts

RECIPIENT, FILE, EARLIER = "recipient", "file", "earlier"


class ReportPage(Page):
    """Shows the report word for word, with or without what each sentence comes from."""

    PAGE = "report"
    DEFAULT_CSS = """
    ReportPage #columns { height: 1fr; }
    ReportPage #preview { height: 1fr; }
    ReportPage #left-out { height: 6; }
    ReportPage.-wide #columns { layout: horizontal; }
    ReportPage.-wide #preview { width: 2fr; height: 100%; }
    ReportPage.-wide #left-out { width: 1fr; height: 100%; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._report: Report | None = None
        self._recipient = "; ".join(standing_words()["document"]["recipients"])
        self._with_basis = True

    def body(self) -> Iterable[Widget]:
        """Yield what it is, the page, and what is not in it."""
        with Container(id="columns"):
            yield DocumentPanel("Report", id="preview")
            yield ScrollPanel("To be kept in mind", id="left-out")

    async def load(self) -> None:
        """Gather the report as it would be given now."""
        self._report = await self.vault.read(self._gathered)
        self._draw()
        self.query_one("#preview").focus()

    def _gathered(self, s: Session) -> Report:
        return prepare_report(s, self.inspection_id, self._recipient, with_basis=self._with_basis)

    def _draw(self) -> None:
        if self._report is None:
            return
        handover = self._report.handover
        self.query_one(DocumentPanel).show_document(
            handover.document,
            title=f"Report, version {handover.version}",
            figure="with its sources" if self._with_basis else "without its sources",
            legend="this is all that leaves",
        )
        remarks, kept = handover.left_out, self.query_one("#left-out", ScrollPanel)
        kept.display = bool(remarks)
        kept.show(lambda width: rows.lines(remark_rows(remarks, width)))

    async def action_basis(self) -> None:
        """Print in brackets where each sentence comes from, or leave it out."""
        self._with_basis = not self._with_basis
        await self.load()

    @work
    async def action_write(self) -> None:
        """Ask for whom and where, and write it; over a report that lies there it is made again."""
        if self._report is None:
            return
        if not await settle(self.fieldkit, self.inspection_id, self._texts):
            return
        self._draw()
        place = f"report/{self.inspection_id}"
        kept = await waiting(self.fieldkit, place)
        folder = await remembered(self.vault, "report") or downloads()
        fields = [
            Field(RECIPIENT, "For whom, by role", self._recipient),
            Field(FILE, "File", str(folder / self._file_name()), hint="ends in .docx or .md"),
            Field(EARLIER, "Goes on from", hint="a report that came back; empty for none"),
        ]
        about = "Where a report lies there already, what its writers changed stays."
        answer = await self.app.push_screen_wait(
            Form("Write the report", place, fields, kept, None, about)
        )
        if answer is None:
            return
        path = typed(answer[FILE]).absolute()
        asked = Confirm(
            f"Write {path.name} for the {answer[RECIPIENT]}?\n\nIt is not encrypted. It is "
            "recorded that it left, and for whom.",
            yes="write it",
            no="not yet",
        )
        if await self.app.push_screen_wait(asked) and await is_you(self.fieldkit, "hand over"):
            await self._write(answer, place)

    def _texts(self, s: Session) -> Sequence[LeavingText]:
        """Gather it anew, as something may have been taken out; return its texts."""
        self._report = self._gathered(s)
        return leaving(s, self._report.handover)

    async def _write(self, answer: dict[str, str], place: str) -> None:
        path = typed(answer[FILE]).absolute()
        earlier = answer[EARLIER].strip()
        given = await self.tried(
            asyncio.to_thread(
                give_report,
                self.vault,
                self.inspection_id,
                path,
                answer[RECIPIENT],
                earlier=typed(earlier).absolute() if earlier else None,
                with_basis=self._with_basis,
            )
        )
        if given is None:
            return
        for field in (RECIPIENT, FILE, EARLIER):
            self.fieldkit.typing.forget(place, field)
            await self.vault.write(drafts.committed, place, field)
        await remember(self.vault, "report", path.parent)
        self._recipient = given.recipient
        await self.load()
        await self.fieldkit.refresh_frame()
        said = f"Written: {path.name}, for the {given.recipient}. It is on record."
        if given.told or given.remarks:
            # What became of each chapter stands until it is read.
            text = "\n\n".join((said, *given.told, *given.remarks))
            await self.app.push_screen(Tell("Written", text))
        else:
            self.fieldkit.say(said)

    def _file_name(self) -> str:
        assert self._report is not None
        force = re.sub(r"[^\w -]", "", clean(self._report.handover.force)).strip() or "force"
        return f"{force} report {today()}.docx"
