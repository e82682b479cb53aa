"""The demo of the practice day: a throw-away vault, what is entered in it, and how it is proved."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from fieldkit.demo.cases import read
from fieldkit.demo.practice import Practice, practice
from fieldkit.demo.workbook import Truth, write_workbook
from fieldkit.service import today
from fieldkit.vault.folders import temporary_parent
from storage.crypto.keyslots.kdf import FLOOR
from storage.durable import remove_tree
from storage.errors import FieldkitError
from storage.vault.check import Checkup, check_vault
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

INSPECTOR = "Inspector A"
"""The vault's person; the cases of the list's first auditor are theirs."""

OPENS_WITH = "westshire practice day"
"""What unlocks the throw-away vault: easy to type, and worth nothing."""

PREFIX, VAULT = "fieldkit-practice-", "vault"
"""How the name of a practice day's folder begins, and where in it the vault lies."""

CASE_HEADINGS = ("case", "force_ref", "type", "date_of_incident", "origin")


class NotAsItMustBeError(FieldkitError):
    """A step of the practice day did not come out as it must."""


def insist(holds: bool, what: str) -> None:
    """Raise :class:`NotAsItMustBeError` unless it holds."""
    if not holds:
        raise NotAsItMustBeError(
            f"The practice day stopped, because something is not as it must be: {what}. Only the "
            "throw-away vault was touched."
        )


def practice_today() -> Practice:
    """Return the practice inspection whose third day on site is today, so that its clocks run."""
    lived: int = read("fieldwork.toml")["today"]
    return practice(date.fromisoformat(today()) - timedelta(days=lived))


@dataclass
class PracticeVault:
    """Holds a throw-away vault in a temporary folder, removed with everything in it at the end.

    Attributes:
        folder: the temporary folder; the vault lies in its ``vault``.
        passphrase: of the vault, and of the practice central and root.
        vault: the unlocked vault.
        practice: what is entered.
        inspection: the id of the practice inspection, once it is begun.
        ids: the ids of the records made, by the keys of the practice data.
        truth: what is true of the force's workbook, once it is written.
    """

    folder: Path
    passphrase: str
    vault: Vault
    practice: Practice
    inspection: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def make(cls) -> Iterator[PracticeVault]:
        """Make the folder and the vault; remove both with all that is in them at the end.

        The key derivation is the cheapest that is allowed.
        """
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary_parent()))
        try:
            vault, _ = create_vault(folder / VAULT, OPENS_WITH, INSPECTOR, params=FLOOR)
            demo = cls(folder, OPENS_WITH, vault, practice_today())
            try:
                yield demo
            finally:
                demo.vault.lock()
        finally:
            remove_tree(folder)

    @staticmethod
    @contextmanager
    def again(folder: Path) -> Iterator[Path]:
        """Take over the folder of a practice day that an earlier process made.

        Gives the vault's folder, and removes all of it at the end. Raises
        :class:`NotAsItMustBeError` for a folder that is none of a practice day, for it would go.
        """
        real = folder.resolve()
        parent = temporary_parent() or tempfile.gettempdir()
        named = real.parent == Path(parent).resolve() and real.name.startswith(PREFIX)
        insist(named and (real / VAULT).is_dir(), f"there is no practice vault in {folder}")
        try:
            yield real / VAULT
        finally:
            remove_tree(real)

    @property
    def workbook(self) -> Path:
        """Say where the force's workbook lies."""
        return self.folder / "self-assessment.xlsx"

    @cached_property
    def truth(self) -> Truth:
        """Return what is true of the force's workbook, which is written when first asked for."""
        return write_workbook(self.workbook, self.practice)

    def case_list(self) -> Path:
        """Write the inspectors' list of cases, without grades, and say where."""
        path = self.folder / "cases.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(CASE_HEADINGS)
            for one in self.practice.cases:
                case, force_ref, kind = one["reference"], one["force_ref"], one["types"][0]
                rows.writerow((case, force_ref, kind, one["incident_on"], one["origin"]))
        return path

    def person_of(self, auditor: str) -> str:
        """Whom the list means: the vault's own person by id, colleagues by what they are called."""
        mine = auditor.casefold() == INSPECTOR.casefold()
        return self.vault.person.id if mine else auditor

    def reopen(self) -> None:
        """Lock the vault and unlock it again."""
        self.vault.lock()
        self.vault = open_vault(self.folder / "vault", self.passphrase)

    def proved(self) -> Checkup:
        """Check pages, chain and tables; raises :class:`NotAsItMustBeError` at the first fault."""
        checkup = check_vault(self.vault)
        faults = (*checkup.pages, *checkup.chain, *checkup.tables)
        insist(checkup.sound, f"the vault's own check found “{faults[0] if faults else ''}”")
        return checkup


def counted(counts: Mapping[str, int]) -> str:
    """Return counts in words: "9 good, 8 inadequate"."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())
