"""Makes a fixture: a real, small vault of the present format, kept for every later fieldkit.

    python -m tests.storage.vault.vaults.make tests/storage/vault/vaults/format-N

Run it once for each released format, and never again for one that is there: what matters is that
the bytes were written by the fieldkit of that time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sqlmodel import Session

from storage.crypto.keyslots.kdf import Argon2Params
from storage.database.tables import SCHEMA
from storage.feed import drafts
from storage.records import Note
from storage.vault.unlock import create_vault
from tests.storage.travelling import INSPECTION, work

PASSPHRASE = "fixture otter tundra window"
CHEAP = Argon2Params(64 * 1024, 1, 1)
README = """\
A vault of store version {version}, made by `tests/storage/vault/vaults/make.py`; invented content.

Passphrase: `{passphrase}`. Recovery code: `{code}`.

Tests open a copy of it. It is never made again: later versions of fieldkit must read what this one
wrote.
"""


def make(folder: Path) -> None:
    """Make the vault in a folder that does not exist."""
    vault, code = create_vault(folder, PASSPHRASE, "A. Inspector", params=CHEAP)
    with vault:
        vault.write_now(work)
        vault.write_now(work, reference="WST-002", words="second case")

        vault.write_now(drafts.save, "note/x", "text", "WST-002, note", "half a sen")

        def deleted(session: Session) -> None:
            note = Note.make(
                inspection_id=INSPECTION, parent_kind="case", parent_id="x", text="gone"
            )
            session.add(note)
            session.flush()
            session.delete(note)

        vault.write_now(deleted)
    (folder / "vault.keys.bak").unlink()
    text = README.format(version=SCHEMA, passphrase=PASSPHRASE, code=code)
    (folder / "README.md").write_text(text, "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
