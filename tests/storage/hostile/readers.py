"""What an honest laptop and both kinds of central show of what a malicious laptop sent."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from storage.central import Central
from storage.exchange.export import export
from storage.feed.replay import differences
from storage.records.lookup import records_in
from storage.records.registry import KINDS
from storage.vault.vault import Vault
from tests.storage.malicious import Malicious
from tests.storage.travelling import INSPECTION

Row = tuple[str, ...]


class Stand:
    """Ben, honest; Ada, malicious; central, once for each kind of store."""

    def __init__(self, ben: Vault, ada: Vault, centrals: dict[str, Central], stick: Path) -> None:
        stick.mkdir(exist_ok=True)
        self.ben, self.centrals, self.stick = ben, centrals, stick
        roster = next(iter(centrals.values())).roster()[1]
        self.honest = Malicious(ben, roster)
        self.ada = Malicious(ada, roster)

    def meet(self) -> None:
        """Ada and every central take in what Ben has written."""
        self.honest.send(self.ada.vault, self.stick)
        for central in self.centrals.values():
            central.ingest([export(self.ben, self.stick, with_key=True, full=True).path])

    def spread(self) -> list[str]:
        """Ben and every central take in what Ada has; returns the alarms that Ben got."""
        alarms = self.ada.send(self.ben, self.stick).alarms
        for central in self.centrals.values():
            assert self.ada.hand_in(central, self.stick).outcome in ("taken", "known")
        return alarms

    def shown(self, kind: str, *fields: str) -> dict[str, list[Row]]:
        """Fields of every record of a kind in the inspection, as each reader shows it."""

        def rows(session: Session) -> list[Row]:
            records = records_in(session, KINDS[kind], INSPECTION)
            return sorted(tuple(str(getattr(one, name)) for name in fields) for one in records)

        shown = {"laptop": self.ben.read_now(rows)}
        for name, central in self.centrals.items():
            with central.reading((INSPECTION,)) as reading:
                shown[name] = reading.read_now(rows)
        return shown

    def alike(self, kind: str, *fields: str) -> list[Row]:
        """The same, which is equal everywhere; the tables are what a replay makes."""
        shown = self.shown(kind, *fields)
        assert all(one == shown["laptop"] for one in shown.values()), shown
        assert self.ben.read_now(lambda session: differences(session.connection())) == []
        return shown["laptop"]
