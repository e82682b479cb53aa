"""The app: its vault, the page on top, the keys that work everywhere, and locking."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.screen import Screen

from fieldkit.vault.unlock_delay import Patience
from screens import pages
from screens.kit.commands import bindings, registry
from screens.kit.draft_fields import saved
from screens.kit.frame import FrameFacts, LastLine, TopLine
from screens.kit.keys import BACKGROUND, Keys
from screens.kit.page import Page
from screens.kit.shell import Guarded
from screens.kit.text import clean
from screens.vault import start
from screens.vault.lock import IDLE_SECONDS, LOOKS_EVERY, Stillness, close
from storage.errors import FieldkitError
from storage.progress import Progress, silent

if TYPE_CHECKING:
    from screens.kit.draft_fields import Typing
    from screens.vault.terminal_watch import TerminalWatch
    from storage.vault.vault import Vault


class FieldkitApp(Guarded):
    """fieldkit in a terminal.

    Args:
        folder: the vault's folder.
        inspection: the inspection to open after unlocking, where it is known.
        vault: a vault that is unlocked already (practice and tests).
        idle: seconds of idleness before locking, at most 900.
        tour: show the short tour of the practice inspection.
    """

    CSS_PATH = Path(__file__).with_name("app.tcss")
    TITLE = "fieldkit"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[Any]] = [one for one in bindings("global") if one.key != "ctrl+p"]

    def __init__(
        self,
        folder: Path,
        *,
        inspection: str = "",
        vault: Vault | None = None,
        idle: int = IDLE_SECONDS,
        tour: str = "",
    ) -> None:
        super().__init__()
        self.folder = folder
        self.inspection_id = inspection
        self.keys = Keys(self, super().on_event)
        self.asking = 0
        self.facts = FrameFacts()
        self.patience = Patience()
        self.stillness = Stillness(idle)
        self._vault = vault
        self.had_vault = vault is not None
        """Whether a vault was open since the start: where its folder is gone, none is made anew."""
        self._tour = tour
        self._closing = self._left_once = False
        self._placed = False
        self._terminal: TerminalWatch | None = None
        self.animation_level = "none"

    @cached_property
    def typing(self) -> Typing:
        """What is typed and not kept yet; its text areas are not imported before they are used."""
        from screens.kit.draft_fields import Typing

        return Typing(self)

    @property
    def unlocked(self) -> bool:
        """Whether there is a vault to work with."""
        return self._vault is not None

    @property
    def vault(self) -> Vault:
        """The unlocked vault; raises a sentence where it is locked."""
        if self._vault is None:
            raise FieldkitError("The vault is locked. What was typed is kept. Unlock it first.")
        return self._vault

    async def on_mount(self) -> None:
        """Open the first page."""
        self.theme = "textual-dark"
        self.set_interval(LOOKS_EVERY, self.look_at_clocks)
        if not self.is_headless:
            from screens.vault.terminal_watch import TerminalWatch

            self._terminal = TerminalWatch(self)
            self._terminal.start()
        if self._vault is not None:
            await self.entered(self._vault)
        else:
            await start.door(self)

    async def unlock(self, typed: str, *, recovery: bool, progress: Progress = silent) -> None:
        """Open the vault with what was typed; raises the refusal's own sentence.

        ``progress`` hears, on another thread, how a vault of an earlier fieldkit is brought up to
        date.
        """
        from storage.vault.unlock import open_vault, open_with_recovery

        opener = open_with_recovery if recovery else open_vault
        vault = await asyncio.to_thread(opener, self.folder, typed, progress)
        # In the app's own time: the page that asked cannot await its own removal.
        self.call_later(self.entered, vault)

    def hold(self, vault: Vault) -> None:
        """Take charge of a vault that has just been made: from now on it locks as any other."""
        self._vault = vault
        self.had_vault = True

    async def entered(self, vault: Vault) -> None:
        """The vault is unlocked: go to the inspection that is open, or to the list of them."""
        self.hold(vault)
        self.patience.forget()
        self.stillness.touch()
        await start.arrive(self, vault)
        self._tell_after_unlocking(vault)
        if self._tour:
            from screens.kit.dialogs import Tell

            tour, self._tour = self._tour, ""
            await self.push_screen(Tell("A practice inspection", tour))

    @work(group=BACKGROUND)
    async def _tell_after_unlocking(self, vault: Vault) -> None:
        from screens.vault.after_unlock import tell

        first, self._placed = not self._placed, True
        await tell(self, vault, first=first)

    def open_inspection(self, inspection: str) -> None:
        """Turn to an inspection; in the app's own time, for a page cannot await its own removal."""
        self.inspection_id = inspection
        self.call_later(self._to_home)

    async def _to_home(self) -> None:
        await self.close_pages()
        await self.go("home")

    async def close_pages(self) -> None:
        """Close every page and dialog there is."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    async def go(self, page: str, **kwargs: Any) -> None:
        """Open a page on top of this one; what was said of this one does not follow there."""
        self.clear_notifications()
        await self.push_screen(pages.page(page, **kwargs))

    async def refresh_frame(self) -> None:
        """Read anew what the first line says."""
        if self._vault is not None and self.inspection_id:
            from fieldkit.inspections import home

            asked = self.inspection_id
            found = await self._vault.read(home.frame, asked)
            if asked != self.inspection_id:
                return
            self.facts = FrameFacts(found.marking, found.counts, found.force)
        else:
            self.facts = FrameFacts()
        for line in [*self.screen.query(TopLine), *self.screen.query(LastLine)]:
            line.show_facts(self.facts)

    # --- keys that work everywhere ---

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette: this page's commands and those that work everywhere; no Screenshot."""
        names = ["global"]
        if isinstance(screen, Page):
            names.insert(0, screen.PAGE)
        for name in names:
            for one in registry()[name].commands:
                if one.action == "command_palette":
                    continue
                target = self if name == "global" else screen
                yield SystemCommand(
                    f"{one.label}  ({one.key_word})" if one.key else one.label,
                    one.help,
                    lambda action=one.action, target=target: self.call_later(
                        self.run_action, action, default_namespace=target
                    ),
                )

    def action_help(self) -> None:
        """Show the keys of this page."""
        from screens.kit.commands import help_text
        from screens.kit.dialogs import Tell

        if isinstance(self.screen, Page):
            self.push_screen(Tell("Keys", help_text(self.screen.PAGE, self.size.width)))

    @work
    async def action_remark(self) -> None:
        """Note a remark on what is open."""
        from screens.evidence.remark import remark

        if self.unlocked and self.inspection_id and isinstance(self.screen, Page):
            await remark(self, self.screen.subject)

    async def action_search(self) -> None:
        """Search everything noted."""
        if self.unlocked and self.inspection_id and isinstance(self.screen, Page):
            if self.screen.PAGE != "search":
                await self.go("search")

    @work
    async def action_refer(self) -> None:
        """Refer the open case back to the force."""
        from screens.casework.referrals import refer

        if self.unlocked and self.inspection_id and isinstance(self.screen, Page):
            await refer(self, self.screen.subject)

    async def action_undo(self) -> None:
        """Take back this session's last own step and name it."""
        if not self.unlocked or not isinstance(self.screen, Page):
            return
        from fieldkit.history.undo import undo_last

        try:
            self.say(await self.vault.write(undo_last))
        except FieldkitError as refusal:
            self.say(str(refusal), error=True)
            return
        await self.screen.on_screen_resume()

    @work
    async def action_change_passphrase(self) -> None:
        """Change the passphrase."""
        from screens.vault.credentials import change_passphrase

        if self.unlocked and isinstance(self.screen, Page):
            await change_passphrase(self)

    @work
    async def action_renew_code(self) -> None:
        """Make a new recovery code."""
        from screens.vault.credentials import renew_code

        if self.unlocked and isinstance(self.screen, Page):
            await renew_code(self)

    # --- locking ---

    async def action_lock(self) -> None:
        """Save what is being typed, close the vault and clear the screen."""
        if await self._close():
            await start.door(self)

    async def action_leave(self) -> None:
        """Save what is being typed, lock and leave; what cannot be saved holds it up, once."""
        if self.unlocked and not self._left_once and (unsaved := await saved(self)):
            self._left_once = True
            self.say(f"{unsaved} To leave without it, press ctrl+q again.", error=True)
            return
        await self.leave()

    async def leave(self) -> None:
        """Save what can be saved, lock and leave."""
        await self._close()
        self.exit()

    async def _close(self) -> bool:
        if self._vault is None or self._closing:
            return False
        self._closing = True
        try:
            await close(self, self._vault)
        finally:
            self._closing = False
        return True

    def forget_vault(self) -> None:
        """From now on the app has no vault, and nothing in its clipboard."""
        self._vault = None
        self._clipboard = ""

    def lock_from_outside(self) -> None:
        """Save and lock on another thread than the app's own, which does not answer any more."""
        vault, self._vault = self._vault, None
        if vault is not None:
            self.typing.save_blocking(vault)
            vault.lock()

    async def look_at_clocks(self) -> None:
        """Lock when nobody has been there for too long, and after sleep."""
        if self.stillness.due() and self._vault is not None:
            await self.action_lock()

    async def on_event(self, event: Any) -> None:
        """Any key or mouse event counts as activity."""
        from textual import events

        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self.stillness.touch()
        if isinstance(event, events.Paste) and not getattr(self.focused, "password", False):
            # Textual's own fields would draw an escape sequence as it came.
            event.text = clean(event.text.replace("\r\n", "\n").replace("\r", "\n"))
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.keys.put(event)
        else:
            await super().on_event(event)

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Ask by a dialog; while it waits for its answer, no key is held back for its sake.

        What is being typed is saved first: whatever becomes of the dialog, it costs no text.
        """
        if self._vault is not None and (unsaved := await saved(self, settle=False)):
            self.say(unsaved, error=True)
        self.asking += 1
        try:
            return await super().push_screen_wait(screen, mode=mode)
        finally:
            self.asking -= 1

    async def on_unmount(self) -> None:
        """Whatever way the app ends, what is queued is written and the vault is closed."""
        try:
            if self._vault is not None:
                await saved(self, settle=False)
                vault, self._vault = self._vault, None
                vault.lock()
        finally:
            if self._terminal is not None:
                self._terminal.stop()
