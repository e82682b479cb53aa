"""What a file of fieldkit is, where it was given to a command that takes another kind."""

from __future__ import annotations

from pathlib import Path

from fieldkit.service import RefusedError
from storage import files
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.errors import FieldkitError

_AGE = b"age-encryption.org/"
_NAMED = {
    "bundle": "a bundle",
    "roster": "a roster",
    "receipt": "a receipt of central's",
    "request": "a laptop's request to be enrolled",
}
_TAKEN = {
    "bundle": "Take it in with “fieldkit merge FILE”, or all of a folder with “fieldkit exchange”",
    "roster": "Take it in with “fieldkit enrol FILE”",
    "receipt": "Take it in with “fieldkit receipt FILE”",
    "request": "Give it to central's administrator",
}
_LOOK = {
    "bundle": "Look for a file whose name ends in .fkb.age; if this is one, ask for it again",
    "roster": "Ask central's administrator for the roster's file",
    "receipt": "Ask central's administrator for this laptop's receipt",
}


def refuse_other(path: Path, wanted: str) -> None:
    """Say what a file is, and what takes it, where it is not the kind that is wanted.

    A file that is not there, or cannot be read, is left to whoever reads it in earnest.

    Args:
        path: the file.
        wanted: bundle, roster or receipt.

    Raises:
        RefusedError: it is a folder, of another kind, or nothing of fieldkit's.
    """
    if path.is_dir():
        raise RefusedError(
            f"{path} is a folder. Nothing was changed. Name a file in it, or take in all that is "
            "new in it with “fieldkit exchange”."
        )
    try:
        with files.open_named(path) as file:
            data = file.read(MAX_DOCUMENT_BYTES + 1)
    except OSError:
        return
    kind = _kind(data)
    if kind == wanted:
        return
    if kind in _NAMED:
        raise RefusedError(
            f"{path.name} is {_NAMED[kind]}, not {_NAMED[wanted]}. Nothing was changed. "
            f"{_TAKEN[kind]}."
        )
    raise RefusedError(
        f"{path.name} is not {_NAMED[wanted]}, nor anything else that fieldkit makes, or it is "
        f"damaged from its first bytes on. Nothing was changed. {_LOOK[wanted]}."
    )


def _kind(data: bytes) -> str:
    if data.startswith(_AGE):
        return "bundle"
    try:
        return str(Signed.read(data).value().get("t", ""))
    except (FieldkitError, ValueError):
        return ""
