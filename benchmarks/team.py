"""A laptop of a team: enrolled, with the feeds of two colleagues in its vault."""

from __future__ import annotations

from functools import partial
from itertools import cycle
from pathlib import Path

from sqlmodel import Session, select

from benchmarks.invented import Inventor
from benchmarks.vaults import DAY_MS, PASSPHRASE, STEP, Made
from storage.central import Central, Root
from storage.crypto.keyslots.kdf import FLOOR
from storage.exchange.enrol import enrol_request, signed_roster, take_roster
from storage.exchange.export import export_to
from storage.exchange.merge import merge
from storage.exchange.plan import Receiver, plan
from storage.ops.clock import Clock, wall_ms
from storage.records import Case, Inspection, Note
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

COLLEAGUES = ("B. Colleague", "C. Colleague")
SHARE = 20
"""Each colleague's notes are this part of the ops that the laptop has itself."""


class Team:
    """Holds what enrols laptops, and the vaults of two colleagues.

    Args:
        folder: a new one.
        laptop: the vault that becomes one of the team's.
        ops: how many ops it has.
        days: over how many days, the last of them today, the colleagues wrote their notes.
    """

    def __init__(self, folder: Path, laptop: Made, ops: int, days: int = 12) -> None:
        self.folder, self.laptop = folder, laptop
        folder.mkdir()
        self.central = folder / "central"
        self._invent = Inventor(7)
        for number, name in enumerate(COLLEAGUES):
            create_vault(self._vault(number), PASSPHRASE, name, params=FLOOR)[0].lock()
        with laptop.open() as vault:
            known = vault.read_now(lambda s: s.exec(select(Case.inspection_id, Case.id)).all())
            self._cases = cycle(known)
            self._enrol(vault)
            for number in range(len(COLLEAGUES)):
                merge(vault, self.bundle(number, max(ops // SHARE, 1), vault, days))

    def _vault(self, number: int) -> Path:
        return self.folder / f"colleague-{number}"

    def _enrol(self, ours: Vault) -> None:
        """Enrol every laptop, by the ceremony that people go through."""
        root, _ = Root.create(self.folder / "root", PASSPHRASE, params=FLOOR)
        central, _ = Central.create(self.central, PASSPHRASE, org="Inspectorate", params=FLOOR)
        vaults = [open_vault(self._vault(number), PASSPHRASE) for number in range(len(COLLEAGUES))]
        with root, central:
            assert central.proposal is not None
            central.take_roster(root.sign(central.proposal))
            for number, vault in enumerate((ours, *vaults)):
                request = self.folder / f"{number}.request"
                enrol_request(vault, request)
                central.enrol(request)
            assert central.proposal is not None
            signed = root.sign(central.proposal)
            central.take_roster(signed)
        (self.folder / "roster").write_bytes(signed.encode())
        for vault in (ours, *vaults):
            take_roster(vault, self.folder / "roster", fingerprint_confirmed=True)
        for vault in vaults:
            vault.lock()

    def bundle(self, number: int, notes: int, ours: Vault, days: int = 0) -> Path:
        """Let a colleague write so many notes, and return a bundle of all of theirs for us.

        They are written now, or over so many ``days`` up to now by the clock of the feed.
        """
        now = wall_ms() - days * DAY_MS
        pace = days * DAY_MS // notes

        def tick() -> int:
            nonlocal now
            now = min(now + pace, wall_ms())
            return now

        def write(s: Session, several: int) -> None:
            if s.get(Inspection, self.laptop.inspection) is None:
                known = {"force": "Westshire Constabulary", "methodology": "2018"}
                s.add(Inspection.make(id=self.laptop.inspection, **known))
            for _ in range(several):
                inspection, case = next(self._cases)
                s.add(
                    Note.make(
                        inspection_id=inspection,
                        parent_kind="case",
                        parent_id=case,
                        text=self._invent.sentence(),
                        by=colleague.person.id,
                    )
                )

        with open_vault(self._vault(number), PASSPHRASE) as colleague:
            if days:
                colleague.author.clock = Clock(wall=tick)
            for first in range(0, notes, STEP):
                colleague.write_now(partial(write, several=min(STEP, notes - first)))
                colleague.author.undoable.clear()
            colleague.author.clock.wall = wall_ms
            _, roster = signed_roster(colleague)
            device = roster.device(ours.identity.device)
            assert device is not None
            receiver = Receiver((device.id,), (device.recipients["pq"],), "a colleague", False, {})
            planned = colleague.read_now(plan, {}, False)
            stick = self.folder / f"stick-{number}-{len(list(self.folder.iterdir()))}"
            stick.mkdir()
            return export_to(colleague, stick, receiver, planned).path
