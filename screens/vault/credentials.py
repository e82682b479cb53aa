"""Changing what opens the vault, from inside: the passphrase, and the recovery code.

Both ask for the present passphrase first, so that nobody does it at a laptop left unlocked. Other
pages call :func:`change_passphrase` and :func:`renew_code`, from a worker.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.dialogs import Confirm, Dialog
from screens.kit.shell import Shell
from screens.vault.passphrase_input import NUMBERS, PassphraseInput
from storage.crypto.keyslots.errors import WrongPassphrase
from storage.crypto.keyslots.recovery_code import check_group
from storage.crypto.passphrase import generate, weakness_of
from storage.errors import FieldkitError
from storage.vault import credentials
from storage.vault.vault import Vault

KEYS = "enter  go on     esc  cancel"
CHANGED = (
    "The passphrase was changed; the one before opens nothing any more. Backups made earlier still "
    "open with the passphrase of their time."
)
RENEWED = "The new recovery code counts from now on; the one before opens nothing any more."
UNCONFIRMED = (
    "The recovery code of this vault was never typed back, so it may not be on paper. Without it, "
    "a forgotten passphrase loses everything here. Make a new one now?"
)


async def change_passphrase(app: Shell) -> bool:
    """Ask for the present passphrase and a new one, and change it; whether it was changed."""
    done = bool(await app.push_screen_wait(ChangePassphrase()))
    if done:
        app.say(CHANGED)
    return done


async def renew_code(app: Shell) -> bool:
    """Ask for the passphrase, show a new recovery code once, and have a group of it typed back.

    Whether it was typed back. Where it was not, the next unlocking says so.
    """
    done = bool(await app.push_screen_wait(RenewCode()))
    if done:
        app.say(RENEWED)
    return done


async def offer_new_code(app: Shell, vault: Vault) -> None:
    """Offer a new recovery code where nobody has shown to have it on paper."""
    if await asyncio.to_thread(credentials.code_unconfirmed, vault):
        ask = Confirm(UNCONFIRMED, yes="make a new recovery code", no="later; I am asked again")
        if await app.push_screen_wait(ask):
            await renew_code(app)


class KeysDialog(Dialog[bool]):
    """Asks in steps, each a question and a field; the first proves who asks.

    ``STEPS`` are what each step asks; ``TITLE_LINE`` stands above.
    """

    DEFAULT_CSS = """
    KeysDialog #said { height: auto; color: $text-warning; }
    KeysDialog PassphraseInput { margin: 1 0; }
    """
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+n", "other_words", priority=True)]
    TITLE_LINE: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(self.TITLE_LINE, KEYS)
        self._step = 0
        self._busy = False
        self._asked = ""
        """What is tried when the wait after wrong tries is over."""

    def body(self) -> Iterable[Widget]:
        """Yield the question, the field, and what came of it."""
        yield Static("", id="what", markup=False)
        yield PassphraseInput(password=True, id="answer", select_on_focus=False)
        yield Static("", id="said", markup=False)

    def on_mount(self) -> None:
        """Begin with the first question."""
        self._show()
        self.set_interval(1, self.count_down)

    def count_down(self) -> None:
        """Say how long the wait still is, and try at its end what enter was pressed for."""
        field, delay = self.query_one(PassphraseInput), self.fieldkit.unlock_delay
        if not self._asked or self._busy:
            return
        if self._asked != field.value:
            self._asked = ""
            self.set_text("#said", delay.sentence)
        elif delay.seconds_left:
            self.set_text("#said", delay.not_tried)
        else:
            self._go_on(self._asked)

    def asked(self) -> str:
        """Return what the present step asks."""
        raise NotImplementedError(type(self).__name__)

    def keys(self) -> str:
        """Return the keys of the present step."""
        return KEYS

    async def answered(self, typed: str) -> None:
        """Act on what was typed at a step after the first; raises refusals."""
        raise NotImplementedError(type(self).__name__)

    def _show(self, sentence: str = "") -> None:
        self.set_text("#what", self.asked())
        self.set_text("#keys", self.keys())
        self.set_text("#said", sentence)
        field = self.query_one(PassphraseInput)
        field.password = self.hidden
        field.value = ""
        field.focus()

    @property
    def hidden(self) -> bool:
        """Say whether what is typed at this step is shown as dots."""
        return True

    def on_input_submitted(self) -> None:
        """Go on."""
        self._go_on(self.query_one(PassphraseInput).value)

    @work
    async def _go_on(self, typed: str) -> None:
        if self._busy or not typed:
            return
        self._busy = True
        try:
            if self._step == 0:
                await self._prove(typed)
            else:
                await self.answered(typed)
        except (FieldkitError, OSError) as refusal:
            if self.is_attached:
                self._show(str(refusal))
        finally:
            self._busy = False

    async def _prove(self, typed: str) -> None:
        unlock_delay = self.fieldkit.unlock_delay
        if unlock_delay.seconds_left:
            self._asked = typed
            return self.set_text("#said", unlock_delay.not_tried)
        self._asked = ""
        self.set_text("#said", "Checking …")
        try:
            await asyncio.to_thread(credentials.prove, self.fieldkit.vault, typed)
        except WrongPassphrase:
            unlock_delay.count_wrong()
            self._show(
                f"This is not the present passphrase. Nothing was changed. {unlock_delay.sentence}"
            )
            return None
        unlock_delay.reset()
        self._step = 1
        await self.proved()
        return None

    async def proved(self) -> None:
        """Ask the next question, now that the present passphrase was right."""
        self._show()

    def action_other_words(self) -> None:
        """Offer four other words, where words are offered."""

    async def action_cancel(self) -> None:
        """Close; what was changed by then is changed, and said."""
        if not self._busy:
            self.dismiss(False)


class ChangePassphrase(KeysDialog):
    """Asks for the present passphrase, a new one, and the new one again."""

    TITLE_LINE = "Change the passphrase"

    def __init__(self) -> None:
        super().__init__()
        self._offered = self._chosen = ""

    def asked(self) -> str:
        """Return the three questions."""
        return (
            "The present passphrase, to make sure that it is you.",
            "The new passphrase. These four words were drawn by chance:"
            f"\n\n    {self._offered}\n\nType them, or a longer one of your own.",
            "The new passphrase once more.",
        )[self._step]

    def keys(self) -> str:
        """Return the keys, with one for other words where words are offered."""
        return f"ctrl+n  other words     {super().keys()}" if self._step == 1 else super().keys()

    async def proved(self) -> None:
        """Draw the words."""
        self._draw()
        await super().proved()

    def _draw(self) -> None:
        self._offered = generate()

    def action_other_words(self) -> None:
        """Offer four other words."""
        if self._step == 1:
            self._draw()
            self._show()

    async def answered(self, typed: str) -> None:
        """Take the new passphrase, then take it again and change it."""
        if self._step == 1:
            reason = weakness_of(typed)
            if reason:
                return self._show(reason)
            self._chosen, self._step = typed, 2
            return self._show()
        if typed != self._chosen:
            self._step = 1
            return self._show("The two were not the same. Nothing was changed. Type it again.")
        self.set_text("#said", "Changing it; this takes a second or two …")
        self._chosen = ""
        await asyncio.to_thread(self.fieldkit.vault.change_passphrase, typed)
        self.dismiss(True)
        return None


class RenewCode(KeysDialog):
    """Asks for the present passphrase, then the new code and one of its groups typed back."""

    TITLE_LINE = "A new recovery code"

    def __init__(self) -> None:
        super().__init__()
        self._code = ""
        self._group = 0

    def asked(self) -> str:
        """Return the two questions."""
        if self._step == 0:
            return (
                "A new recovery code is made; the one before opens nothing any more. Have pen and "
                "paper ready.\n\nThe passphrase, to make sure that it is you."
            )
        return (
            "The new recovery code. It is shown only now. Write it down, keep it away from this "
            f"laptop, and destroy the old one.\n\n    {self._code}\n\nThen type its "
            f"{NUMBERS[self._group]} group of five."
        )

    def keys(self) -> str:
        """Return the keys; once the code is made, leaving does not bring the old one back."""
        if self._step == 0:
            return super().keys()
        return "enter  go on     esc  leave; you are asked again"

    @property
    def hidden(self) -> bool:
        """Show a group of the code while it is typed, as the code itself is."""
        return self._step == 0

    async def proved(self) -> None:
        """Make the code."""
        self._code = await asyncio.to_thread(credentials.renew_code, self.fieldkit.vault)
        self._group = secrets.randbelow(len(self._code.split("-")))
        await super().proved()

    async def answered(self, typed: str) -> None:
        """See whether the group is right."""
        if not check_group(self._code, self._group, typed):
            return self._show("That is not the group asked for. Look at the code again.")
        await asyncio.to_thread(credentials.confirm_code, self.fieldkit.vault)
        self._code = ""
        self.dismiss(True)
        return None
