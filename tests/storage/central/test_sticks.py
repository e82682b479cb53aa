"""A stick that a team exchanges by comes to central: what is for colleagues is nobody's fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.cluster import Cluster
from storage.central import Central
from storage.exchanging import write_bundles
from storage.vault import Vault
from tests.storage.central.offices import office_on
from tests.storage.conftest import Desk
from tests.storage.travelling import Team, work


def exchanged(ada: Vault, stick: Path) -> int:
    """Ada's bundles for Ben and for central on a stick; gives how many there are."""
    ada.write_now(work)
    made, _ = write_bundles(ada, stick)
    return len(made)


def tried(central: Central, stick: Path, ada: Vault) -> None:
    number = exchanged(ada, stick)
    assert number == 2
    summary = central.ingest([stick])
    assert [summary.count(one) for one in ("taken", "other", "refused")] == [1, 1, 0]
    (other,) = (one for one in summary.files if one.outcome == "other")
    assert (other.word, other.sender) == ("not addressed here", "")
    assert not (central.folder / "quarantine").exists()
    receipt = central.receipt(ada.desk.device).value()
    assert receipt["rejected"] == []
    assert central.report().refused == 0


def test_what_is_for_colleagues_is_left_as_it_is(desk: Desk) -> None:
    tried(desk.central, desk.stick, desk.ada)


def test_on_postgres_too(team: Team, postgres: Cluster, tmp_path: Path) -> None:
    with office_on(team, postgres.url(), tmp_path) as office:
        tried(office.central, office.stick, office.ada)


def test_a_bundle_that_is_known_is_not_verified_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanged(desk.ada, desk.stick)
    (first,) = (one for one in desk.central.ingest([desk.stick]).files if one.outcome == "taken")

    def never(*_: Any) -> None:
        raise AssertionError("verified again")

    monkeypatch.setattr("storage.central.ingesting.apply", never)
    (again,) = (one for one in desk.central.ingest([desk.stick]).files if one.outcome == "known")
    assert (again.path, again.sender) == (first.path, desk.ada.desk.device)
