"""The first run: a passphrase of four words, typed twice; the recovery code, written down."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable

from textual import work
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.keyboard import BACKGROUND
from screens.kit.page import Page
from screens.kit.text import texts
from screens.vault.passphrase_input import NUMBERS, PassphraseInput
from storage.errors import FieldkitError

NAME, WORDS, AGAIN, CODE = range(4)


class FirstRunPage(Page):
    """Makes the vault in four short steps."""

    PAGE = "first_run"
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    FirstRunPage #what { padding: 1 2 0 2; height: auto; }
    FirstRunPage PassphraseInput { margin: 1 2 0 2; width: 60; max-width: 96%; }
    FirstRunPage #place { padding: 1 2 0 2; height: auto; color: $text-warning; }
    FirstRunPage #said { padding: 1 2; height: auto; color: $text-warning; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._step = NAME
        self._person = self._passphrase = self._code = ""
        self._offered = self._place = ""
        self._group = 0

    def body(self) -> Iterable[Widget]:
        """Yield what is asked, the field, and what came of it."""
        yield Static("", id="what", markup=False)
        yield PassphraseInput(id="answer")
        yield from texts("said", "place")

    async def on_screen_resume(self) -> None:
        """Read nothing, for the vault is not made yet."""

    def on_mount(self) -> None:
        """Begin with the name, and say meanwhile where the vault would lie badly."""
        self._show()
        self._look_around()

    @work(group=BACKGROUND)
    async def _look_around(self) -> None:
        from storage.vault.location import warnings

        bad_places = await asyncio.to_thread(warnings, self.fieldkit.folder)
        self._place = "\n\n".join(one.text for one in bad_places)
        self._show_place()

    def _show_place(self) -> None:
        """Show where the vault lies badly, until the code has the page to itself."""
        self.set_text("#place", "" if self._step == CODE else self._place)

    def _show(self) -> None:
        field = self.query_one(PassphraseInput)
        field.password = False
        texts = {
            NAME: "A new vault (1 of 4)\n\nYour name, as colleagues know you. It stands beside "
            "what you enter.",
            WORDS: "A new vault (2 of 4)\n\nA passphrase protects everything you note. Nobody can "
            f"recover it for you.\n\n    {self._offered}\n\nThese four words were drawn by chance "
            "and are a good passphrase. Type them, or a longer one of your own. ctrl+n offers "
            "other words.",
            AGAIN: "A new vault (3 of 4)\n\nThe passphrase once more.",
            CODE: "A new vault (4 of 4)\n\nThe recovery code opens the vault when the passphrase "
            "is forgotten. It is shown only now. Write it down and keep it away from this laptop."
            f"\n\n    {self._code}\n\nThen type its {NUMBERS[self._group]} group of five.",
        }
        self.set_text("#what", texts[self._step])
        self._show_place()
        field.value = ""
        field.placeholder = ""
        field.focus()

    def action_other_words(self) -> None:
        """Offer four other words."""
        if self._step == WORDS:
            self._offer()
            self._show()

    def _offer(self) -> None:
        from storage.crypto.passphrase import generate

        self._offered = generate()

    def action_back(self) -> None:
        """Go back to the passphrase, as long as no vault was made."""
        if self._step in (WORDS, AGAIN):
            self._step -= 1
            self.set_text("#said", "")
            self._show()

    def on_input_submitted(self) -> None:
        """Go on."""
        self.action_next()

    def action_next(self) -> None:
        """Go on to the next step."""
        self._next(self.query_one(PassphraseInput).value)

    @work
    async def _next(self, typed: str) -> None:
        from storage.crypto.passphrase import weakness_of

        self.set_text("#said", "")
        if self._step == NAME:
            if not typed.strip():
                return self.set_text("#said", "Type the name that colleagues know you by.")
            self._person = typed.strip()
            self._offer()
            self._step = WORDS
        elif self._step == WORDS:
            reason = weakness_of(typed)
            if reason:
                return self.set_text("#said", reason)
            self._passphrase = typed
            self._step = AGAIN
        elif self._step == AGAIN:
            if typed != self._passphrase:
                self._step = WORDS
                self._show()
                return self.set_text(
                    "#said", "The two were not the same. Nothing was made. Type it again."
                )
            if not await self._make():
                return None
            self._step = CODE
        else:
            return await self._check(typed)
        self._show()
        return None

    async def _make(self) -> bool:
        self.set_text("#said", "Making the vault; this takes some seconds …")
        try:
            from storage.vault.unlock import create_vault

            folder = self.fieldkit.folder
            vault, self._code = await asyncio.to_thread(
                create_vault, folder, self._passphrase, self._person, code_unconfirmed=True
            )
            self.fieldkit.hold(vault)
        except (FieldkitError, OSError) as refusal:
            self.set_text("#said", str(refusal))
            return False
        finally:
            self._passphrase = ""
        self._group = secrets.randbelow(len(self._code.split("-")))
        self.set_text("#said", "")
        return True

    async def _check(self, typed: str) -> None:
        from storage.crypto.keyslots.recovery_code import check_group
        from storage.vault.credentials import confirm_code

        if not check_group(self._code, self._group, typed):
            self._show()
            return self.set_text(
                "#said", "That is not the group asked for. Look at the code again."
            )
        self._code = ""
        vault = self.vault
        await asyncio.to_thread(confirm_code, vault)
        # The app takes over: a page cannot await its own removal.
        self.fieldkit.call_later(self.fieldkit.entered, vault)
