"""Restoring a backup before a vault is open: which one, then what opened it at its time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.vault.restoring import (
    BackupsFound,
    RestoredHere,
    backups_known,
    restore_here,
    vault_id_of,
)
from fieldkit.wording.dates import short_moment
from screens.kit.dialogs import Choice, Dialog, Pick, Tell
from screens.kit.folder_picker import downloads, sticks, typed
from screens.kit.shell import Shell
from screens.kit.text import plain
from screens.vault.passphrase_input import PassphraseInput
from storage.crypto.keyslots.errors import WrongPassphrase, WrongRecoveryCode
from storage.crypto.keyslots.keyfile import KeyFile
from storage.errors import FieldkitError
from storage.ops.text import size
from storage.vault.backup.generations import Backup, backups_in
from storage.vault.folder import DATABASE, KEYS, exists
from storage.vault.unlock import open_vault, open_with_recovery
from storage.vault.vault import Vault

ELSEWHERE = "elsewhere"
"""The choice of another folder; never the path of a backup."""
NONE_THERE = (
    "There is no backup in {folder}. Nothing was changed. A backup is a folder with the files "
    "vault.db and vault.keys; name it, or the folder that it lies in."
)
KEYS_LINE = "enter  restore     f6  show     ctrl+r  {other}     esc  cancel"


async def restore_backup(app: Shell) -> None:
    """Ask for a backup and what opens it, make the vault of it, and enter. Runs in a worker."""
    places = [*await asyncio.to_thread(sticks), downloads()]
    known = await asyncio.to_thread(backups_known, app.folder, places)
    chosen = await _choose(app, known)
    if chosen is not None:
        await app.push_screen_wait(RestoreBackup(chosen))


async def _choose(app: Shell, known: BackupsFound) -> Path | None:
    while True:
        choices = [
            Choice(str(one.path), _called(known, one), str(one.path.parent))
            for one in known.backups
        ]
        choices.append(Choice(ELSEWHERE, "in another folder …", known.limit))
        picked = await app.push_screen_wait(Pick("Which backup?", choices))
        if picked is None:
            return None
        if picked != ELSEWHERE:
            return Path(picked)
        found = await app.push_screen_wait(FindBackup())
        if found and len(found) == 1:
            return Path(found[0].path)
        if found:
            known = replace(known, backups=found)


def _called(known: BackupsFound, backup: Backup) -> str:
    """Return when a backup was made, its size, and of which vault it is where that is not plain."""
    parts = [short_moment(backup.at), size(backup.size), known.whose(backup)]
    return ", ".join(filter(None, parts))


class FindBackup(Dialog[list[Backup] | None]):
    """Asks for a folder and gives the backups that lie in it; one that has none is a sentence."""

    DEFAULT_CSS = "FindBackup #said { height: auto; color: $text-error; }"

    def __init__(self) -> None:
        super().__init__("The folder of the backup", "enter  look there     esc  cancel")

    def body(self) -> Iterable[Widget]:
        """Yield the path, and what came of it."""
        yield Input(placeholder="e.g. /media/stick", id="path", compact=True)
        yield Static("", id="said", markup=False)

    def on_mount(self) -> None:
        """Begin in the path."""
        self.query_one(Input).focus()

    @work
    async def on_input_submitted(self) -> None:
        """Look there."""
        text = self.query_one(Input).value
        if not text.strip():
            return
        folder = typed(text)
        found = await asyncio.to_thread(_in, folder)
        if found:
            self.dismiss(found)
        else:
            self.set_text("#said", NONE_THERE.format(folder=folder))


def _in(folder: Path) -> list[Backup]:
    """Return the backups of a folder, or the folder itself where it is one."""
    found = backups_in(folder)
    if not found and (folder / DATABASE).is_file() and (folder / KEYS).is_file():
        bytes_ = (folder / DATABASE).stat().st_size
        return [Backup(folder.absolute(), vault_id_of(folder), "", bytes_, {})]
    return found


class RestoreBackup(Dialog[None]):
    """Asks for the passphrase of a backup's time, or its recovery code, and restores it.

    Args:
        backup: the folder of the backup.
    """

    DEFAULT_CSS = """
    RestoreBackup Static { height: auto; }
    RestoreBackup PassphraseInput { margin: 1 0; }
    RestoreBackup #said { color: $text-warning; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+r", "turn", priority=True),
        Binding("f6", "show", priority=True),
    ]

    def __init__(self, backup: Path) -> None:
        super().__init__("Restore a backup", KEYS_LINE.format(other="recovery code"))
        self._backup = backup
        self._recovery = self._busy = False

    def body(self) -> Iterable[Widget]:
        """Yield what will be done, the field, and what came of it."""
        yield Static("", id="what", markup=False)
        yield PassphraseInput(password=True, id="answer", select_on_focus=False)
        yield Static("", id="said", markup=False)

    def on_mount(self) -> None:
        """Begin with the passphrase."""
        self._ask()

    def _ask(self) -> None:
        asked = "The recovery code" if self._recovery else "The passphrase"
        where = f"The vault is made in {self.fieldkit.folder}."
        if exists(self.fieldkit.folder):
            where += " The one that lies there is set aside beside it, as it is."
        self.set_text(
            "#what",
            plain(
                f"{self._backup}\n\n{where} The backup itself stays as it is.\n\n"
                f"{asked} that the vault had when the backup was made."
            ),
        )
        other = "passphrase" if self._recovery else "recovery code"
        self.set_text("#keys", KEYS_LINE.format(other=other))
        field = self.query_one(PassphraseInput)
        field.password = not self._recovery
        field.value = ""
        field.focus()

    def action_turn(self) -> None:
        """Turn between passphrase and recovery code."""
        if not self._busy:
            self._recovery = not self._recovery
            self._ask()

    def action_show(self) -> None:
        """Show what is typed, or hide it again."""
        field = self.query_one(PassphraseInput)
        field.password = not field.password

    def on_input_submitted(self) -> None:
        """Restore."""
        self._restore(self.query_one(PassphraseInput).value)

    @work
    async def _restore(self, typed_text: str) -> None:
        app = self.fieldkit
        if self._busy or not typed_text:
            return
        if app.unlock_delay.seconds_left:
            return self.set_text("#said", app.unlock_delay.sentence)
        self._busy = app.opening = True
        self.set_text("#said", "Reading and verifying the backup …")
        try:
            done, vault = await asyncio.to_thread(
                _make, self._backup, app.folder, typed_text, recovery=self._recovery
            )
        except NotOpenedError as refusal:
            app.opening = False
            self.dismiss(None)
            app.call_later(app.push_screen, Tell("Restored, not opened", str(refusal).strip()))
            return None
        except (FieldkitError, OSError) as refusal:
            app.opening = False
            self._refused(refusal)
            return None
        except BaseException:
            app.opening = False
            raise
        finally:
            self._busy = False
        self.dismiss(None)
        # In the app's own time: a dialog cannot await its own removal.
        app.call_later(_enter, app, vault, done)
        return None

    def _refused(self, refusal: FieldkitError | OSError) -> None:
        delay = self.fieldkit.unlock_delay
        if isinstance(refusal, WrongPassphrase | WrongRecoveryCode):
            delay.count_wrong()
            what = "recovery code" if self._recovery else "passphrase"
            said = f"That {what} does not open the backup. Nothing was changed. {delay.sentence}"
            if not self._recovery:
                self.query_one(PassphraseInput).value = ""
        else:
            said = str(refusal)
        self.set_text("#said", said.strip())

    async def action_cancel(self) -> None:
        """Close; while the backup is read there is nothing to cancel."""
        if not self._busy:
            self.dismiss(None)


class NotOpenedError(FieldkitError):
    """A backup was restored and does not open; to restore it once more would not help."""


def _make(
    backup: Path, folder: Path, typed_text: str, *, recovery: bool
) -> tuple[RestoredHere, Vault]:
    """Make the vault of the backup and open it."""

    def unlock(keys: KeyFile) -> bytearray:
        return keys.unlock_recovery(typed_text) if recovery else keys.unlock(typed_text)

    done = restore_here(backup, folder, unlock)
    opener = open_with_recovery if recovery else open_vault
    try:
        return done, opener(folder, typed_text)
    except FieldkitError as refusal:
        raise NotOpenedError(
            f"The backup is restored in {folder}, and could not be opened: {refusal} {done.words}"
        ) from refusal


async def _enter(app: Shell, vault: Vault, done: RestoredHere) -> None:
    """Go into the vault, and say where the one before is."""
    await app.entered(vault)
    if done.words:
        await app.push_screen(Tell("Restored", done.words))
