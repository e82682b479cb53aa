"""Three laptops, central, its root and a stick."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from storage.central import Central, Root
from storage.exporting import export
from storage.records import Note
from storage.vault import Vault
from tests.storage.travelling import INSPECTION, PASSPHRASE, Team

NAMES = ("ada", "ben", "cas")


class Office:
    """All of them open, with what people do between them."""

    def __init__(self, team: Team, folder: Path) -> None:
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.ada, self.ben, self.cas = (team.laptop(name) for name in NAMES)
        self.central: Central = team.central()
        self.root = Root.open(team.folder / "root", PASSPHRASE)

    def note(self, vault: Vault, text: str) -> str:
        def job(session: Session) -> str:
            made = Note.make(
                inspection_id=INSPECTION, parent_kind="inspection", parent_id=INSPECTION, text=text
            )
            session.add(made)
            return made.id

        return vault.write_now(job)

    def hand_in(self, vault: Vault) -> None:
        (one,) = self.central.ingest([export(vault, self.stick).path]).files
        assert one.outcome in ("taken", "known"), one

    def sign(self) -> None:
        """What is proposed, signed and laid on the stick."""
        proposal = self.central.proposal
        assert proposal is not None
        signed = self.root.sign(proposal)
        self.central.take_roster(signed)
        (self.stick / "roster").write_bytes(signed.encode())

    def empty(self) -> None:
        for path in self.stick.iterdir():
            path.unlink()
