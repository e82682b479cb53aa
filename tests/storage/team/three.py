"""Three laptops of a team and the stick they exchange by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldkit.exchange.exchange import exchange
from fieldkit.exchange.exchange_report import Exchanged
from storage.central import Root
from storage.vault.vault import Vault
from tests.storage.team.office import NAMES
from tests.storage.travelling import PASSPHRASE, Team


class Three:
    """Ada's, Ben's and Cas's laptops, and a stick."""

    def __init__(self, team: Team, folder: Path) -> None:
        self.team = team
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.ada, self.ben, self.cas = (team.laptop(name) for name in NAMES)

    @property
    def all(self) -> tuple[Vault, Vault, Vault]:
        return self.ada, self.ben, self.cas

    def exchange(self, vault: Vault) -> Exchanged:
        return exchange(vault, self.stick)

    def round(self) -> None:
        for one in self.all:
            self.exchange(one)

    def roster(self, **over: object) -> None:
        """A later roster, signed, on the stick."""
        with (
            self.team.central() as central,
            Root.open(self.team.folder / "root", PASSPHRASE) as key,
        ):
            before = central.proposal or replace(
                central.roster()[1], version=central.roster()[1].version + 1, root=b""
            )
            signed = key.sign(replace(before, **over))  # type: ignore[arg-type]  # fields of a roster
            central.take_roster(signed)
        (self.stick / "roster").write_bytes(signed.encode())
