"""The app as the frame sees it: what stands in its lines, and when they are drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from screens.kit.covering import Covering
from screens.kit.frame.ahead import Ahead
from screens.kit.frame.lines import FrameFacts, FrameLine, KeyLine, now_words
from screens.kit.keyboard import BACKGROUND
from storage.errors import FieldkitError

if TYPE_CHECKING:
    from fieldkit.inspections.frame import Frame
    from screens.kit.unsaved import Typing
    from storage.vault.vault import Vault

LOOK_EVERY = 0.5
"""Seconds from one look at whether the frame still says what is true to the next."""
OF_ALL = frozenset(("inspections", "recommendations", "calendar"))
"""Pages that show several inspections: they bear the highest marking of all."""


class Framed(Covering):
    """Keeps the lines of the frame true: facts of the inspection, typing, day and time."""

    inspection_id: str
    page_name: str

    def __init__(self) -> None:
        super().__init__()
        self.facts = FrameFacts()
        self.passing = False
        """Pages come to the front on the way to another one, and need not read what they show."""
        self._shown: object = None
        """What the lines told when they were drawn last."""
        self._written: object = None
        """What the vault's clock showed when the facts were read last."""
        self._ahead: Ahead[Frame] | None = None
        """What the frame is to say first, while it is being read."""
        self._commits: int | None = None
        """How many commits this unlocking had when last asked; none before the first page."""

    @property
    def open_vault(self) -> Vault | None:
        """Return the vault that is open, if any."""
        raise NotImplementedError

    @property
    def typing(self) -> Typing:
        """Return what is typed and not kept yet."""
        raise NotImplementedError

    @property
    def typing_state(self) -> str:
        """Return ``typing``, ``not saved``, or nothing where all that was typed is kept."""
        return self.typing.state

    @property
    def place(self) -> str:
        """Return what the page on top calls itself, also while a dialog stands over it."""
        for screen in reversed(self.screen_stack if self.is_running else []):
            place = getattr(screen, "place", None)
            if place is not None:
                return str(place)
        return ""

    def watch_frame(self) -> None:
        """Look from now on whether the frame still says what is true."""
        self.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        told = (self.typing_state, self.typing.saved_at, now_words(), self.place)
        if told != self._shown:
            self._shown = told
            self.draw_frame()

    def renew_frame(self, *, time_passed: bool = False) -> None:
        """Read anew what the frame says where anything was written since, or time passed.

        Whatever wrote it, and whichever page is on top; no key waits for it.
        """
        vault = self.open_vault
        if vault is None or vault.locked or not self.inspection_id:
            return
        # The clock moves on with a step that the disk refuses, too; the commits do not.
        if vault.author.commits != self._commits:
            self._commits = vault.author.commits
            self.settle_refusals()
        if time_passed or vault.author.clock.last != self._written:
            self.run_worker(self._renew_frame(), group=BACKGROUND)

    async def _renew_frame(self) -> None:
        # What cannot be read now, as after a lock, is read with the next page.
        with suppress(FieldkitError):
            await self.refresh_frame()

    def settle_refusals(self) -> None:
        """Take away a refusal that stands: something was kept since."""
        if any(one.severity == "error" for one in self._notifications):
            self.clear_notifications()

    def read_frame_ahead(self, vault: Vault, inspection: Callable[[], str]) -> None:
        """Have read what the frame says first, while the first page is made.

        Args:
            vault: the one just opened.
            inspection: says, to a job of the vault's, which inspection is open.
        """
        from fieldkit.inspections import frame

        self._ahead = Ahead(vault, lambda s: frame.frame(s, inspection()))

    async def refresh_frame(self) -> None:
        """Read anew what the frame says."""
        vault = self.open_vault
        ahead, self._ahead = self._ahead, None
        if vault is None or vault.locked:
            self.facts, self._commits = FrameFacts(), None
        else:
            # Imported late: the unlock page imports no store.
            from fieldkit.inspections import frame

            asked, self._written = self.inspection_id, vault.author.clock.last
            if self._commits is None:
                self._commits = vault.author.commits
            facts = FrameFacts()
            if asked:
                read = await (vault.read(frame.frame, asked) if ahead is None else ahead.result())
                facts = FrameFacts(
                    **{name: getattr(read, name) for name in FrameFacts.__dataclass_fields__}
                )
            if not asked or self.page_name in OF_ALL:
                highest = await vault.read(frame.marking_of_all)
                facts = replace(facts, marking=highest or facts.marking)
            if asked != self.inspection_id:
                return
            self.facts = facts
        self.draw_frame()

    def draw_frame(self) -> None:
        """Draw the lines of the page and of the dialogs on it with what is known now.

        Not those of pages below, which nobody sees: Textual draws all of the page on top anew with
        anything that changes below it. They are drawn when they come to the front.
        """
        facts = self.facts
        if self.typing.saved_at > facts.saved:
            facts = replace(facts, saved=self.typing.saved_at)
        for screen in reversed(self.screen_stack):
            for line in screen.children:  # where all stand; Textual's query walks all parts
                if isinstance(line, FrameLine):
                    line.show_facts(facts)
            if not screen.is_modal:
                return

    def draw_keys(self) -> None:
        """Draw the line of keys again, as when the focus has moved."""
        for line in self.screen.children:
            if isinstance(line, KeyLine):
                line.draw_anew()
