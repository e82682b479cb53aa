"""What a person hears once the vault is open: where it lies badly, and a code not on paper."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from screens.locking import saved

if TYPE_CHECKING:
    from screens.app import FieldkitApp
    from storage.vault import Vault


async def tell(app: FieldkitApp, vault: Vault, *, first: bool) -> None:
    """Save what the last lock could not, and say what there is to say; runs in a worker.

    Where the vault lies is said at the ``first`` unlocking of a run only.
    """
    from screens.changing_keys import offer_new_code
    from screens.dialogs import Tell
    from screens.looking_after import look
    from storage.neighbourhood import loud
    from storage.vault import EARLIER_KEYS

    if unsaved := await saved(app, settle=False):
        app.say(unsaved, error=True)
    told = await asyncio.to_thread(loud, vault.folder) if first else []
    if vault.earlier_keys:
        told = [*told, EARLIER_KEYS]
    if told:
        await app.push_screen_wait(Tell("Where the vault lies", "\n\n".join(told)))
    if app.unlocked and app.vault is vault:
        await _last_exchange(app, vault)
    if app.unlocked and app.vault is vault:
        await look(app, vault)
    if app.unlocked and app.vault is vault:
        await offer_new_code(app)


async def _last_exchange(app: FieldkitApp, vault: Vault) -> None:
    """Say once how an exchange ended that was still going on when the vault was locked."""
    from fieldkit import last_exchange

    if said := await asyncio.to_thread(last_exchange.last_line, vault, untold=True):
        # It was cut off by the lock, or by whatever ended the app: to be read, so it stays longer.
        app.say(said, error=True)
        await asyncio.to_thread(last_exchange.told, vault)
