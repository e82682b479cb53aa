"""A stick that a team exchanges by comes to central: what is for colleagues is nobody's fault."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from benchmarks.cluster import Cluster
from storage.bundle.errors import NotForUsError
from storage.central import Central
from storage.central.postgres.database import Database
from storage.exchange.exchange import write_bundles
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.ops.op import digest, first_head, next_head
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.storage.central.offices import office_on
from tests.storage.conftest import Desk
from tests.storage.forging import an_op, craft
from tests.storage.travelling import CANARY, INSPECTION, Team, feed, work


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
    receipt = central.receipt(ada.author.device).value()
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

    # Something of another laptop waits meanwhile, and says so each time.
    with desk.team.laptop("ben") as ben:
        later = [an_op(ben, seq) for seq in (1, 2)]
        start = next_head(first_head(feed(ben)), digest(later[0].encode()))
        waits = craft(ben, desk.roster, desk.stick, later[1:], first=2, prev=start)
    assert [desk.central.ingest([waits]).files[0].outcome for _ in range(2)] == ["held", "held"]
    waits.unlink()
    monkeypatch.setattr("storage.central.intake.ingest.apply", never)
    (again,) = (one for one in desk.central.ingest([desk.stick]).files if one.outcome == "known")
    assert (again.path, again.sender) == (first.path, desk.ada.author.device)


def test_a_fork_that_a_colleague_passes_on_keeps_nothing_else_out(
    team: Team, postgres: Cluster, tmp_path: Path
) -> None:
    """As at the file store (tests/storage/team/test_troubled_feeds.py)."""
    with office_on(team, postgres.url(), tmp_path) as office, team.laptop("ben") as ben:
        one, other = an_op(office.ada, 1), an_op(office.ada, 1, reason="told otherwise")
        merge(ben, craft(office.ada, office.roster, office.stick, [one], to=ben))
        office.central.ingest([craft(office.ada, office.roster, office.stick, [other])])
        ben.write_now(work)
        (came,) = office.central.ingest([export(ben, office.stick).path]).files
        assert (came.outcome, came.word, came.sender) == ("taken", "alarm", ben.author.device)
        covers = office.central.receipt(ben.author.device).value()["covers"]
        assert covers[str(feed(ben))][0] == 4
        assert covers[str(feed(office.ada))][0] == 1
        # Its own laptop's bundle is refused whole.
        (again,) = office.central.ingest(
            [craft(office.ada, office.roster, office.stick, [one])]
        ).files
        assert (again.outcome, again.word) == ("refused", "fork")


def test_what_a_redaction_explains_is_passed_on_as_a_digest(
    team: Team, postgres: Cluster, tmp_path: Path
) -> None:
    with office_on(team, postgres.url(), tmp_path) as office, team.laptop("ben") as ben:
        office.ada.write_now(work)
        write_bundles(office.ada, office.stick)
        for path in office.stick.iterdir():
            with suppress(NotForUsError):
                merge(ben, path)
        overall = judgment_id(case_id(INSPECTION, "WST-001"), "overall")
        ben.write_now(redact, "judgment", overall, "rationale", "a child was named")
        assert office.central.ingest([export(ben, office.stick).path]).count("taken") == 1
        covers = office.central.receipt(ben.author.device).value()["covers"]
        assert covers[str(feed(office.ada))][0] >= 4
        assert CANARY.encode() not in b"".join(kept_bytes(office.url, office.ada))


def kept_bytes(url: str, vault: Vault) -> list[bytes]:
    query = "SELECT bytes FROM op WHERE device = :device AND record_kind = 'judgment'"
    with Database(url).engine.connect() as connection:
        rows = connection.execute(text(query), {"device": vault.author.device})
        return [bytes(row[0]) for row in rows if row[0] is not None]


SECRET = b"gravel otter tundra window\n"


def holds_no_secret(central: Central, ada: Vault) -> None:
    receipt = central.receipt(ada.author.device).value()
    assert hashlib.sha256(SECRET).hexdigest() not in str(receipt)
    kept = (central.folder / "quarantine").glob("*")
    assert SECRET not in [one.read_bytes() for one in kept]


def test_a_link_in_a_folder_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_bytes(SECRET)
    (desk.stick / "sub").mkdir()
    for name in ("report77.fkb.age", "sub/report78.fkb.age"):
        (desk.stick / name).symlink_to(secret)
    (desk.stick / "dir.fkb.age").mkdir()
    if os.name == "posix":
        os.mkfifo(desk.stick / "pipe.fkb.age")
    assert desk.central.ingest([desk.stick]).files == ()
    holds_no_secret(desk.central, desk.ada)


def test_nor_where_it_took_the_place_of_a_file_that_was_listed(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_bytes(SECRET)
    link = desk.stick / "report77.fkb.age"
    link.symlink_to(secret)
    monkeypatch.setattr("storage.central.intake.ingest.bundles", lambda _: [link])
    assert desk.central.ingest([desk.stick]).count("refused") == 1
    holds_no_secret(desk.central, desk.ada)


def test_a_link_that_was_named_is_followed(desk: Desk, tmp_path: Path) -> None:
    desk.ada.write_now(work)
    path = export(desk.ada, desk.stick).path
    for name, target in (("link.fkb.age", path), ("folder", desk.stick)):
        link = tmp_path / name
        link.symlink_to(target)
        (one,) = desk.central.ingest([link]).files
        assert (one.outcome in ("taken", "known"), one.path.name) == (True, path.name)
    nowhere = tmp_path / "nowhere.fkb.age"
    nowhere.symlink_to(tmp_path / "none")
    (one,) = desk.central.ingest([nowhere]).files
    assert (one.outcome, one.word) == ("refused", "not readable")
