"""Tonight's bundle: what will leave, to whom, where to; and what left, after it was read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session
from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.exchange.export import export_text
from fieldkit.wording.dates import day_words, local_day, short_moment
from fieldkit.wording.labels import of_kind
from screens.kit import folder_picker
from screens.kit.dialogs import Confirm
from screens.kit.page import Page
from screens.kit.progress import with_bar
from screens.kit.text import facts, plain
from screens.vault.ask_passphrase import is_you
from storage.exchange.export import ExportSummary, export
from storage.history.delivery import covered, unsent
from storage.progress import Progress
from storage.records.log import disclosures
from storage.trust.current import roster_in
from storage.vault.vault import Vault

PURPOSE = "export"
WRITING = "Writing the bundle, then reading it back"
NOT_YET = (
    "This laptop is not enrolled yet, so nothing can leave it. Leave fieldkit with ctrl+q and run: "
    "fieldkit enrol request --to FILE"
)
NOT_ENROLLED = """\
This laptop is not enrolled yet, so there is nobody to export to. Everything
is kept here; nothing is lost by waiting.

To get enrolled, leave fieldkit (ctrl+q) and, on the command line:

  1.  fieldkit enrol request --to FILE
      writes this laptop's public keys. Give the file to central's
      administrator and read them the fingerprint that it prints, in
      person or by telephone.

  2.  fieldkit enrol ROSTER
      takes in the roster that comes back, after you compared its
      fingerprint.

Then come back to this page."""


@dataclass(frozen=True)
class Outlook:
    """Holds what would leave now.

    Attributes:
        org: whose central it goes to; empty before enrolment.
        expires: when the roster's time is over.
        unsent: how many records of each kind have not left yet, keys apart.
        keys: the same of force references and what else stays here without the key.
        again: something left that central has not confirmed; it goes again.
        last: when a bundle last left, and its name.
    """

    org: str
    expires: str
    unsent: Mapping[str, int]
    keys: Mapping[str, int]
    again: bool
    last: str


def _look(session: Session, device: str) -> Outlook:
    connection = session.connection()
    roster = roster_in(connection)
    without = unsent(connection, device=device)
    whole = unsent(connection, device=device, with_key=True)
    disclosed = disclosures(session)
    sent, arrived = covered(connection)
    return Outlook(
        org=roster.org if roster else "",
        expires=roster.expires if roster else "",
        unsent=without,
        keys={kind: n for kind, n in whole.items() if kind not in without},
        again=any(seq > arrived.get(feed, 0) for feed, seq in sent.items()),
        last=f"{short_moment(disclosed[-1].at)}, {disclosed[-1].what}" if disclosed else "",
    )


class ExportPage(Page):
    """Writes the bundle for central."""

    PAGE = "export"
    CSS_PATH = "export.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._outlook: Outlook | None = None
        self._folder: Path | None = None
        self._gone = ""
        self._with_key = False
        self._left: ExportSummary | None = None

    def body(self) -> Iterable[Widget]:
        """Lay out to whom and where it goes, what will leave or has left, and the keys."""
        yield Static("Export", id="title", markup=False)
        yield Static("", id="facts", markup=False)
        with VerticalScroll(id="counts"):
            yield Static("", id="what", markup=False)
        yield Static("", id="hint", markup=False)

    async def load(self) -> None:
        """Read what would leave."""
        if self._folder is None:
            begin = await folder_picker.to_begin_with(self.vault, PURPOSE)
            if self._folder is None:  # else one was chosen in the meantime
                self._folder, self._gone = begin.folder, begin.said
        self._outlook = await self.vault.read(_look, self.vault.identity.device)
        self._draw()

    def _draw(self) -> None:
        now = self._outlook
        assert now is not None
        known, content = self.query_one("#facts", Static), self.query_one("#what", Static)
        known.display = bool(now.org)
        if not now.org:
            content.update(NOT_ENROLLED)
            self.set_text("#hint", "esc  back     ctrl+q  leave fieldkit")
            return
        key = (
            "YES: force references and the key to the children leave too"
            if self._with_key
            else "no: force references and the key to the children stay here"
        )
        expires = f"; roster to {day_words(local_day(now.expires))}" if now.expires else ""
        rows = [
            ("To", f"central of {now.org}{expires}"),
            *folder_picker.rows(self._folder),
            ("With the key", key),
            ("Left before", now.last or "nothing yet"),
        ]
        known.update(facts(rows))
        will = self._will_leave(now)
        if self._gone:
            will = Content("\n").join([plain(f"! {self._gone}", "bold"), will])
        content.update(plain(export_text(self._left)) if self._left else will)
        hint = "enter  write the bundle     k  with or without the key     f  another folder"
        if self._left:
            hint = "esc  back     The receipt comes back with: fieldkit receipt FILE"
        self.set_text("#hint", hint)

    def _will_leave(self, now: Outlook) -> Content:
        counts = {**now.unsent, **(now.keys if self._with_key else {})}
        lines = [Content.styled("What will leave, encrypted for central alone", "bold")]
        lines += [Content(f"  {_counted(kind, n)}") for kind, n in counts.items()]
        if not counts:
            lines.append(Content("  Nothing new since the last bundle."))
        if now.again:
            lines.append(Content("  What central has not confirmed yet goes again with it."))
        if now.keys and not self._with_key:
            lines.append(Content.styled("Stays here", "bold"))
            lines += [
                Content.styled(f"  {_counted(kind, n)}", "dim") for kind, n in now.keys.items()
            ]
        return Content("\n").join(lines)

    def _enrolled(self) -> bool:
        """Say whether there is a central to export to; where there is none, tell what to do."""
        if self._outlook is not None and not self._outlook.org:
            self.fieldkit.say(NOT_YET, error=True)
        return bool(self._outlook and self._outlook.org)

    @work
    async def action_with_key(self) -> None:
        """Turn between with and without the key; with it only after a yes."""
        if not self._enrolled():
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
        if self._enrolled():
            await self._choose()

    async def _choose(self) -> None:
        offered = [self._folder, *folder_picker.sticks(), folder_picker.downloads()]
        folder = await folder_picker.choose(
            self.fieldkit, "Where does the bundle go?", offered, self._folder
        )
        if folder is not None:
            self._folder, self._left, self._gone = folder, None, ""
            self._draw()

    @work
    async def action_export(self) -> None:
        """Write the bundle, read it back, and show what left."""
        if not self._enrolled():
            return
        if self._folder is None:
            await self._choose()
            return
        if self._left:
            self.fieldkit.say("The bundle is written. esc goes back; f writes to another folder.")
            return
        if self._with_key and not await is_you(self.fieldkit, "export with key"):
            return
        await self.fieldkit.typing.save()
        await folder_picker.remember(self.vault, PURPOSE, self._folder)
        job = _writing(self.vault, self._folder, with_key=self._with_key)
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


def _counted(kind: str, n: int) -> str:
    number, _, noun = of_kind(n, kind).partition(" ")
    return f"{number:>6}  {noun}"
