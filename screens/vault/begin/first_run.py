"""The first run: your name, a passphrase typed twice, the recovery code on paper; or a backup."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable

from textual import work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.rows import lines, strong, wrapped
from screens.kit.drawing.signs import sign
from screens.kit.keyboard import BACKGROUND
from screens.kit.text import plain, texts
from screens.vault.begin.door import DoorPage
from screens.vault.passphrase_input import NUMBERS, PassphraseInput
from storage.errors import FieldkitError

NAME, WORDS, AGAIN, CODE = range(4)
TITLES = ("Your name", "A passphrase", "The passphrase once more", "A group of the code")
WIDE = 66
"""Columns of the texts."""


class FirstRunPage(DoorPage):
    """Makes the vault in four short steps; before the first it offers a backup and practice."""

    PAGE = "first_run"

    def __init__(self) -> None:
        super().__init__()
        self._step = NAME
        self._person = self._passphrase = self._code = ""
        self._offered = self._place = ""
        self._group = 0

    def body(self) -> Iterable[Widget]:
        """Yield the field, what is asked, what came of it and what follows."""
        with Vertical(id="door"):
            yield Static(Content.assemble(sign("cursor"), " ", strong("fieldkit")), id="name")
            yield PassphraseInput(id="answer")
            yield from texts("what", "said", "place", "next")

    def on_mount(self) -> None:
        """Begin with the name, and say meanwhile where the vault would lie badly."""
        self.set_text("#said", "")
        self._show()
        self._look_around()

    @work(group=BACKGROUND)
    async def _look_around(self) -> None:
        from fieldkit.vault.restoring import cut_short
        from storage.vault.location import warnings

        folder = self.fieldkit.folder
        bad_places = await asyncio.to_thread(warnings, folder)
        said = [
            *self.fieldkit.notices,
            await asyncio.to_thread(cut_short, folder),
            *(one.text for one in bad_places),
        ]
        self._place = "\n\n".join(filter(None, said))
        self._show_place()

    def _show_place(self) -> None:
        """Show where the vault lies badly, until the code has the page to itself."""
        self.set_text("#place", "" if self._step == CODE else self._place)

    @property
    def idle_actions(self) -> frozenset[str]:
        """Return what has nothing to do at this step."""
        idle = {
            NAME: ("other_words", "show", "back"),
            WORDS: ("restore", "practice"),
            AGAIN: ("other_words", "restore", "practice"),
            CODE: ("other_words", "show", "back", "restore", "practice"),
        }
        return frozenset(idle[self._step])

    def _show(self) -> None:
        field = self.query_one(PassphraseInput)
        field.password = self._step in (WORDS, AGAIN)
        field.border_title = Content(f" {TITLES[self._step]} ")
        field.border_subtitle = f"{self._step + 1} of 4"
        self.set_text("#what", self._asked())
        self.set_text("#next", self._next_words())
        self._show_place()
        field.value = ""
        field.focus()
        self.offer()

    def _asked(self) -> str | Content:
        if self._step == NAME:
            return "As colleagues know you: it stands beside what you enter."
        if self._step == WORDS:
            return lines(
                *wrapped("It protects everything you note. Nobody can recover it for you.", WIDE),
                "",
                strong(f"    {self._offered}"),
                "",
                *wrapped(
                    "These four words were drawn by chance and are a good passphrase. Type them, "
                    "or a longer one of your own. What you type is hidden; f6 shows it.",
                    WIDE,
                ),
            )
        if self._step == AGAIN:
            return "Type the same once more, so that no slip locks you out. f6 shows it."
        return lines(
            *wrapped(
                "The recovery code opens the vault when the passphrase is forgotten. It is shown "
                "only now. Write it down and keep it away from this laptop.",
                WIDE,
            ),
            "",
            strong(f"    {self._code}"),
            "",
            *wrapped(f"Then type its {NUMBERS[self._group]} group of five.", WIDE),
        )

    def _next_words(self) -> Content:
        """Return what is made, where it lies, and what can be done instead, at the first step."""
        if self._step != NAME:
            return Content("")
        rows = [
            *wrapped("What   a vault: your notes, encrypted, on this laptop alone", WIDE),
            *plain(f"Where  {self.fieldkit.folder}").wrap(WIDE),
            *wrapped(
                "Next   a passphrase, and a code on paper; then join your team (j), or begin an "
                "inspection of your own (a)",
                WIDE,
            ),
            Content(""),
            key_and_label("^o", "You have a backup: restore it"),
            key_and_label("^t", "Only looking: a practice inspection, removed when you leave"),
        ]
        return lines(rows)

    def action_other_words(self) -> None:
        """Offer four other words."""
        if self._step == WORDS:
            self._offer()
            self._show()

    def _offer(self) -> None:
        from storage.crypto.passphrase import generate

        self._offered = generate()

    def action_show(self) -> None:
        """Show the passphrase while it is typed, or hide it again."""
        if self._step in (WORDS, AGAIN):
            field = self.query_one(PassphraseInput)
            field.password = not field.password

    def action_practice(self) -> None:
        """Leave, and begin the practice inspection in this terminal."""
        if self._step == NAME:
            self.fieldkit.wants_practice = True
            self.app.exit()

    @work
    async def action_restore(self) -> None:
        """Restore a backup instead of making a new vault."""
        if self._step == NAME:
            from screens.vault.begin.restore import restore_backup

            await restore_backup(self.fieldkit)

    def action_back(self) -> None:
        """Go back to the passphrase, as long as no vault was made."""
        if self._step in (WORDS, AGAIN):
            self._step -= 1
            self._passphrase = ""
            if self._step == NAME:
                self._offered = ""
            self.set_text("#said", "")
            self._show()

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
            self._step, self._offered = CODE, ""
        else:
            return await self._check(typed)
        self._show()
        return None

    async def _make(self) -> bool:
        self.set_text("#said", "Making the vault; this takes some seconds …")
        self.fieldkit.opening = True
        try:
            from storage.vault.unlock import create_vault

            folder = self.fieldkit.folder
            vault, self._code = await asyncio.to_thread(
                create_vault, folder, self._passphrase, self._person, code_unconfirmed=True
            )
            self.fieldkit.hold(vault)
        except (FieldkitError, OSError) as refusal:
            self._step = WORDS  # both are typed again
            self._show()
            self.set_text("#said", str(refusal))
            return False
        finally:
            self._passphrase, self.fieldkit.opening = "", False
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
