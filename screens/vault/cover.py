"""A cover over the screen, at one key: nobody who walks past reads it, and nothing is locked.

What is behind stays as it is. Where a short code is set, the cover opens with it only; after three
wrong ones, or five minutes, the vault is locked. Without one, the key that covers opens as well,
and the vault locks itself when nobody has been there for long, as it always does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.vault.short_code import LONGEST, TRIES, same, set_short_code
from screens.kit.frame.lines import FrameLine, now_words
from screens.kit.shell import COVER_KEY, Shell, shell_of
from screens.kit.text import plain
from screens.vault.credentials import KeysDialog
from screens.vault.passphrase_input import PassphraseInput
from storage.ops.text import many


class CoverLine(FrameLine):
    """Draws the first or the last line of a covered screen: the marking, day and time alone."""

    DEFAULT_CSS = "CoverLine { dock: top; } CoverLine.last { dock: bottom; }"

    def __init__(self, *, last: bool = False) -> None:
        super().__init__()
        self.set_class(last, "last")

    def sides(self) -> tuple[Content, Content]:
        """Return day and time in the last line: whose inspection it is, is hidden too."""
        return Content(""), plain(now_words()) if self.has_class("last") else Content("")


class Cover(ModalScreen[None]):
    """Hides what is behind it until the key, or the short code; the marking stays.

    Args:
        code: what opens it, or empty for the key alone.
        lock: locks the vault.
    """

    DEFAULT_CSS = """
    Cover { align: center middle; }
    Cover ToastRack { display: none; }
    Cover Static { width: auto; color: $text-muted; }
    Cover PassphraseInput { width: 30; margin-top: 1; }
    """

    COVERS = True

    def __init__(self, code: str, lock: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._code, self._lock = code, lock
        self._wrong = 0

    def compose(self) -> Iterable[Widget]:
        """Yield one sentence between the marking's lines, and the field where there is a code."""
        yield CoverLine()
        words = "Type the short code, then enter." if self._code else f"{COVER_KEY}  go on"
        yield Static(plain(words), id="words")
        if self._code:
            yield PassphraseInput(password=True, id="code", select_on_focus=False)
        yield CoverLine(last=True)

    def on_mount(self) -> None:
        """Begin to count the minutes until the vault is locked."""
        if self._code:
            self.query_one(PassphraseInput).focus()
            self.set_timer(LONGEST, self.end)

    def open(self) -> None:
        """Show the page again, where no code is asked for."""
        if not self._code:
            self._go()

    def on_input_submitted(self) -> None:
        """Open with the right code; lock after the third wrong one."""
        field = self.query_one(PassphraseInput)
        typed, field.value = field.value, ""
        if same(typed, self._code):
            self._go()
            return
        self._wrong += 1
        if self._wrong >= TRIES:
            self.end()
        else:
            left = many(TRIES - self._wrong, "try", "tries")
            words = f"That is not the code. After {left} more the vault is locked."
            self.query_one("#words", Static).update(plain(words))

    def _go(self) -> None:
        shell = shell_of(self)
        self.dismiss(None)
        shell.call_later(shell.uncovered)

    def end(self) -> None:
        """Lock the vault; from then on the passphrase is needed."""
        # By the app: locking takes this screen away, which waits for its own handlers.
        self.app.call_later(self._lock)


async def cover(app: Shell, lock: Callable[[], Awaitable[None]]) -> None:
    """Put the cover over whatever is shown, or take it away; a vault must be open."""
    if isinstance(app.screen, Cover):
        app.screen.open()
    elif app.unlocked:
        app.clear_notifications()
        await app.push_screen(Cover(app.short_code, lock))


async def set_code(app: Shell) -> None:
    """Ask for the passphrase and a short code, and keep it; runs in a worker."""
    if await app.push_screen_wait(ShortCode()):
        app.say(
            f"Once {COVER_KEY} has covered the screen, the short code opens it."
            if app.short_code
            else f"There is no short code any more; {COVER_KEY} covers the screen and opens it."
        )


class ShortCode(KeysDialog):
    """Asks for the passphrase, then for a short code."""

    TITLE_LINE = "A short code for the covered screen"

    def asked(self) -> str:
        """Return what the present step asks."""
        if self._step == 0:
            return "Your passphrase:"
        return (
            f"4 to 12 digits that open the screen after {COVER_KEY} has covered it, for five "
            "minutes. They open nothing once the vault is locked. “none” takes the code away."
        )

    async def answered(self, typed: str) -> None:
        """Keep the code inside the vault."""
        code = "" if typed.strip().casefold() == "none" else typed
        await asyncio.to_thread(set_short_code, self.fieldkit.vault, code)
        self.fieldkit.short_code = code
        self.dismiss(True)
