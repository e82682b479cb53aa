"""The collection of notable practice: what others may learn from, consent, and who asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session
from textual import on, work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList

from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.followup.practice.collection import (
    ORDERS,
    PracticeLine,
    WantedPractice,
    collection,
)
from fieldkit.followup.practice.consent import (
    CONSENTS,
    record_consent,
    refuse_words_not_agreed,
    words,
)
from fieldkit.followup.practice.export import give_sheets, prepare_sheets
from fieldkit.followup.practice.sheets import record_request, write_sheet
from fieldkit.methodology import Methodology
from fieldkit.service import methodology_of, today
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import line
from screens.feedback.settle_identifiers import settle
from screens.kit.ask import fill, waiting
from screens.kit.dialogs import Choice, Pick, Tell
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.folder_picker import downloads, remember, remembered, typed
from screens.kit.form import Field, Form
from screens.kit.list_page import PanelListPage
from screens.kit.page import Named
from screens.kit.text import plain
from screens.vault.ask_passphrase import is_you
from storage.feed import drafts
from storage.ops.text import many
from storage.records import Point

RECIPIENT, FILE, PLACE = "recipient", "file", "write-practice"
ORDER_WORDS = {
    "criterion": "by criterion",
    "asked": "by how often it was asked for",
    "latest": "the latest first",
}
TITLE_LENGTH = 60
"""Characters of a practice in the title of a dialog."""


class PracticePage(PanelListPage[PracticeLine]):
    """Lists the practice of all inspections kept here, and shows the one under the cursor."""

    PAGE = "practice"
    CSS = """
    PracticePage #side { height: 9; }
    PracticePage #sheet { height: 1fr; }
    PracticePage #consent { display: none; }
    PracticePage.-wide #consent { display: block; height: 8; }
    """
    EMPTY = "No notable practice yet."
    EMPTY_KEYS = (("v", "also what may not be passed on"),)
    EMPTY_FACT = (
        "A practice may be passed on once its words were agreed in a debrief and the force has "
        "consented."
    )

    def __init__(self) -> None:
        super().__init__()
        self._wanted = WantedPractice(every=True)
        self._words: Methodology | None = None

    def side(self) -> Iterable[Widget]:
        """Yield the sheet of the practice under the cursor, and the consent of its force."""
        yield Panel(id="sheet")
        yield Panel("May it be passed on?", id="consent")

    async def load(self) -> None:
        """Read the collection."""
        self._words = await self.vault.read(methodology_of, self.inspection_id)
        self.show(await self.tried(self.vault.read(collection, self._wanted)) or [])

    # --- drawing ---

    def _figure(self) -> Content:
        ready = sum(not one.lacks for one in self._lines)
        return muted(f"{ready} of {len(self._lines)} may leave")

    def _above(self, entry: PracticeLine, before: PracticeLine | None) -> Content | None:
        if self._wanted.order != "criterion":
            return None
        if before is not None and before.criterion_label == entry.criterion_label:
            return None
        return muted(f" {entry.criterion_label or 'Not under a single criterion'}")

    def _row(self, entry: PracticeLine, width: int, *, chosen: bool) -> Content:
        mark = sign("notable practice") if not entry.lacks else sign("thin")
        asked = muted(f"asked {entry.asked}×" if entry.asked else "")
        room = max(width - len(asked.plain) - 4, 8)
        texts = wrapped(entry.wording, room) if chosen else [cut(plain(entry.wording), room)]
        first = between(Content.assemble(" ", mark, " ", texts[0]), asked, width)
        return lines(first, [one.pad_left(3) for one in texts[1:]])

    def _draw(self) -> None:
        super()._draw()
        area = self._words.criterion(self._wanted.criterion) if self._words else None
        parts = (
            "" if self._wanted.every else "only what may leave",
            area.label if self._wanted.criterion and area else "",
            self._wanted.type,
            ORDER_WORDS[self._wanted.order],
        )
        self.listed.edges(legend=muted(" · ".join(filter(None, parts))))

    def _draw_side(self, entry: PracticeLine | None) -> None:
        sheet, consent = self.query_one("#sheet", Panel), self.query_one("#consent", Panel)
        if entry is None:
            sheet.show("", title="")
            consent.show("")
            return
        sheet.show(
            lambda width: lines([] if self.wide else _lacks(entry, width), _sheet(entry, width)),
            title=entry.force_words,
        )
        consent.show(lambda width: lines(_consent(entry, width)))

    def _subject(self, one: PracticeLine) -> Named:
        return Point.KIND, one.point_id, line(one.wording, TITLE_LENGTH)

    # --- looking ---

    @on(OptionList.OptionSelected)
    async def action_open(self) -> None:
        """Show a practice with all that belongs to it."""
        entry = self.current
        if entry is not None:
            width = self.app.size.width * 9 // 10 - 6
            rows = [strong(one) for one in wrapped(entry.wording, width)]
            rows += [*_sheet(entry, width), Content(""), *_consent(entry, width)]
            await self.app.push_screen(Tell(entry.force_words, Content("\n").join(rows)))

    async def action_view(self) -> None:
        """Show only what may be passed on, or all."""
        self._wanted = replace(self._wanted, every=not self._wanted.every)
        await self.load()

    async def action_sort(self) -> None:
        """Sort by criterion, by how often it was asked for, or by when it was made."""
        order = ORDERS[(ORDERS.index(self._wanted.order) + 1) % len(ORDERS)]
        self._wanted = replace(self._wanted, order=order)
        await self.load()

    @work
    async def action_criterion(self) -> None:
        """Choose the criterion that the list is narrowed down to."""
        if self._words is not None:
            areas = [Choice(one.key, one.label) for one in self._words.areas]
            chosen = await self._chosen_of("criterion", areas, self._wanted.criterion)
            self._wanted = replace(self._wanted, criterion=chosen)
            await self.load()

    @work
    async def action_case_type(self) -> None:
        """Choose the type of case that the list is narrowed down to."""
        if self._words is not None:
            types = [Choice(one.label, one.label) for one in self._words.case_types]
            chosen = await self._chosen_of("type of case", types, self._wanted.type)
            self._wanted = replace(self._wanted, type=chosen)
            await self.load()

    async def _chosen_of(self, what: str, choices: Sequence[Choice], before: str) -> str:
        """Ask for one of several, or for every one; what was chosen before where nothing is."""
        asked = Pick(f"Which {what}?", [Choice("", f"every {what}"), *choices], before)
        chosen: str | None = await self.app.push_screen_wait(asked)
        return before if chosen is None else chosen

    # --- writing ---

    @work
    async def action_edit(self) -> None:
        """Write down what others need to learn from it."""
        entry = self.current
        if entry is None:
            return
        fields = [
            Field("problem", "The problem", entry.problem, "what was wrong before"),
            Field("how", "How it was done", entry.how, "so that somebody else could do it"),
            Field("works", "It works", entry.works, "what shows that it works"),
            Field("ask_whom", "Whom to ask", entry.ask_whom, "by role, e.g. head of the hub"),
        ]
        await fill(
            self.fieldkit,
            line(entry.wording, TITLE_LENGTH),
            f"practice/{entry.point_id}",
            fields,
            lambda s, answer: write_sheet(s, entry.point_id, **answer),
        )
        await self.load()

    @work
    async def action_consent(self) -> None:
        """Record what the force says of passing it on."""
        entry = self.current
        if entry is None:
            return
        choices = [Choice(one, one) for one in CONSENTS]
        asked = Pick("What does the force say?", choices, entry.consent.consent or CONSENTS[0])
        consent = await self.app.push_screen_wait(asked)
        if consent is None:
            return
        # What would be refused is refused before the form, which takes a while to fill in.
        asking = self.vault.read(_not_refused, entry.point_id, consent)
        if not await self.tried(asking):
            return
        fields = [
            Field("given_by", "Who said so", "", "by role, e.g. chief constable"),
            Field("on", "Day", hint="empty for today; e.g. 24/1"),
            Field("remark", "In words", hint="where there is more to say"),
        ]
        done = await fill(
            self.fieldkit,
            f"The force says: {consent}",
            f"practice-consent/{entry.point_id}",
            fields,
            lambda s, answer: record_consent(s, entry.point_id, consent, **answer),
            about=line(entry.wording, 200),
        )
        if done is not None:
            self.fieldkit.say(f"On record: {consent}, {day_words(done.given_on)}.")
        await self.load()

    @work
    async def action_asked(self) -> None:
        """Record that somebody asked for it."""
        entry = self.current
        if entry is None:
            return
        fields = [
            Field("asked_by", "Who asked", "", "which force, or who, by role"),
            Field("on", "Day", hint="empty for today; e.g. 24/1"),
            Field("remark", "In words", hint="where there is more to say"),
        ]
        await fill(
            self.fieldkit,
            "Somebody asked for it",
            f"practice-request/{entry.point_id}",
            fields,
            lambda s, answer: record_request(s, entry.point_id, **answer),
            about=line(entry.wording, 200),
        )
        await self.load()

    @work
    async def action_write(self) -> None:
        """Write a sheet of each practice that is listed and may leave, for a learning event."""
        wanted = replace(self._wanted, every=False)
        first = await self.tried(self.vault.read(prepare_sheets, wanted))
        if first is None:
            return
        for inspection in first.texts:

            def texts(s: Session, inspection: str = inspection) -> Sequence[LeavingText]:
                return prepare_sheets(s, wanted).texts.get(inspection, ())

            if not await settle(self.fieldkit, inspection, texts):
                return
        folder = await remembered(self.vault, "practice") or downloads()
        fields = [
            Field(RECIPIENT, "For whom, by role", "; ".join(first.recipients)),
            Field(
                FILE,
                "File",
                str(folder / f"notable practice {today()}.docx"),
                hint="ends in .docx or .md",
            ),
        ]
        kept = await waiting(self.fieldkit, PLACE)
        about = f"{many(len(first.practices), 'sheet')}. It is not encrypted, and is on record."
        answer = await self.app.push_screen_wait(
            Form("Sheets for a learning event", PLACE, fields, kept, None, about)
        )
        if answer is None or not await is_you(self.fieldkit, "hand over"):
            return
        path = typed(answer[FILE]).absolute()
        given = await self.tried(
            asyncio.to_thread(give_sheets, self.vault, path, wanted, (), answer[RECIPIENT])
        )
        if given is None:
            return
        for field in (RECIPIENT, FILE):
            self.fieldkit.typing.forget(PLACE, field)
            await self.vault.write(drafts.committed, PLACE, field)
        await remember(self.vault, "practice", path.parent)
        await self.fieldkit.refresh_frame()
        self.fieldkit.say(f"Written: {path.name}, {many(given.practices, 'sheet')}.")


def _sheet(entry: PracticeLine, width: int) -> list[Content]:
    """Return what others need to learn from a practice, each part with its name."""
    say = words()["sheet"]
    seen = say["seen"].format(evidence=entry.evidence) if entry.evidence else ""
    rows: list[Content] = []
    for label, text in (
        (say["problem"], entry.problem),
        (say["how"], entry.how),
        (say["works"], " ".join(filter(None, (entry.works, seen)))),
        (say["ask"], entry.ask_whom),
        ("Cases", ", ".join(entry.types)),
    ):
        told = text.strip() or "not written down yet"
        style = "" if text.strip() else "dim"
        parts = wrapped(plain(f"{label}: {told}", style), width)
        rows += parts
    return rows


def _not_refused(s: Session, point_id: str, consent: str) -> bool:
    refuse_words_not_agreed(s, point_id, consent)
    return True


def _consent(entry: PracticeLine, width: int) -> list[Content]:
    """Return what the force says, why it may not be passed on, and who asked for it."""
    said = entry.consent
    by = f", {day_words(said.given_on)}, {said.given_by}" if said.consent else ""
    rows = wrapped(f"The force says: {said.consent or 'not asked yet'}{by}", width)
    if said.remark:
        rows += wrapped(muted(plain(said.remark)), width)
    rows += _lacks(entry, width)
    if entry.asked:
        times = "once" if entry.asked == 1 else many(entry.asked, "time")
        asked = f"Asked for {times}: {', '.join(entry.asked_by)}"
        rows += wrapped(muted(plain(asked)), width)
    return rows


def _lacks(entry: PracticeLine, width: int) -> list[Content]:
    """Return why a practice may not be passed on; nothing where it may."""
    told = (Content.assemble(sign("thin"), f" Not yet: {one}.") for one in entry.lacks)
    return [row for one in told for row in wrapped(one, width)]
