"""Unlocking: the first page, with few widgets; the store is imported while a person types."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterable

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from screens.kit.drawing.keys import key
from screens.kit.drawing.signs import sign
from screens.kit.keyboard import BACKGROUND
from screens.kit.shell import Shell
from screens.kit.text import plain, texts
from screens.vault.begin.door import DoorPage
from screens.vault.passphrase_input import PassphraseInput
from storage.errors import FieldkitError
from storage.vault.folder import exists

READ_AHEAD = (
    "screens.inspections.home_panels",
    "screens.vault.after_unlock",
    "fieldkit.feedback.today",
    "fieldkit.followup.dates.milestones",
    "screens.inspections.home_later",
    "storage.vault.unlock",
    "storage.vault.vault",
    "fieldkit.inspections.home",
    "fieldkit.inspections.inspections",
    "screens.inspections.home",
)
"""Imported by a thread while the passphrase is typed."""


class UnlockPage(DoorPage):
    """Asks for the passphrase, or for the recovery code."""

    PAGE = "unlock"

    def __init__(self) -> None:
        super().__init__()
        self._recovery = False
        self._busy = False
        self._asked = ""
        """What is tried when the wait is over, because enter was pressed during it."""
        self._imports: Worker[None] | None = None

    def body(self) -> Iterable[Widget]:
        """Yield a question, a field, what came of it, and how long to wait after wrong tries."""
        with Vertical(id="door"):
            yield Static(Content.assemble(sign("cursor"), " ", ("fieldkit", "bold")), id="name")
            yield PassphraseInput(password=True, id="passphrase", select_on_focus=False)
            yield from texts("said", "wait", "what")

    def on_mount(self) -> None:
        """Start in the field and import the store meanwhile, once the first frame is out."""
        self._ask()
        # It stands in the first lines of any window, where the question stood before the page.
        self.query_one(PassphraseInput).focus(scroll_visible=False)
        self._say_before()
        self.call_after_refresh(self._start_imports)
        self.set_interval(1, self.count_down)
        self.count_down()

    def _say_before(self) -> None:
        """Say what there is to say before anything was tried."""
        said = [gone(self.fieldkit), *self.fieldkit.notices]
        self.set_text("#said", "\n\n".join(filter(None, said)))

    def _ask(self) -> None:
        """Say what is asked for, which vault it is of, and what to do without it."""
        asked = "Recovery code (seven groups of five)" if self._recovery else "Passphrase"
        self.query_one(PassphraseInput).border_title = Content(f" {asked} ")
        other = "with the passphrase" if self._recovery else "with the recovery code"
        forgotten = "Not at hand?" if self._recovery else "Forgotten?"
        self.set_text(
            "#what",
            Content("\n").join(
                [
                    plain(f"Vault  {self.fieldkit.folder}", "$text-muted"),
                    Content.assemble((f"{forgotten} ", "$text-muted"), key("^r"), f" {other}"),
                ]
            ),
        )

    def _start_imports(self) -> Worker[None]:
        """Import the store on a thread, once: two threads importing it may block each other."""
        worker: Worker[None] = self._imports or self._read_ahead()
        self._imports = worker
        return worker

    @work(thread=True, group=BACKGROUND)
    def _read_ahead(self) -> None:
        for name in READ_AHEAD:
            importlib.import_module(name)
        importlib.import_module("fieldkit.vault.preload").preload()
        if not self._busy:
            importlib.import_module("fieldkit.inspections.rehearsal").rehearse(lambda: self._busy)

    def count_down(self) -> None:
        """Say how long the wait still is, and try at its end what enter was pressed for."""
        delay = self.fieldkit.unlock_delay
        asked = bool(self._asked) and self._asked == self.query_one(PassphraseInput).value
        if asked and not delay.seconds_left:
            self.action_unlock()
        self.set_text("#wait", delay.not_tried if asked else delay.sentence)

    def action_recovery(self) -> None:
        """Turn between passphrase and recovery code."""
        self._recovery = not self._recovery
        self._ask()
        field = self.query_one(PassphraseInput)
        field.password = not self._recovery
        field.value = ""
        field.focus()

    @work
    async def action_restore(self) -> None:
        """Restore a backup; the vault that lies here is set aside."""
        if not self._busy:
            await self._start_imports().wait()
            from screens.vault.begin.restore import restore_backup

            await restore_backup(self.fieldkit)

    @work
    async def action_unlock(self) -> None:
        """Try what was typed; during a wait after wrong tries it is tried when that is over."""
        field = self.query_one(PassphraseInput)
        typed, recovery = field.value, self._recovery
        if self._busy:
            return
        if not typed:
            self._say_before()
            return
        if self.fieldkit.unlock_delay.seconds_left:
            # What was said of the try before would be taken for the answer to this one.
            self._asked = typed
            self._say_before()
            self.count_down()
            return
        self._busy, self._asked = True, ""
        self.set_text("#said", "Unlocking …")
        try:
            await self._start_imports().wait()
            await self._open(typed, recovery=recovery)
        except (FieldkitError, OSError) as refusal:
            self._refused(refusal, typed, recovery)
            return
        finally:
            self._busy = False
        field.value = ""

    async def _open(self, typed: str, *, recovery: bool) -> None:
        """Open the vault with what was typed; raises the refusal's own sentence."""
        # Imported late: the unlock page imports no store.
        from storage.vault.unlock import open_vault, open_with_recovery

        opener = open_with_recovery if recovery else open_vault
        self.fieldkit.opening = True
        try:
            vault = await asyncio.to_thread(opener, self.fieldkit.folder, typed, self._progress)
        except BaseException:
            self.fieldkit.opening = False
            raise
        # In the app's own time: a page cannot await its own removal.
        self.fieldkit.call_later(self.fieldkit.entered, vault)

    def _progress(self, what: str, done: int, total: int) -> None:
        """Say, from another thread, how far an earlier vault is brought up to date."""
        self.app.call_from_thread(
            self.set_text, "#said", f"{what}: {100 * done // max(total, 1)} %"
        )

    def _refused(self, refusal: FieldkitError | OSError, typed: str, recovery: bool) -> None:
        from storage.crypto.keyslots.errors import WrongPassphrase, WrongRecoveryCode

        if isinstance(refusal, WrongPassphrase | WrongRecoveryCode):
            self.fieldkit.unlock_delay.count_wrong()
        self.set_text("#said", gone(self.fieldkit) or str(refusal))
        self.count_down()
        field = self.query_one(PassphraseInput)
        # A code with one slip in it is mended, not typed anew; what is hidden cannot be, nor what
        # was right but met another obstacle.
        if not recovery and isinstance(refusal, WrongPassphrase):
            field.value = field.value.removeprefix(typed)
        field.focus()


def gone(app: Shell) -> str:
    """Return that the folder of the open vault is not there any more; empty where it is."""
    try:
        there = exists(app.folder)
    except (FieldkitError, OSError):
        there = False
    if there or not app.had_vault:
        return ""
    from fieldkit.vault.restoring import cut_short  # late: the first frame does not need it

    if set_aside := cut_short(app.folder):
        return set_aside
    return (
        f"The vault that was open is not in {app.folder} any more: its folder was moved, or its "
        "disk is not connected. What was saved is in that folder, wherever it is now; no new "
        "vault is made here. Connect it or move it back, type the passphrase and press enter."
    )
