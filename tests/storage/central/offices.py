"""Central on PostgreSQL: the keys of a team made for the file store, its feeds in a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.central import Central, Root
from tests.storage.conftest import Desk
from tests.storage.travelling import PASSPHRASE, Team


@dataclass
class Office(Desk):
    """The same with central on the database at ``url``."""

    url: str

    def again(self) -> None:
        """Close central and open it anew."""
        self.central.lock()
        self.central = Central.open(self.team.folder / "central", PASSPHRASE, url=self.url)


def sign(central: Central, team: Team) -> Path:
    """The roster that is proposed, signed, in use and in a file."""
    assert central.proposal is not None
    with Root.open(team.folder / "root", PASSPHRASE) as root:
        signed = root.sign(central.proposal)
    central.take_roster(signed)
    (team.folder / "roster").write_bytes(signed.encode())
    return team.folder / "roster"


@contextmanager
def office_on(team: Team, url: str, folder: Path) -> Iterator[Office]:
    stick = folder / "stick"
    stick.mkdir()
    Central.upgrade(team.folder / "central", PASSPHRASE, url)
    central = Central.open(team.folder / "central", PASSPHRASE, url=url)
    with team.laptop("ada") as ada:
        made = Office(team, central, ada, stick, url)
        try:
            yield made
        finally:
            made.central.lock()
