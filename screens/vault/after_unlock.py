"""What a person hears once the vault is open: where it lies badly, and a code not on paper."""

from __future__ import annotations

import asyncio

from fieldkit.exchange import last_exchange
from fieldkit.vault.backups import epoch_change_text
from fieldkit.vault.settings import read_settings
from fieldkit.vault.short_code import short_code
from screens.kit.dialogs import Tell
from screens.kit.shell import Shell
from screens.vault.credentials import offer_new_code
from storage.errors import FieldkitError
from storage.feed.chain import recent
from storage.vault.location import loud
from storage.vault.vault import EARLIER_KEYS, Vault

UNSOUND = (
    "The end of what was entered is not as it was written:\n\n{found}\n\nNothing was changed. Lock "
    "the vault, copy its folder aside as it is, unlock it again and press c on its page (v), or "
    "run “fieldkit vault check”: it looks at everything and says what to do."
)


async def tell(app: Shell, vault: Vault, *, first: bool) -> None:
    """Save what the last lock could not, and say what there is to say; runs in a worker.

    Where the vault lies and which settings cannot be used is said at the ``first`` unlocking only.
    """
    if unsaved := await app.save_typing(settle=False):
        app.say(unsaved, error=True)
    # Before any dialog, which the cover may have to hide.
    app.short_code = await asyncio.to_thread(short_code, vault)
    warnings = await asyncio.to_thread(loud, vault.folder) if first else []
    if vault.earlier_keys:
        warnings = [*warnings, EARLIER_KEYS]
    if warnings:
        await app.push_screen_wait(Tell("Where the vault lies", "\n\n".join(warnings)))
    if first and (unused := read_settings().notices):
        await app.push_screen_wait(Tell("Settings that cannot be used", "\n\n".join(unused)))
    if vault.finished:
        told, vault.finished = "\n\n".join(vault.finished), []
        await app.push_screen_wait(Tell("What the lock had cut short", told))
    for step in (_last_exchange, look, offer_new_code):
        if app.unlocked and app.vault is vault:
            await step(app, vault)


async def _last_exchange(app: Shell, vault: Vault) -> None:
    """Say once how an exchange ended that was still going on when the vault was locked."""
    if ending := await asyncio.to_thread(last_exchange.last_line, vault, untold=True):
        # It was cut off by the lock, or by whatever ended the app: to be read, so it stays longer.
        app.say(ending, error=True)
        await asyncio.to_thread(last_exchange.told, vault)


async def look(app: Shell, vault: Vault) -> None:
    """Tell of a vault that was put back, and of a chain whose end does not hold; from a worker."""
    if vault.epoch_change is not None:
        title = (
            "Restored or rolled back" if vault.epoch_change.set_back else "Restored from a backup"
        )
        await app.push_screen_wait(Tell(title, epoch_change_text(vault.epoch_change)))
    try:
        unsound = await vault.read(recent)
    except FieldkitError:
        # Locked meanwhile: it is looked at again at the next unlocking.
        return
    if unsound:
        text = UNSOUND.format(found="\n".join(unsound[:5]))
        await app.push_screen_wait(Tell("The vault is not sound", text))
