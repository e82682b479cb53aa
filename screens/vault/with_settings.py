"""The app as its settings say: how it looks, when it locks, which keys, when it reminds."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.await_complete import AwaitComplete

from fieldkit.vault.garbage import Garbage
from fieldkit.vault.settings import Settings, read_settings
from screens.kit.commands import registry
from screens.kit.shell import Shell
from screens.vault.lock import IDLE_SECONDS, LONGEST_IDLE, LOOKS_EVERY, Stillness

if TYPE_CHECKING:
    from storage.vault.vault import Vault

REMINDER_SECONDS = 60
"""How long a reminder of the debrief stays, so that who looks away for a moment still sees it."""


class WithSettings(Shell):
    """Does what the settings say, at once where they are changed.

    Args:
        folder: the vault's folder.
        inspection: the inspection to open after unlocking, where it is known.
        vault: a vault that is unlocked already.
        idle: seconds of idleness before locking; what the settings say if none.
    """

    def __init__(
        self,
        folder: Path,
        inspection: str = "",
        vault: Vault | None = None,
        idle: int | None = None,
    ) -> None:
        super().__init__(folder, inspection, vault)
        self.stillness = Stillness(IDLE_SECONDS if idle is None else idle)
        self.garbage = Garbage()
        self._idle_given = idle is not None
        self._reminded: date | None = None
        self.take_settings(read_settings())

    def take_settings(self, settings: Settings) -> None:
        """Look, lock and take keys as the settings say, from now on."""
        self.settings = settings
        self.choose_look(settings.theme, settings.glyphs)
        if not self._idle_given:
            self.stillness.idle = min(settings.idle_lock * 60, LONGEST_IDLE)
        registry().take_keys(settings.keys)
        self.set_keymap(registry().keymap)

    def watch_the_time(self) -> None:
        """Look every few seconds whether it is time for the debrief, and whether somebody rests."""
        self.set_interval(LOOKS_EVERY, self.remind)
        self.set_interval(LOOKS_EVERY, self._look_for_garbage)

    def _look_for_garbage(self) -> None:
        at_home = [getattr(page, "PAGE", "") for page in self.screen_stack[1:]] == ["home"]
        self.garbage.look(self.stillness.seconds, at_home=at_home)

    def pop_screen(self) -> AwaitComplete:
        """Close the page or dialog on top."""
        self.garbage.left += 1
        return super().pop_screen()

    def hold(self, vault: Vault) -> None:
        """Take charge of a vault; from now on no key waits until garbage was looked for."""
        super().hold(vault)
        self.garbage.put_off()

    def forget_vault(self) -> None:
        """Have no vault from now on."""
        super().forget_vault()
        self.garbage.as_usual()

    async def on_unmount(self) -> None:
        """Let Python look for garbage as it did before."""
        self.garbage.as_usual()

    def remind(self, now: datetime | None = None) -> None:
        """Remind of the day's debrief, once a day, at the time that the settings say.

        Args:
            now: local time; for tests.
        """
        if not (self.unlocked and self.inspection_id and self.settings.debrief_at) or self.covered:
            return
        from fieldkit.feedback.debriefs.reminder import debrief_reminder

        moment = now or datetime.now().astimezone()
        words = debrief_reminder(self.settings, moment)
        if words and self._reminded != moment.date():
            self._reminded = moment.date()
            self.notify(words, timeout=REMINDER_SECONDS, markup=False)
