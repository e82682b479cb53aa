"""A new file for somebody outside: whole or not at all, for its owner only, replacing nothing."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from storage.errors import FieldkitError
from storage.files import owner_only


class NotMadeError(FieldkitError):
    """The file could not be made; nothing left the vault."""


class NewFile:
    """A file under a temporary name in its own folder; ``publish`` or ``discard`` ends it.

    Args:
        path: the name it is to have. Nothing may lie there, neither now nor when it is published.
        data: all of it.

    Raises:
        NotMadeError: something lies there, or the folder cannot be written.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        if not path.parent.is_dir():
            raise NotMadeError(
                f"There is no folder {path.parent}. Nothing left the vault. Make it, or name "
                "another."
            )
        self._must_be_free()
        try:
            with open(self._temporary, "xb", opener=owner_only) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.discard()
            raise self._refused(error) from error

    def publish(self) -> None:
        """Give it its name; raises :class:`NotMadeError`, the file then gone."""
        try:
            try:
                # Fails where something took the name meanwhile; renaming would replace it.
                os.link(self._temporary, self.path)
            except FileExistsError:
                raise
            except OSError:
                # Sticks with FAT or exFAT have no hard links.
                self._must_be_free()
                self._temporary.rename(self.path)
            else:
                self._temporary.unlink()
        except FileExistsError:
            self.discard()
            raise self._taken() from None
        except OSError as error:
            self.discard()
            raise self._refused(error) from error
        except NotMadeError:
            self.discard()
            raise

    def discard(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def _must_be_free(self) -> None:
        if os.path.lexists(self.path):
            raise self._taken()

    def _taken(self) -> NotMadeError:
        return NotMadeError(
            f"There is a file {self.path} already, and it is never written over. Nothing left the "
            "vault. Name another."
        )

    def _refused(self, error: OSError) -> NotMadeError:
        return NotMadeError(
            f"{self.path} could not be written ({error.strerror or error}). Nothing left the "
            "vault. Check the disk or stick, and try again."
        )
