"""Central's records lie in one place: a folder of keys is no store, nor the reverse."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.cluster import Cluster
from storage.central import Central
from storage.central.location import RecordsElsewhereError, RecordsHereError
from storage.exchange.export import export
from tests.storage.central.offices import Office
from tests.storage.conftest import Desk
from tests.storage.travelling import CHEAP, PASSPHRASE, Team, work


def test_the_keys_of_a_database_are_no_store(office: Office) -> None:
    office.central.lock()
    with pytest.raises(RecordsElsewhereError, match=r"--store postgresql://fieldkit@/.* --keys"):
        Central.open(office.team.folder / "central", PASSPHRASE)
    office.again()
    assert office.central.report().ops == 0


def test_made_on_a_database_at_once(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.url().replace("fieldkit@", "fieldkit:hush-hush@")
    made, _ = Central.create(tmp_path / "c", PASSPHRASE, org="Org", params=CHEAP, url=url)
    made.lock()
    with pytest.raises(RecordsElsewhereError) as told:
        Central.open(tmp_path / "c", PASSPHRASE)
    assert "hush" not in str(told.value)


def test_keys_that_an_earlier_fieldkit_gave_a_database_are_marked_when_opened(
    office: Office,
) -> None:
    # As it was before the fact was written.
    office.central._vault.write_now(
        lambda s: s.connection().exec_driver_sql("DELETE FROM meta WHERE key = 'central_database'")
    )
    office.again()
    office.central.lock()
    with pytest.raises(RecordsElsewhereError):
        Central.open(office.team.folder / "central", PASSPHRASE)
    office.again()


def test_a_store_with_records_does_not_become_keys_unsaid(
    desk: Desk, team: Team, postgres: Cluster
) -> None:
    desk.ada.write_now(work)
    export(desk.ada, desk.stick)
    assert desk.central.ingest([desk.stick]).count("taken") == 1
    desk.central.lock()
    url, folder = postgres.url(), team.folder / "central"
    with pytest.raises(RecordsHereError, match=r"4 entries .* export --full"):
        Central.upgrade(folder, PASSPHRASE, url)
    with Central.open(folder, PASSPHRASE) as central:
        assert central.report().ops == 4
    assert Central.upgrade(folder, PASSPHRASE, url, without_records=True)[0] is None
    # From then on it was spoken of.
    assert Central.upgrade(folder, PASSPHRASE, url)[0] is not None
    with Central.open(folder, PASSPHRASE, url=url) as central:
        export(desk.ada, desk.stick, full=True)
        assert central.report().ops == 0
        central.ingest([desk.stick])
        assert central.report().ops >= 4
