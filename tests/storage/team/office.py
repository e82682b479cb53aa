"""Three laptops, central, its root and a stick."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sqlmodel import Session

from fieldkit.exchange.exchange import exchange
from fieldkit.history import conflicts
from storage.bundle.errors import NotForUsError
from storage.bundle.write import SUFFIX
from storage.central import Central, Root
from storage.conflicts.find import conflicted_fields, disputed_fields_of
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.ops.op import DELETED
from storage.records import Note
from storage.vault.vault import Vault
from tests.storage.travelling import INSPECTION, PASSPHRASE, Team, work

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

    def both(self) -> None:
        """Ada and Ben exchange until each has what the other wrote."""
        for _ in range(2):
            for vault in (self.ada, self.ben):
                exchange(vault, self.stick)

    def take_in(self, vault: Vault) -> None:
        """What lies on the stick, with nothing written in turn."""
        for path in self.stick.glob(f"*{SUFFIX}"):
            with suppress(NotForUsError):
                merge(vault, path)

    def reword(self, vault: Vault, note: str, text: str) -> None:
        def job(session: Session) -> None:
            session.get_one(Note, note).text = text

        vault.write_now(job)

    def delete(self, vault: Vault, note: str) -> None:
        vault.write_now(lambda s: s.delete(s.get_one(Note, note)))

    def in_conflict(self) -> str:
        """A note that Ada reworded to "hers" and Ben to "his"; both know of both."""
        self.ada.write_now(work)
        note = self.note(self.ada, "first")
        self.both()
        self.reword(self.ada, note, "hers")
        self.reword(self.ben, note, "his")
        self.both()
        assert disputed(self.ada, note) == disputed(self.ben, note) == ("text",)
        return note

    def beaten(self) -> str:
        """A note that Ada deleted while Ben reworded it to "his"; both know of both."""
        self.ada.write_now(work)
        note = self.note(self.ada, "first")
        self.both()
        self.reword(self.ben, note, "his")
        self.delete(self.ada, note)
        self.both()
        assert disputed(self.ada, note) == disputed(self.ben, note) == (DELETED,)
        return note


def disputed(vault: Vault, note: str) -> tuple[str, ...]:
    """The fields of a note in conflict, the same however it is asked."""
    every = vault.read_now(lambda s: conflicted_fields(s.connection()))
    alone = vault.read_now(lambda s: disputed_fields_of(s.connection(), "note", [note]))
    names = every.get(("note", note), ())
    assert alone.get(note, ()) == names
    return names


def decide(vault: Vault, *, keep: bool) -> None:
    """Decide the one deletion that is in conflict."""
    (one,) = [each for each in vault.read_now(conflicts.listing) if each.deletion]
    side = next(each for each in one.sides if (each.text != "deleted") == keep)
    vault.write_now(conflicts.decide, one.id, keep=side.op)
