"""What lies around a laptop on site: a full vault of a team's, files of the force, a stick.

``python -m tests.torture.site FOLDER ROUNDS`` makes all of it. In a process of its own: what making
a vault takes of memory would otherwise be counted as the app's.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from benchmarks.invented import Inventor
from benchmarks.team import Team
from benchmarks.vaults import FULL, make
from storage.crypto.keyslots.kdf import Argon2Params

CHEAP = Argon2Params(64 * 1024, 1, 1)
ROWS, CASES, NOTES = 60, 40, 200
"""What a workbook and a list hold, and how many notes of a colleague's a bundle brings."""


@dataclass(frozen=True)
class Site:
    """Names the folders and files below a folder that is the person's home.

    Attributes:
        home: it.
    """

    home: Path

    @property
    def vault(self) -> Path:
        """Return the folder of the vault."""
        return self.home / "vault"

    @property
    def downloads(self) -> Path:
        """Return where files that came by mail lie."""
        return self.home / "Downloads"

    @property
    def stick(self) -> Path:
        """Return where bundles go."""
        return self.home / "stick"

    def colleague(self, number: int) -> Path:
        """Return the folder that a colleague passes on in a round, with a bundle in it."""
        return self.home / f"colleague-{number}"

    def workbook(self, number: int) -> Path:
        """Return the force's workbook of a round."""
        return self.downloads / f"force-{number}.xlsx"

    def case_list(self, number: int) -> Path:
        """Return the list of cases of a round."""
        return self.downloads / f"cases-{number}.csv"

    def arrived(self, file: Path) -> str:
        """Let a file be the one that came last; return its name."""
        file.touch()
        return file.name


def files(site: Site, rounds: int, invent: Inventor) -> None:
    """Make the force's workbooks and the lists of cases, one of each for a round."""
    for folder in (site.downloads, site.stick):
        folder.mkdir(parents=True)
    for number in range(rounds):
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Cases")
        sheet.append(["Reference", "Type", "Date", "Grade", "Rationale"])
        for _ in range(ROWS):
            grade = invent.one("Good", "Requires improvement", "Inadequate")
            row = [invent.reference(), "Missing", "2026-02-03", grade, invent.sentence()]
            sheet.append(row)
        book.save(site.workbook(number))
        listed = [f"L{number}-{n:03},Missing,2026-02-03,{invent.reference()}" for n in range(CASES)]
        text = "\n".join(["Case,Type,Date of incident,Force ref", *listed, ""])
        site.case_list(number).write_text(text, "utf-8")


def main() -> None:
    """Make the site of the folder that was named, for so many rounds of the day."""
    site, rounds = Site(Path(sys.argv[1])), int(sys.argv[2])
    files(site, rounds, Inventor(26))
    made = make(site.vault, FULL, CHEAP)
    team = Team(site.home / "team", made, FULL.ops)
    with made.open() as ours:
        for number in range(rounds):
            team.bundle(number % 2, NOTES, ours).parent.rename(site.colleague(number))
    (site.home / "inspection").write_text(made.inspection, "utf-8")


if __name__ == "__main__":
    main()
