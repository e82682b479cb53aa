"""Small files that come and go: read within a limit, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from storage.errors import FieldkitError


class FileRefusedError(FieldkitError):
    """A file could not be read or written."""


def read(path: Path, limit: int) -> bytes:
    """All of a file; raises :class:`FileRefusedError` where it cannot be read or is too large."""
    try:
        if not path.is_file():
            raise FileRefusedError(f"There is no file {path}. Nothing was changed. Check its name.")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise FileRefusedError(
            f"{path} could not be read ({error.strerror or error}). Nothing was changed. Check the "
            "stick or disk it lies on."
        ) from error
    if len(data) > limit:
        raise FileRefusedError(
            f"{path} is larger than the {limit:,} bytes that belong there. Nothing was changed. "
            "Check that it is the right file."
        )
    return data


def write(path: Path, data: bytes) -> None:
    """Write a file durably, whole or not at all, in place of one of the same name.

    Raises :class:`FileRefusedError` where the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise FileRefusedError(
            f"{path} could not be written ({error.strerror or error}). Nothing was changed. Check "
            "that its folder is there and can be written."
        ) from error
