"""A day of the app's services that says after each step what is committed: for power cuts.

``python -m tests.torture.daily FOLDER STEPS`` keeps everything that counts below ``FOLDER/disk``;
each line of ``FOLDER/acknowledged`` says what a person has been told is safe at that moment. A
refusal ends the day: it is printed, and the exit code is 7.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.evidence.notes import add_note, notes_of
from fieldkit.history import search
from fieldkit.inspections import inspections
from storage import files
from storage.central import Central, Root
from storage.crypto.keyslots.kdf import Argon2Params
from storage.errors import FieldkitError
from storage.exchange.enrol import enrol_request, take_roster
from storage.exchange.export import export
from storage.feed import drafts
from storage.vault.backup.make import back_up
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

CHEAP = Argon2Params(64 * 1024, 1, 1)
REFUSED = 7
"""The exit code of a day that a refusal ended."""
PASSPHRASES = [f"gravel otter tundra window {number}" for number in range(40)]
WORDS = "He said he had told the duty sergeant twice and that nobody had rung him back. "
VAULT, STICK, BACKUPS = "vault", "stick", "backups"


class Day:
    """The day, and what of it is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self.disk = folder / "disk"
        self.around = folder / "around"
        self.around.mkdir()
        self._told = os.open(folder / "acknowledged", os.O_CREAT | os.O_WRONLY, 0o600)
        self.vault: Vault
        self.words = 0
        self.code = ""
        self.files: dict[str, str] = {}
        self.inspection = ""
        self.cases: list[str] = []

    def acknowledge(self) -> None:
        """Write down what a person may now rely on, in one write."""
        said: dict[str, Any] = {
            "key": bytes(self.vault._key).hex(),
            "passphrase": PASSPHRASES[self.words],
            "code": self.code,
            "files": self.files,
            **self.vault.read_now(standing),
        }
        os.write(self._told, json.dumps(said).encode() + b"\n")

    def live(self, steps: int) -> None:
        """Everything, again and again, as often as is asked."""
        self.vault, self.code = create_vault(self.disk / VAULT, PASSPHRASES[0], "Ada", params=CHEAP)
        self.acknowledge()
        self._enrol()
        files.make_folder(self.disk / STICK)
        self.vault.write_now(self._begin)
        self.acknowledge()
        for step in range(steps):
            self._notes(step)
            if step % 3 == 0:
                self._keys()
            if step % 3 == 1:
                self._send()
            if step % 3 == 2:
                self._back_up()
            if step % 2:
                self._lock_and_unlock()
        self.vault.lock()

    def _enrol(self) -> None:
        root, _ = Root.create(self.around / "root", "four words of tests", params=CHEAP)
        central, _ = Central.create(
            self.around / "central", "four words of tests", org="Inspectorate", params=CHEAP
        )
        with root, central:
            assert central.proposal is not None
            central.take_roster(root.sign(central.proposal))
            enrol_request(self.vault, self.around / "request")
            central.enrol(self.around / "request")
            assert central.proposal is not None
            central.take_roster(root.sign(central.proposal))
            (self.around / "roster").write_bytes(central.roster()[0].encode())
        take_roster(self.vault, self.around / "roster", fingerprint_confirmed=True)
        self.acknowledge()

    def _begin(self, s: Session) -> None:
        made = inspections.create(s, force="Westshire", methodology="2018", starts="2026-07-06")
        self.inspection = made.id
        for number in range(6):
            one = add_case(
                s, made.id, f"WST-{number:03}", types=["missing"], force_ref=f"42/{number}007/26"
            )
            self.cases.append(one.id)

    def _notes(self, step: int) -> None:
        """Text that grows in a draft and becomes a note; grades; searching."""
        vault = self.vault
        for number in range(3):
            case = self.cases[(step + number) % len(self.cases)]
            place, text = f"new-note/{case}", ""
            for _ in range(4):
                text += WORDS * (1 + number)
                vault.write_now(drafts.save, place, "text", "WST, a remark", text)
                self.acknowledge()

            def commit(s: Session, case: str = case, place: str = place, text: str = text) -> None:
                add_note(s, "case", case, text)
                drafts.committed(s, place, "text")

            vault.write_now(commit)
            self.acknowledge()
            vault.write_now(judging.grade, case, "investigation", ("good", "inadequate")[step % 2])
            self.acknowledge()
        vault.read_now(search.search, self.inspection, "sergeant")
        vault.read_now(notes_of, self.cases[0])
        vault.write_now(drafts.save, "new-point/one", "wording", "A point", f"{WORDS}{step}")
        self.acknowledge()

    def _keys(self) -> None:
        self.vault.change_passphrase(PASSPHRASES[self.words + 1])
        self.words += 1
        self.acknowledge()
        self.code = self.vault.with_key(lambda keys, key: keys.renew_recovery(key))
        self.acknowledge()

    def _send(self) -> None:
        done = export(self.vault, self.disk / STICK, full=True)
        self._keep(done.path)
        self.acknowledge()

    def _back_up(self) -> None:
        made = back_up(self.vault, self.disk / BACKUPS)
        # Older generations go in their turn; the newest is what a person relies on.
        self.files = {k: v for k, v in self.files.items() if not k.startswith(BACKUPS)}
        for one in sorted(made.backup.path.iterdir()):
            self._keep(one)
        self.acknowledge()

    def _keep(self, path: Path) -> None:
        name = str(path.relative_to(self.disk))
        self.files[name] = hashlib.sha256(path.read_bytes()).hexdigest()

    def _lock_and_unlock(self) -> None:
        self.acknowledge()
        self.vault.lock()
        self.vault = open_vault(self.disk / VAULT, PASSPHRASES[self.words])
        self.acknowledge()


def standing(s: Session) -> dict[str, Any]:
    """How far the feeds have come, with their heads, and the drafts that wait."""
    rows = s.connection().exec_driver_sql("SELECT device, epoch, kind, seq, head FROM feed")
    feeds = {f"{row[0]}/{row[1]}/{row[2]}": [row[3], row[4].hex()] for row in rows}
    waiting = {f"{one.place} {one.field}": one.text for one in drafts.listed(s)}
    return {"feeds": feeds, "drafts": waiting}


if __name__ == "__main__":
    try:
        Day(Path(sys.argv[1])).live(int(sys.argv[2]))
    except FieldkitError as refusal:
        print(refusal)
        sys.exit(REFUSED)
