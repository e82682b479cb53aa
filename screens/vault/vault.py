"""The vault itself: where it lies, what opens it, its backups and checks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from textual import work
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.vault import backups
from fieldkit.vault.backups import Upkeep
from fieldkit.wording.dates import short_moment
from screens.kit import folder_picker
from screens.kit.dialogs import Tell
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Page
from screens.kit.progress import with_bar
from screens.kit.text import facts, plain
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
LISTED = 6
"""Backups named on the page; the command line names all."""


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
    DEFAULT_CSS = """
    VaultPage #facts { padding: 1 2 0 2; height: auto; }
    VaultPage #list { padding: 1 2 0 2; height: 1fr; }
    VaultPage #hint { padding: 0 2; height: auto; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._place: Path | None = None

    def body(self) -> Iterable[Widget]:
        """Yield the facts, the backups there are, and the keys."""
        yield Static("Vault", id="title", markup=False)
        yield Static("", id="facts", markup=False)
        with VerticalScroll(id="list"):
            yield Static("", id="backups", markup=False)
        yield Static(
            "b  back up now     c  check now     f  another folder for backups\n"
            "p  change the passphrase     n  new recovery code",
            id="hint",
            markup=False,
        )

    async def load(self) -> None:
        """Read what the page shows."""
        vault = self.vault
        state = await asyncio.to_thread(_look, vault, self._place)
        opened = ", ".join(NAMES[one.type] for one in vault.keys.slots)
        cost = next((one.params for one in vault.keys.slots if isinstance(one, WordSlot)), None)
        last = state.kept.backup
        rows = [
            ("Folder", str(vault.folder)),
            ("Size", f"{size(state.size)}, encrypted"),
            ("Opened by", opened + (f" ({size(cost.m_kib * 1024)} a guess)" if cost else "")),
            ("Last backup", backups.backup_line(last) or "none yet: press b"),
            ("Last check", backups.check_line(state.kept)),
            ("Backups go to", str(state.place)),
            ("Fingerprint", state.words),
        ]
        self.set_text("#facts", facts(rows))
        self.set_text("#backups", _listed(state))

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


def _listed(state: State) -> Content:
    """Return the backups in the place where the next one goes."""
    if not state.found:
        return plain("No backup of this vault lies there yet.\n\n" + ABOUT)
    lines = [Content.styled(f"{many(len(state.found), 'backup')} there", "bold")]
    lines += [
        plain(f"  {short_moment(one.at)}   {size(one.size):>9}   {one.path.name}")
        for one in state.found[:LISTED]
    ]
    return Content("\n").join([*lines, plain(""), plain(ABOUT)])


ABOUT = (
    "A backup is read back before it counts; the last three are kept. It opens with the passphrase "
    "of its time. Keep one on another disk: the vault and what lies beside it are lost together. "
    "To use one, lock (ctrl+l) and press ctrl+o where the passphrase is asked for."
)
