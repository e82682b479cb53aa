"""A small organisation for tests: a root, central, and laptops with a day's work on them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlmodel import Session

from storage.central import Central, Root
from storage.crypto.keyslots.kdf import Argon2Params
from storage.exchange.enrol import enrol_request, take_roster
from storage.exchange.export import export
from storage.exchange.receipts import take_receipt
from storage.feed.replay import differences
from storage.ops.op import KEY, MAIN, FeedId
from storage.records import Case, CaseKey, Inspection, Judgment, Note
from storage.records.case import case_id, case_key_id
from storage.records.judgment import judgment_id
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

CHEAP = Argon2Params(64 * 1024, 1, 1)
PASSPHRASE = "four words of tests"
INSPECTION = "11111111-2222-4333-8444-555555555555"
CANARY = "kingfisher “Ünïqué” 7731"
KEY_CANARY = "WP/2014/0099-magpie"


@dataclass
class Team:
    """Folders of an organisation that is ready to work; opened anew by each test."""

    folder: Path

    def copy(self, to: Path) -> Team:
        shutil.copytree(self.folder, to)
        return Team(to)

    def central(self) -> Central:
        return Central.open(self.folder / "central", PASSPHRASE)

    def laptop(self, name: str) -> Vault:
        return open_vault(self.folder / name, PASSPHRASE)


def work(session: Session, *, reference: str = "WST-001", words: str = CANARY) -> None:
    """A case with its key, a judgment and a note."""
    if session.get(Inspection, INSPECTION) is None:
        session.add(Inspection.make(id=INSPECTION, force="Westshire", methodology="2018"))
    case = case_id(INSPECTION, reference)
    known = {"inspection_id": INSPECTION, "case_id": case}
    session.add(Case.make(id=case, inspection_id=INSPECTION, reference=reference, types=["cse"]))
    session.add(CaseKey.make(id=case_key_id(case), force_ref=KEY_CANARY, **known))
    session.add(
        Judgment.make(
            id=judgment_id(case, "overall"),
            criterion="overall",
            state="graded",
            grade="good",
            rationale=words,
            **known,
        )
    )
    session.add(Note.make(inspection_id=INSPECTION, parent_kind="case", parent_id=case, text=words))


def make_team(folder: Path, *, laptops: tuple[str, ...] = ("ada", "ben"), pq: bool = True) -> Team:
    """Root, central and laptops, enrolled by the ceremony that people go through."""
    folder.mkdir(parents=True)
    root, _ = Root.create(folder / "root", PASSPHRASE, params=CHEAP)
    central, _ = Central.create(
        folder / "central", PASSPHRASE, org="Inspectorate", post_quantum=pq, params=CHEAP
    )
    with root, central:
        assert central.proposal is not None
        central.take_roster(root.sign(central.proposal))
        vaults = []
        for name in laptops:
            vault, _ = create_vault(folder / name, PASSPHRASE, name.title(), params=CHEAP)
            enrol_request(vault, folder / f"{name}.request")
            central.enrol(folder / f"{name}.request")
            vaults.append(vault)
        if central.proposal is not None:
            central.take_roster(root.sign(central.proposal))
        signed, _ = central.roster()
        (folder / "roster").write_bytes(signed.encode())
        for vault in vaults:
            take_roster(vault, folder / "roster", fingerprint_confirmed=True)
            vault.lock()
    return Team(folder)


def feed(vault: Vault, kind: str = MAIN) -> FeedId:
    return FeedId(vault.author.device, vault.author.epoch, kind)


def key_feed(vault: Vault) -> FeedId:
    return feed(vault, KEY)


def make_received(folder: Path) -> Team:
    """A laptop whose day is exported and received, under a roster that asks for no waiting."""
    team = make_team(folder, laptops=("ada",), pq=False)
    with team.central() as central, team.laptop("ada") as ada:
        central._propose(replace(central._next(), grace_days=0))
        assert central.proposal is not None
        with Root.open(team.folder / "root", PASSPHRASE) as root:
            signed = root.sign(central.proposal)
        central.take_roster(signed)
        (team.folder / "roster").write_bytes(signed.encode())
        take_roster(ada, team.folder / "roster", fingerprint_confirmed=True)
        ada.write_now(work)
        central.ingest([export(ada, team.folder, with_key=True).path])
        (team.folder / "receipt").write_bytes(central.receipt(ada.author.device).encode())
        take_receipt(ada, team.folder / "receipt")
    return team


def written(vault: Vault, kind: str = MAIN) -> list[Any]:
    """The bytes of this laptop's own ops in their order; None where they went."""
    query = "SELECT bytes FROM op WHERE device = ? AND kind = ? ORDER BY seq"
    place = (vault.author.device, kind)
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query, place).all())
    return [data for (data,) in rows]


def notes(vault: Vault) -> set[str]:
    """The texts of all notes that are shown."""
    query = "SELECT text FROM note"
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())
    return {text for (text,) in rows}


def sound(vault: Vault) -> bool:
    """Whether the tables are what a replay makes."""
    return vault.read_now(lambda s: differences(s.connection())) == []
