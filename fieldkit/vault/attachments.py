"""Moving a file that was read in into the vault, and writing it out again.

After an import the force's workbook still lies in Downloads, for anybody to read. It can be moved
into the vault; its bytes are there, durably and read back, before the file is removed.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from fieldkit.service import NotThereError, RefusedError
from storage import files
from storage.durable import delete, sync_folder
from storage.ops.text import clean_text
from storage.vault import attachments
from storage.vault.attachments import Attachment
from storage.vault.vault import Vault

WORKBOOK, CASE_LIST = "self-assessment", "cases"
"""What a file was read for: the force's workbook, and our own list of cases."""
LARGEST_BYTES = 64 << 20
"""Of a file that is kept; no larger one is read in either (``workbook/values/limits.toml``)."""
SHORTEST_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""
REMOVED = (
    "{name} is in the vault, encrypted, and the file is removed. What a solid-state disk, a bin, a "
    "synchronised folder or an e-mail keeps of it is not reached."
)
LEFT = "{name} is in the vault, encrypted; the file is still there ({reason}). Delete it yourself."
LIES_THERE = "{name} still lies in {folder}, for anybody to read."


@dataclass(frozen=True, slots=True)
class Moved:
    """Says what became of a file: where it is kept, and whether it was removed."""

    attachment: str
    removed: bool
    text: str


def move_in(vault: Vault, inspection_id: str, purpose: str, path: Path, sha256: str) -> Moved:
    """Keep a file in the vault and remove it; not to be called on the clerk's own thread.

    Args:
        vault: unlocked.
        inspection_id: of which inspection it is.
        purpose: :data:`WORKBOOK` or :data:`CASE_LIST`.
        path: where it lies.
        sha256: of the bytes that were read in; a file that has others is not theirs.

    Raises:
        FileRefusedError: it cannot be read, or is too large.
        RefusedError: it has changed since, or does not read back. The file is then as it was.
    """
    data = files.read(path, LARGEST_BYTES)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RefusedError(
            f"{path} has changed since it was read in. It was not moved, and is as it was. Import "
            "it anew, or look where the file of the import lies."
        )
    kept = next(
        (
            one
            for one in vault.read_now(attachments.attachments, inspection_id)
            if (one.sha256, one.purpose) == (sha256, purpose)
        ),
        None,
    )
    attachment = kept.id if kept is not None else _keep(vault, inspection_id, purpose, path, data)
    if _bytes_of(vault, attachment, len(data)) != data:
        raise RefusedError(
            f"{path} did not read back from the vault as it is. The file is as it was. Run "
            "“fieldkit vault check”."
        )
    vault.write_now(attachments.finish, attachment)
    reason = _removed(path, sha256)
    text = LEFT.format(name=path.name, reason=reason) if reason else REMOVED.format(name=path.name)
    return Moved(attachment, not reason, text)


def _keep(vault: Vault, inspection_id: str, purpose: str, path: Path, data: bytes) -> str:
    attachment = str(uuid.uuid4())
    name = clean_text(path.name)
    vault.write_now(attachments.begin, attachment, inspection_id, purpose, name, data)
    for number, part in attachments.pieces(data):
        vault.write_now(attachments.add_part, attachment, number, part)
    return attachment


def _bytes_of(vault: Vault, attachment: str, size: int) -> bytes:
    parts = -(-size // attachments.PART_BYTES)
    numbers = range(parts)
    return b"".join(vault.read_now(attachments.read_part, attachment, one) for one in numbers)


def _removed(path: Path, sha256: str) -> str:
    """Remove a file that is still the one that was kept; return why not, or nothing."""
    try:
        if not files.is_plain(path):
            return "its name is a link"
        if files.sha256(path) != sha256:
            return "it has changed meanwhile"
        delete(path)
        sync_folder(path.parent)
    except OSError as error:
        return str(error.strerror or error)
    return ""


def kept_files(s: Session, inspection_id: str, purpose: str) -> list[Attachment]:
    """Return the files that are kept of what was read in for a purpose, the latest first."""
    return [one for one in attachments.attachments(s, inspection_id) if one.purpose == purpose]


def find_file(s: Session, inspection_id: str, purpose: str, wanted: str = "") -> Attachment:
    """Return the latest file, or the one whose id begins so; raises `NotThereError`."""
    text = wanted.strip().lower()
    kept = kept_files(s, inspection_id, purpose)
    if text:
        known = len(text) >= SHORTEST_PREFIX
        kept = [one for one in kept if known and one.id.startswith(text)]
    if not kept:
        raise NotThereError(
            "No such file is kept in this vault. Nothing was changed or written. “--keep” of the "
            "import moves its file in."
        )
    return kept[0]


def bytes_of(vault: Vault, file: Attachment) -> bytes:
    """Return the bytes of a file; not for the clerk's thread. Raises `RefusedError`."""
    data = _bytes_of(vault, file.id, file.size)
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise RefusedError(
            f"{file.name} in the vault is damaged. Nothing was written. Run “fieldkit vault check” "
            "and take it from a backup."
        )
    return data
