"""Makes and unlocks a vault: by passphrase, recovery code or the organisation's escrow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from storage import files
from storage.crypto.keyslots.escrow import read_identity, unsealer
from storage.crypto.keyslots.kdf import Argon2Params, calibrate
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import refuse_if_open
from storage.errors import FieldkitError
from storage.ops.clock import wall_ms, wall_text
from storage.progress import Progress, silent
from storage.trust.identity import new_facts
from storage.vault.clerk import Clerk
from storage.vault.folder import DATABASE, KEYS, exists
from storage.vault.leftovers import Making, no_vault
from storage.vault.migrate import bring_up_to_date
from storage.vault.vault import CODE_UNCONFIRMED, KEYS_SEEN, Vault


class NoVaultError(FieldkitError):
    """There is no vault in the folder."""

    code = "no_vault"


_PR_SET_DUMPABLE = 4
"""prctl(2) under Linux."""


def close_to_others() -> None:
    """Leave no core dump from now on, and let no other process of the user's look in.

    As far as the system allows; called whenever a vault is opened. Without it, a crash would write
    the keys to a disk, and any program of the same user could read them out of the memory.
    """
    if sys.platform == "win32":
        return
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        # Under Linux a limit of 1 byte also keeps the core from a program that collects them
        # (fieldkit/cli/kit/hardening.py); what is lower already stays.
        if soft not in (0, 1):
            resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def create_vault(
    folder: Path,
    passphrase: str,
    person: str,
    *,
    params: Argon2Params | None = None,
    code_unconfirmed: bool = False,
) -> tuple[Vault, str]:
    """Make a vault in a folder without one; returns it unlocked, and the recovery code.

    Without ``params`` the derivation is calibrated to take about a second here, never under the
    floor. With ``code_unconfirmed`` the vault notes from the first moment that nobody has shown
    yet to have the code on paper (:mod:`storage.vault.credentials`). Raises what
    :mod:`storage.crypto.keyslots` and :mod:`storage.database.cipher` raise; a part that was made
    before a failure is taken away again, or is no vault (:class:`~storage.vault.leftovers.Making`).
    """
    if exists(folder):
        raise FieldkitError(
            f"There is a vault in {folder} already. Nothing was changed. Unlock it, or choose "
            "another folder."
        )
    close_to_others()
    files.make_folder(folder)
    costs = params or calibrate()
    with Making(folder) as making:
        keys, key, code = KeyFile.create(
            folder / KEYS,
            passphrase,
            params=costs,
            now=wall_text(wall_ms()),
            vault_id=making.vault_id,
        )
        vault = Vault(folder, keys, key, Clerk())
        try:
            facts = new_facts(keys.vault_id, person)
            if code_unconfirmed:
                facts |= CODE_UNCONFIRMED.item(True)
            vault.make_store(facts | KEYS_SEEN.item(keys.generation))
            making.done()
        except BaseException:
            vault.abandon()
            raise
    return vault, code


def open_vault(folder: Path, passphrase: str, progress: Progress = silent) -> Vault:
    """Unlock with the passphrase.

    A vault of an earlier fieldkit is brought up to date first, after a backup beside its folder;
    ``progress`` hears what is being done, how much of it, and of how much.

    Raises the refusals of :mod:`storage.crypto.keyslots` and :mod:`storage.database.cipher`, each
    with its own sentence; nothing is created, changed or deleted by a refusal.
    """
    return open_with(folder, lambda keys: keys.unlock(passphrase), progress)


def open_with_recovery(folder: Path, code: str, progress: Progress = silent) -> Vault:
    """Unlock with the recovery code; raises as :func:`open_vault` does."""
    return open_with(folder, lambda keys: keys.unlock_recovery(code), progress)


def open_with_escrow(folder: Path, identity: str) -> Vault:
    """Unlock with the organisation's secret age identity, as text.

    Raises as :func:`open_vault` does, ``KeyTextError`` where the text is no identity,
    ``NoSuchSlot`` and ``EscrowNotOpened``.
    """
    unseal = unsealer(read_identity(identity))
    return open_with(folder, lambda keys: keys.unlock_escrow(unseal))


def open_with(
    folder: Path, unlock: Callable[[KeyFile], bytearray], progress: Progress = silent
) -> Vault:
    """Unlock with whatever ``unlock`` takes the vault key out of the key file with."""
    if not exists(folder):
        raise NoVaultError(no_vault(folder))
    keys = KeyFile.load(folder / KEYS)
    refuse_if_open(folder / DATABASE)
    close_to_others()
    key = unlock(keys)
    vault = Vault(folder, keys, key, Clerk())
    try:
        outdated = vault.open_store(key)
    except BaseException:
        vault.abandon()
        raise
    if outdated:
        try:
            bring_up_to_date(vault, progress)
        except BaseException:
            vault.lock()
            raise
    return vault
