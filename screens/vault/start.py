"""The pages a person begins with: the door of a locked vault, and where an unlocked one opens."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from fieldkit.vault import garbage
from screens.kit.frame.ahead import Ahead
from screens.kit.shell import Shell
from storage.errors import FieldkitError
from storage.vault.folder import exists

if TYPE_CHECKING:
    from storage.vault.vault import Vault


async def door(app: Shell, locked: str = "") -> None:
    """Ask for the passphrase; where there is no vault yet, begin the first run.

    A vault that was open a moment ago is asked for, also where its folder is gone meanwhile.
    ``locked`` says when and why it was locked.
    """
    app.notices = [*filter(None, [locked]), *app.notices]
    from screens.vault.unlock import UnlockPage

    try:
        there = app.had_vault or exists(app.folder)
    except FieldkitError as refusal:
        app.exit(return_code=1, message=str(refusal))
        return
    if there:
        await app.push_screen(UnlockPage())
    else:
        from screens.vault.begin.first_run import FirstRunPage

        await app.push_screen(FirstRunPage())
        garbage.often()


async def arrive(app: Shell, vault: Vault) -> None:
    """Go to the inspection that is open, or to the list of them.

    The vault's thread reads what the page is to show while the page is made.
    """
    from fieldkit.inspections import home, inspections

    if vault.staged:
        # Before anything is shown that would be without it.
        from fieldkit.inspections.unfinished import finish

        with suppress(FieldkitError):  # locked meanwhile: the next unlocking finishes it
            vault.finished = await asyncio.to_thread(finish, vault)
    try:
        # One after the other, without waiting for the page between them.
        wanted = app.inspection_id or None
        found = Ahead(vault, lambda s: inspections.the_open_one(s, wanted).id)
        app.read_frame_ahead(vault, found.known)
        ahead = Ahead(vault, lambda s: home.home(s, found.known(), full=False))
        await app.close_pages()
        app.inspection_id = await found.result()
        await app.go("home", ahead=ahead)
    except FieldkitError:
        app.inspection_id = ""
        await app.go("inspections")
