"""What is looked at behind the home screen once a vault is open: was it put back, is its end whole.

Told only where there is something; nothing that is typed waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import FieldkitError

if TYPE_CHECKING:
    from screens.app import FieldkitApp
    from storage.vault import Vault

UNSOUND = (
    "The end of what was entered is not as it was written:\n\n{found}\n\nNothing was changed. Lock "
    "the vault, copy its folder aside as it is, and run «fieldkit vault check», which looks at "
    "everything and says what to do."
)


async def look(app: FieldkitApp, vault: Vault) -> None:
    """Tell of a vault that was put back, and of a chain whose end does not hold; from a worker."""
    from screens.dialogs import Tell
    from storage.chains import recent

    if vault.turn is not None:
        from fieldkit.safekeeping import turned_text

        title = "Restored or rolled back" if vault.turn.set_back else "Restored from a backup"
        await app.push_screen_wait(Tell(title, turned_text(vault.turn)))
    try:
        found = await vault.read(recent)
    except FieldkitError:
        # Locked meanwhile: it is looked at again at the next unlocking.
        return
    if found:
        said = UNSOUND.format(found="\n".join(found[:5]))
        await app.push_screen_wait(Tell("The vault is not sound", said))
