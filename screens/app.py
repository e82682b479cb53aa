"""The app: its vault, the page on top, the keys that work everywhere, and locking."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.driver import Driver

from fieldkit.vault.after_lock import AfterLock
from screens import pages
from screens.kit.commands import bindings
from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Page
from screens.kit.shell import COVER_KEY, Shell
from screens.vault import start
from screens.vault.escape_key import mend_escape
from screens.vault.lock import LOOKS_EVERY, close, lock_here
from screens.vault.relocked import notices, take_back
from screens.vault.terminal_output import with_lock_key
from screens.vault.with_settings import WithSettings
from storage.errors import FieldkitError

if TYPE_CHECKING:
    from sqlmodel import Session

    from screens.vault.lock_thread import BeginAnew, LockThread
    from screens.vault.terminal_watch import TerminalWatch
    from storage.vault.vault import Vault

CLOCKS_EVERY = 20
"""Seconds between two readings of the clocks in the first line."""
UNDER_COVER = frozenset({"backspace", "delete", "enter", "left", "right", "ctrl+l"})
"""The keys that act while the screen is covered, besides those that type the code."""


class FieldkitApp(WithSettings):
    """Shows fieldkit in a terminal.

    Args:
        folder: the vault's folder.
        inspection: the inspection to open after unlocking, where it is known.
        vault: a vault that is unlocked already (practice and tests).
        idle: seconds of idleness before locking; what the settings say if none.
        tour: show the short tour of the practice inspection.
        hint: what the unlock page says of the passphrase (practice).
        after: what the process before this one passed on when it locked.
        begin_anew: begins the process that takes this one's place when the vault is locked; without
            it, as in tests, the app locks and stays.
    """

    CSS_PATH = Path(__file__).with_name("app.tcss")
    TITLE = "fieldkit"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = bindings("global")

    def __init__(
        self,
        folder: Path,
        *,
        inspection: str = "",
        vault: Vault | None = None,
        idle: int | None = None,
        tour: str = "",
        hint: str = "",
        after: AfterLock | None = None,
        begin_anew: BeginAnew | None = None,
    ) -> None:
        super().__init__(folder, inspection, vault, idle)
        self._tour = tour
        self._closing = self._left_once = False
        self._after = after or AfterLock()
        self._placed = self._after.placed
        self.had_vault = self.had_vault or (after is not None and after.had_vault)
        self.practice = bool(self._after.practice)
        self.terminal_before = self._after.terminal
        self.notices = [*filter(None, [hint]), *notices(self._after)]
        self._begin_anew = begin_anew
        self._locks: LockThread | None = None
        self._terminal: TerminalWatch | None = None
        self.animation_level = "none"

    async def on_mount(self) -> None:
        """Open the first page."""
        self.set_interval(CLOCKS_EVERY, lambda: self.renew_frame(time_passed=True))
        self.watch_frame()
        self.watch_the_time()
        if self._begin_anew is None:
            self.set_interval(LOOKS_EVERY, self.look_at_clocks)
        else:
            from screens.vault.lock_thread import LockThread

            self._locks = LockThread(self, self.stillness.due, self._known, self._begin_anew)
            self._locks.start()
        if not self.is_headless:
            from screens.vault.terminal_watch import TerminalWatch

            self._terminal = TerminalWatch(self)
            self._terminal.start()
        if self._vault is not None:
            await self.entered(self._vault)
        else:
            await start.door(self)

    async def entered(self, vault: Vault) -> None:
        """Go to the inspection that is open in a vault just unlocked, or to the list of them."""
        self.hold(vault)
        self.unlock_delay.reset()
        self.stillness.touch()
        take_back(self, vault, self._after.sealed)
        await start.arrive(self, vault)
        self._tell_after_unlocking(vault)
        if self._tour:
            from screens.inspections.tour import Tour

            tour, self._tour = self._tour, ""
            await self.push_screen(Tour("A practice inspection", tour))

    @work(group=BACKGROUND)
    async def _tell_after_unlocking(self, vault: Vault) -> None:
        from screens.vault.after_unlock import tell

        first, self._placed = not self._placed, True
        await tell(self, vault, first=first)

    async def go(self, page: str, **kwargs: Any) -> None:
        """Open a page on top of this one; what was said of this one does not follow there."""
        self.clear_notifications()
        vault = self._vault
        opened = await pages.page(pages.in_phase(page, self.facts.phase), **kwargs)
        if self._vault is not vault:
            return  # locked while the page was imported
        self.passing = False
        await self.push_screen(opened)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of the terminal, which knows the key that locks."""
        mend_escape()
        return with_lock_key(super().get_driver_class())

    # --- keys that work everywhere ---

    @work
    async def action_palette(self) -> None:
        """Find a command or a record by name, and do it or go there."""
        page = self.screen
        if not isinstance(page, Page):
            return
        from screens.history import palette
        from screens.kit.places import go_to

        offer = await palette.ask(self, page)
        if offer is None:
            return
        if offer.command is not None:
            target = page if offer.here else self
            self.call_later(self.run_action, offer.command.action, default_namespace=target)
        elif offer.place:
            await page.leave_field()
            await go_to(self, offer.place)
        elif offer.hit is not None:
            from screens.history.search import open_record

            await page.leave_field()
            await open_record(self, offer.hit.kind, offer.hit.id, offer.hit.label)

    @work
    async def action_places(self) -> None:
        """Go to any page by its letter."""
        page = self.screen
        if not self.unlocked or not isinstance(page, Page) or self.at_door:
            return
        from screens.kit.places import Places, go_to, places

        offered = places(inside=bool(self.inspection_id))
        try:
            chosen = await self.push_screen_wait(Places(offered, page.PAGE))
            if chosen is not None and chosen != page.PAGE:
                await page.leave_field()
                await go_to(self, chosen)
        finally:
            self.passing = False

    async def action_help(self) -> None:
        """Show the keys of this page, or of the dialog that stands over it; again, go back."""
        from screens.inspections.help import turn_help

        await turn_help(self)

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
        if self.unlocked and isinstance(self.screen, Page):
            from fieldkit.history.undo import undo_last

            await self._step(self.screen, undo_last)

    async def action_redo(self) -> None:
        """Do again what was taken back last and name it."""
        if self.unlocked and isinstance(self.screen, Page):
            from fieldkit.history.undo import redo_last

            await self._step(self.screen, redo_last)

    async def _step(self, page: Page, job: Callable[[Session], str]) -> None:
        """Go a step back or on, say which, and show the page anew."""
        try:
            self.say(await self.vault.write(job))
        except FieldkitError as refusal:
            self.say(str(refusal), error=True)
            return
        await page.on_screen_resume()

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

    # --- covering and locking ---

    async def action_cover(self) -> None:
        """Cover the screen from glances, or show it again where no code is asked for."""
        from screens.vault.cover import cover

        await cover(self, self.action_lock)

    @work
    async def action_short_code(self) -> None:
        """Set the code that opens a covered screen."""
        from screens.vault.cover import set_code

        if self.unlocked and isinstance(self.screen, Page):
            await set_code(self)

    def lock_at_once(self) -> bool:
        """Lock whatever runs and begin anew; say whether there was anything to lock."""
        if self._locks is None or not self.holds_secrets:
            return False
        self._locks.ask()
        return True

    def touched(self) -> None:
        """Note that somebody is at the keyboard."""
        self.stillness.touch()

    async def action_lock(self) -> None:
        """Save what is being typed, close the vault and clear the screen."""
        if self._locks is not None:
            self.lock_at_once()
        elif await self._close(lock_here):
            await start.door(self, self.stillness.locked_words)

    def _known(self) -> AfterLock:
        """Return what the process that begins after a lock is to know."""
        return replace(
            self._after, inspection=self.inspection_id, placed=self._placed, sealed=b"",
            had_vault=self.had_vault, locked=self.stillness.locked_words,
            opening=self.opening and self._vault is None,
        )  # fmt: skip

    async def action_leave(self) -> None:
        """Save what is being typed, lock and leave; what cannot be saved holds it up, once."""
        if self.unlocked and not self._left_once and (unsaved := await self.save_typing()):
            self._left_once = True
            self.say(f"{unsaved} To leave without it, press ctrl+q again.", error=True)
            return
        await self.leave()

    async def leave(self) -> None:
        """Save what can be saved, lock and leave."""
        await self._close(close)
        self.exit()

    async def _close(self, closing: Callable[[Shell, Vault], Awaitable[None]]) -> bool:
        if self._vault is None or self._closing:
            return False
        self._closing = True
        try:
            await closing(self, self._vault)
        finally:
            self._closing = False
        return True

    async def look_at_clocks(self) -> None:
        """Lock when nobody has been there for too long, and after sleep."""
        if self.stillness.due() and self._vault is not None:
            await self.action_lock()

    async def on_event(self, event: Any) -> None:
        """Take any key or mouse event as activity."""
        if isinstance(event, events.Key | events.MouseEvent | events.Paste):
            self.stillness.touch()
        if isinstance(event, events.Key) and event.key == COVER_KEY and not event.is_forwarded:
            # Before all keys that wait their turn, and over a dialog too.
            await self.action_cover()
            return
        if isinstance(event, events.Key) and not self._lets_through(event):
            return
        await super().on_event(event)

    def _lets_through(self, event: events.Key) -> bool:
        """Say whether a key may act: over a covered screen, only what types its code or locks."""
        return not self.covered or event.is_printable or event.key in UNDER_COVER

    async def on_unmount(self) -> None:
        """Write what is queued and close the vault, whatever way the app ends."""
        try:
            if self._vault is not None:
                await self.save_typing(settle=False)
                vault, self._vault = self._vault, None
                vault.lock()
        finally:
            for thread in (self._locks, self._terminal):
                if thread is not None:
                    thread.stop()
