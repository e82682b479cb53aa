"""The app as pages and their parts see it: vault, inspection, typing, frame, keys and dialogs.

It also holds what must never leave the screen: nothing is copied out, and a crash shows no values.
"""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._context import active_message_pump
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.message import Message
from textual.widget import Widget
from textual.worker import NoActiveWorker, get_current_worker

from fieldkit.vault.unlock_delay import UnlockDelay
from fieldkit.wording.format import clean
from screens.kit.drawing.laid_out import stands
from screens.kit.frame.framed import Framed
from screens.kit.frame.lines import DOORS
from screens.kit.frame.refusal_room import leave_room
from screens.kit.keyboard import LOCK_KEY, Keys, taken, takes_one_line
from screens.kit.looks_like import look_through
from screens.kit.unsaved import DraftField, Typing, error_words, settled
from storage.errors import FieldkitError, error_place
from storage.ops.text import with_line_feeds

if TYPE_CHECKING:
    from storage.vault.vault import Vault

REFUSAL_STANDS = 3600
"""Seconds that a refusal stands at most."""
COVER_KEY = "f9"
"""Covers the screen and shows it again; it waits for no other key."""


class LockedError(FieldkitError):
    """Says that the vault has been locked; what was typed is kept."""


class Shell(Framed):
    """Shows texts as they are, keeps copies to itself and ends without a word of them.

    What may be asked for by name is the app's own; Textual's Screenshot is not among it.

    Args:
        folder: the vault's folder.
        inspection: the inspection to open after unlocking, where it is known.
        vault: a vault that is unlocked already (practice and tests).
    """

    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+c", "no_copy", show=False)]

    def __init__(self, folder: Path, inspection: str = "", vault: Vault | None = None) -> None:
        super().__init__()
        self.folder = folder
        self.inspection_id = inspection
        self.keys = Keys(self, self._pass_on, self.renew_frame)
        self.unlock_delay = UnlockDelay()
        self._vault = vault
        self.opening = False
        """A vault is being opened: its passphrase is in memory."""
        self.terminal_before: tuple[Any, ...] = ()
        """The terminal's modes before fieldkit, where they were changed before the app began."""
        self.follows_lock = False
        """The process before this one locked and left the terminal on the other screen."""
        self.notices: list[str] = []
        """What the unlock page says, such as what a lock broke off."""
        self.short_code = ""
        """What opens a covered screen; empty where none is set."""
        self.reasons: dict[tuple[str, str], str] = {}
        """Why this person changes what was left, by inspection and page; until the lock."""
        self.reason_before = ""
        """The one of them that was given last."""
        self.colleagues_cases: set[str] = set()
        """Colleagues' cases that this person said they judge; until the lock."""
        self.refusal = ""
        """The refusal that stands above the keys; empty where none does."""
        self.page_name = ""
        """The name of the page on top."""
        self.asking_why = False
        """A reason is being asked for."""
        self.practice = False
        """The vault is the practice inspection's, whose passphrase is nobody's."""
        self.wants_practice = False
        """The first run was left for the practice inspection."""
        self.had_vault = vault is not None
        """Whether a vault was open since the start: where its folder is gone, none is made anew."""

    # --- the vault ---

    @property
    def unlocked(self) -> bool:
        """Say whether there is a vault to work with."""
        return self._vault is not None

    @property
    def at_door(self) -> bool:
        """Say whether a page that leads into the vault is open, also under another one."""
        return any(getattr(page, "PAGE", "") in DOORS for page in self.screen_stack)

    @property
    def vault(self) -> Vault:
        """Return the unlocked vault; raises a sentence where it is locked."""
        if self._vault is None:
            raise LockedError("The vault is locked. What was typed is kept. Unlock it first.")
        return self._vault

    def hold(self, vault: Vault) -> None:
        """Take charge of a vault that has just been made: from now on it locks as any other."""
        self._vault = vault
        look_through(self, vault, self.say)
        self.had_vault = True
        self.opening = False

    def forget_vault(self) -> None:
        """Have no vault from now on, and nothing in the clipboard."""
        self._vault = None
        self.reasons, self.reason_before = {}, ""
        self.colleagues_cases = set()
        self._clipboard = ""
        self.drop_waiting()

    @property
    def open_vault(self) -> Vault | None:
        """Return the vault that is open, if any; for any thread."""
        return self._vault

    @property
    def holds_secrets(self) -> bool:
        """Say whether a vault is open, or just being opened."""
        return self.opening or self._vault is not None

    def lock_at_once(self) -> bool:
        """Lock whatever runs; say whether there was anything to lock. For any thread."""
        raise NotImplementedError

    def touched(self) -> None:
        """Note that somebody is at the keyboard."""
        raise NotImplementedError

    async def entered(self, vault: Vault) -> None:
        """Go to the inspection of a vault that was unlocked, or to the list of them."""
        raise NotImplementedError

    async def leave(self) -> None:
        """Save what can be saved, lock and leave."""
        raise NotImplementedError

    def stand_by(self, reason: str) -> None:
        """Let a reason stand in what is changed on the page on top, until the lock."""
        self.reason_before = reason
        self.reasons[(self.inspection_id, self.page_name)] = reason
        self.vault.author.reason = reason

    def take_up(self, page: str) -> None:
        """Turn to a page, and to the reason that stands for what is changed on it."""
        self.page_name = page
        if self._vault is not None and not self._vault.locked:
            self._vault.author.reason = self.reasons.get((self.inspection_id, page), "")

    # --- pages and dialogs ---

    async def go(self, page: str, **kwargs: Any) -> None:
        """Open a page, by its name, on top of this one."""
        raise NotImplementedError

    def open_inspection(self, inspection: str) -> None:
        """Turn to an inspection; in the app's own time, for a page cannot await its own removal."""
        self.inspection_id = inspection
        self.when_uncovered(lambda: self.call_later(self._go_home))

    async def _go_home(self) -> None:
        await self.close_pages()
        await self.go("home")

    async def close_pages(self) -> None:
        """Close every page and dialog there is."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Ask by a dialog; while it waits for its answer, no key is held back for its sake.

        What is being typed is saved first: whatever becomes of the dialog, it costs no text.
        """
        if self.unlocked and (unsaved := await self.save_typing(settle=False)):
            self.say(unsaved, error=True)
        asking = get_current_worker()
        self.keys.asking.append(asking)
        try:
            return await super().push_screen_wait(screen, mode=mode)
        finally:
            self.keys.asking.remove(asking)

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a sentence above the keys; never as markup. A refusal replaces what was said before.

        What was done is said for three seconds. A refusal stands until something is kept, another
        sentence is said or the page is left.
        """
        if error or any(one.severity == "error" for one in self._notifications):
            self.clear_notifications()
        said = clean(f"! {text}" if error else text)
        for one in [each for each in self._notifications if each.message == said]:
            self._unnotify(one)  # said again, it stands once
        self.notify(
            said,  # no colour stands without its sign
            severity="error" if error else "information",
            timeout=REFUSAL_STANDS if error else 3,
            markup=False,
        )
        if error:
            self.refusal = said
            leave_room(self, self.refusal)

    def clear_notifications(self) -> None:
        """Say nothing any more; the page has all of its lines again."""
        super().clear_notifications()
        if self.refusal:
            self.refusal = ""
            leave_room(self, "")

    # --- typing and keys ---

    @cached_property
    def typing(self) -> Typing:
        """Return what is typed and not kept yet."""
        return Typing(self, lambda: self._vault, lambda text: self.say(text, error=True))

    async def save_typing(self, *, settle: bool = True) -> str:
        """Save what is being typed; return a sentence where that did not work, else nothing.

        With ``settle`` the letters that the field with the focus has not taken in yet come first;
        the field must be there to answer.
        """
        try:
            focused = self.focused
            if settle and focused is not None and isinstance(focused, DraftField):
                await settled(focused)
            await self.typing.save()
        except Exception as error:
            return (
                f"What you typed last could not be saved ({error_words(error)}). It is kept in "
                "memory: unlock again without closing fieldkit, and it is saved then."
            )
        return ""

    def post_message(self, message: Message) -> bool:
        """Let the key that locks past everything that waits, the app's own queue too."""
        if isinstance(message, events.Key) and message.key == LOCK_KEY:
            self.keys.put(message)
            return True
        return super().post_message(message)

    async def on_event(self, event: Any) -> None:
        """Clean what is pasted, and have keys wait their turn."""
        if isinstance(event, events.Paste) and not getattr(self.focused, "password", False):
            # Textual's own fields would draw an escape sequence as it came.
            event.text = clean(with_line_feeds(event.text))
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.keys.put(event)
        else:
            await super().on_event(event)

    async def _pass_on(self, event: events.Key | events.Paste) -> bool:
        """Hand Textual a key or a pasted text whose turn it is, unless it is taken at once.

        Textual keeps only the first of several lines in a field of one line; here none is lost.

        Returns whether it was taken, and what it does is done.
        """
        if isinstance(event, events.Key):
            if before_key := getattr(self.screen, "before_key", None):
                before_key(event)
            if self.app_focus and await taken(self, event.key):
                return True
        focused = self.focused
        one_line = takes_one_line(focused) and not getattr(focused, "password", False)
        if isinstance(event, events.Paste) and one_line and "\n" in event.text:
            lines = [line.strip() for line in event.text.splitlines() if line.strip()]
            event.text = " ".join(lines)
            if len(lines) > 1:
                self.say(
                    f"{len(lines)} lines were pasted into a field of one line. They are joined "
                    "with spaces."
                )
        await super().on_event(event)
        return False

    # --- what must not leave ---

    def action_no_copy(self) -> None:
        """Say how to leave; copying out of the vault is not offered."""
        self.say("Press ctrl+q to quit. What you typed is kept.")

    def copy_to_clipboard(self, text: str) -> None:
        """Keep copied text inside the app; the terminal's clipboard is outside the vault."""
        self._clipboard = text

    def write_to_terminal(self, sequence: str) -> None:
        """Send the terminal a control sequence."""
        if self._driver is not None:
            self._driver.write(sequence)

    def _handle_exception(self, error: Exception) -> None:
        """End with an error, unless it comes of what is not there any more.

        A key can leave a page while a part of it waits to be drawn with what was read for it, and
        a lock the vault while a worker of the app is about to read or write in it. Textual has no
        public switch (8.2.8, pinned).
        """
        cause = getattr(error, "error", error)  # of a worker's failure, what made it fail
        try:
            part: object = get_current_worker().node
        except NoActiveWorker:
            part = active_message_pump.get(None)
        if isinstance(cause, LockedError) and not self.unlocked:
            return
        late = isinstance(cause, NoMatches | FieldkitError)
        if late and isinstance(part, Widget) and not stands(part):
            return
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End after an unexpected error without showing what was on the page.

        Textual's own crash screen prints local variables, which here are passphrases and evidence;
        there is no public switch (Textual 8.2.8, pinned; tests/screens/test_traps.py).
        """
        _, error, trace = sys.exc_info()
        place = error_place(error) if error is not None and trace else "unknown"
        self.panic(
            "fieldkit had an error of its own and has stopped. Everything committed is safe, and "
            "what was being typed is offered back after the next unlocking.\n"
            f"For whoever mends it: {place}."
        )


def shell_of(node: DOMNode) -> Shell:
    """Return the app that a page, a dialog or a widget stands in."""
    app = node.app
    assert isinstance(app, Shell)
    return app
