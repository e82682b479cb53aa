"""The vault itself: where it lies, what opens it, its backups and checks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import work
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from fieldkit.vault import backups
from fieldkit.vault.backups import Upkeep
from fieldkit.wording.dates import short_moment
from screens.kit import folder_picker
from screens.kit.dialogs import Tell
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, lines, muted, strong, wrapped
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import sign
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Page
from screens.kit.progress import with_bar
from screens.vault.credentials import change_passphrase, renew_code
from storage.crypto.keyslots.slot import WordSlot
from storage.errors import FieldkitError
from storage.ops.text import many, size
from storage.progress import Progress, labelled
from storage.vault.backup.generations import Backup, backups_in, default_place
from storage.vault.backup.make import back_up
from storage.vault.check import check_vault
from storage.vault.folder import DATABASE
from storage.vault.vault import Vault

NAMES = {"passphrase": "a passphrase", "recovery": "the recovery code", "age": "the organisation"}
LISTED = 12
"""Backups named on the page; the command line names all."""
NAME = 13
"""Columns of the names of the facts."""


@dataclass(frozen=True)
class State:
    """Holds what the page shows.

    Attributes:
        size: of the database, in bytes.
        kept: the last backup and the last check.
        place: where the next backup goes.
        found: the backups that lie there.
        words: of this laptop's keys, as central shows them.
    """

    size: int
    kept: Upkeep
    place: Path
    found: tuple[Backup, ...]
    words: str


def _look(vault: Vault, place: Path | None) -> State:
    log = backups.upkeep_of(vault.facts_now())
    chosen = place or backups.next_place(log.backup, default_place(vault.folder))
    return State(
        size=(vault.folder / DATABASE).stat().st_size,
        kept=log,
        place=chosen,
        found=tuple(backups_in(chosen, vault.keys.vault_id)),
        words=vault.identity.fingerprint,
    )


class VaultPage(Page):
    """Shows where the vault lies, what opens it and its backups, and makes and checks them."""

    PAGE = "vault"
    CSS_PATH = "vault.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-roomy")]

    def __init__(self) -> None:
        super().__init__()
        self._place: Path | None = None
        self._state: State | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the facts, and the backups there are."""
        with Container(id="columns"):
            yield Panel("Vault", id="facts")
            yield ScrollPanel("Backups", id="backups")

    async def load(self) -> None:
        """Read what the page shows."""
        self._state = await asyncio.to_thread(_look, self.vault, self._place)
        self._draw()
        self.query_one(ScrollPanel).focus()

    def _draw(self) -> None:
        state = self._state
        if state is None:
            return
        vault = self.vault
        opened = ", ".join(NAMES[one.type] for one in vault.keys.slots)
        cost = next((one.params for one in vault.keys.slots if isinstance(one, WordSlot)), None)
        last = state.kept.backup
        rows = [
            ("Folder", str(vault.folder)),
            ("Size", f"{size(state.size)}, encrypted"),
            ("Opened by", opened + (f" ({size(cost.m_kib * 1024)} a guess)" if cost else "")),
            ("Last backup", backups.backup_line(last) or "none yet: press b"),
            ("Last check", backups.check_line(state.kept)),
            ("Fingerprint", state.words),
        ]
        self.query_one("#facts", Panel).show(lambda width: _facts(rows, width))
        number = many(len(state.found), "backup") + " there" if state.found else "none there"
        self.query_one(ScrollPanel).show(lambda width: _listed(state, width), figure=number)

    @work(group=BACKGROUND)
    async def action_backup(self) -> None:
        """Make a backup now, behind a bar."""
        await self.fieldkit.typing.save()
        vault, place = self.vault, self._place

        def job(progress: Progress) -> str:
            where = place or _look(vault, None).place
            backup = back_up(vault, where, labelled(progress, "Copying and reading back"))
            return backups.backup_text(backup)

        await self._done("Backup", job)

    @work(group=BACKGROUND)
    async def action_check(self) -> None:
        """Check the vault wholly, behind a bar."""
        await self.fieldkit.typing.save()
        vault = self.vault

        def job(progress: Progress) -> str:
            return backups.check_text(check_vault(vault, progress))

        await self._done("Check", job)

    async def _done(self, title: str, job: Callable[[Progress], str]) -> None:
        app = self.fieldkit
        try:
            result = await with_bar(app, job, title=title, may_leave=True)
        except FieldkitError as refusal:
            if app.unlocked:
                app.say(str(refusal), error=True)
            return
        if app.screen is self:
            await self.load()
            await app.push_screen(Tell(title, result))
        elif app.unlocked:
            app.say(result.splitlines()[0])

    @work
    async def action_passphrase(self) -> None:
        """Change the passphrase."""
        if await change_passphrase(self.fieldkit):
            await self.load()

    @work
    async def action_code(self) -> None:
        """Make a new recovery code."""
        await renew_code(self.fieldkit)

    @work
    async def action_folder(self) -> None:
        """Choose where backups go."""
        usual = default_place(self.vault.folder)
        folder = await folder_picker.choose(
            self.fieldkit,
            "Where do backups go?",
            [self._place, usual, *folder_picker.sticks()],
            usual,
            beside_vault=usual,
        )
        if folder is not None:
            self._place = folder
            await self.load()


def _facts(rows: Sequence[tuple[str, str]], width: int) -> Content:
    """Return each fact in lines under itself, beside its grey name."""
    shown = []
    for name, text in rows:
        first, *more = wrapped(text, max(width - NAME, 1)) or [Content("")]
        shown.append(Content.assemble(muted(f"{name:<{NAME}}"), first))
        shown += [one.pad_left(NAME) for one in more]
    return lines(shown)


def _listed(state: State, width: int) -> Content:
    """Return the backups in the place where the next one goes, the latest first."""
    rows = wrapped(f"They go to {state.place}", width)
    rows = [muted(one) for one in rows] + [Content("")]
    for one in state.found[:LISTED]:
        words = Content.assemble(sign("done"), " ", strong(short_moment(one.at)))
        rows.append(between(words, muted(size(one.size)), width))
    if not state.found:
        rows.append(strong("No backup of this vault lies there yet."))
    return lines(rows, "", [muted(one) for one in wrapped(ABOUT, width)])


ABOUT = (
    "A backup is read back before it counts; the last three are kept. It opens with the passphrase "
    "of its time. Keep one on another disk: the vault and what lies beside it are lost together. "
    "To use one, lock (^l) and press ^o where the passphrase is asked for."
)
