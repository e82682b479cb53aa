"""Central on a real PostgreSQL: the same bundles, the same receipts, by one process or several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from benchmarks.cluster import Cluster
from storage.bundle.errors import ForkError
from storage.central import Central, Root
from storage.central.postgres.database import (
    Database,
    DatabaseError,
    NewerSchemaError,
    SchemaError,
)
from storage.exchange.export import export
from storage.exchange.receipts import take_signed_receipt
from storage.ops.op import FeedId, Op, digest, first_head, next_head
from storage.records import Note
from storage.redaction.redact import redact
from storage.trust.receipt import read_receipt
from tests.storage.central.offices import Office, office_on
from tests.storage.forging import an_op, craft
from tests.storage.travelling import CANARY, CHEAP, PASSPHRASE, Team, feed, work, written


def kept(office: Office) -> dict[FeedId, list[bytes | None]]:
    """The bytes of every op by feed, in their order."""
    found: dict[FeedId, list[bytes | None]] = {}
    with Database(office.url).engine.connect() as connection:
        query = "SELECT device, epoch, kind, bytes FROM op ORDER BY device, epoch, kind, seq"
        for device, epoch, kind, data in connection.execute(text(query)):
            found.setdefault(FeedId(device, epoch, kind), []).append(data)
    return found


def test_a_bundle_arrives_whole_and_once(office: Office) -> None:
    office.ada.write_now(work)
    export(office.ada, office.stick)
    before = written(office.ada)[:-1]
    (one,) = office.central.ingest([office.stick]).files
    assert (one.outcome, one.sender, one.ops) == ("taken", office.ada.author.device, len(before))
    assert kept(office) == {feed(office.ada): before}
    office.again()
    (one,) = office.central.ingest([office.stick]).files
    assert (one.outcome, one.ops) == ("known", 0)
    assert kept(office) == {feed(office.ada): before}
    said = take_signed_receipt(office.ada, office.central.receipt(office.ada.author.device))
    assert said.covers == {feed(office.ada): len(before)}
    (inspection,) = office.central.report().inspections
    assert (inspection.force, inspection.counts["judgment"]) == ("Westshire", 1)


def test_a_gap_is_held_and_named_and_filled(office: Office) -> None:
    ops = [an_op(office.ada, seq) for seq in range(1, 8)]
    first = craft(office.ada, office.roster, office.stick, ops[:2])
    middle, last = (
        craft(office.ada, office.roster, office.stick, ops[a:b], first=a + 1, prev=head(ops[:a]))
        for a, b in ((2, 4), (4, 7))
    )
    name = feed(office.ada)
    (one,) = office.central.ingest([last]).files
    assert (one.outcome, one.waiting) == ("held", {name: (1, 4)})
    receipt = office.central.receipt(office.ada.author.device).value()
    assert (receipt["covers"], receipt["held"]) == ({}, {str(name): [1, 4]})
    office.central.ingest([first])
    (one,) = office.central.ingest([middle]).files
    assert (one.outcome, one.ops) == ("taken", 5)
    assert kept(office) == {name: [one.encode() for one in ops]}
    report = office.central.report()
    assert (report.waiting, report.holdings.held, report.feeds) == ({}, 0, {name: 7})


def head(ops: list[Op]) -> bytes:
    found = first_head(ops[0].id.feed)
    for one in ops:
        found = next_head(found, digest(one.encode()))
    return found


def test_a_fork_raises_the_alarm_and_overwrites_nothing(office: Office) -> None:
    ops = [an_op(office.ada, seq) for seq in range(1, 4)]
    office.central.ingest([craft(office.ada, office.roster, office.stick, ops)])
    other = [*ops[:2], an_op(office.ada, 3)]
    longer = [*other, an_op(office.ada, 4)]
    for each in (other, longer):
        (one,) = office.central.ingest([craft(office.ada, office.roster, office.stick, each)]).files
        assert (one.outcome, one.word) == ("refused", ForkError.word)
    follows = craft(office.ada, office.roster, office.stick, longer[3:], first=4, prev=head(other))
    (one,) = office.central.ingest([follows]).files
    assert (one.outcome, one.word) == ("refused", ForkError.word)
    assert kept(office) == {feed(office.ada): [one.encode() for one in ops]}
    said = read_receipt(
        office.central.receipt(office.ada.author.device), office.roster.central.sign_pk
    )
    assert {one.reason for one in said.rejected} == {"fork"}
    assert len(list((office.team.folder / "central" / "quarantine").iterdir())) == 3


def test_a_damaged_bundle_leaves_nothing_behind(office: Office) -> None:
    office.ada.write_now(work)
    path = export(office.ada, office.stick).path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    (one,) = office.central.ingest([path]).files
    assert (one.outcome, one.word) == ("refused", "damaged")
    assert kept(office) == {}
    path.write_bytes(whole)
    assert office.central.ingest([path]).count("taken") == 1
    # The broken copy stays told of: it is another file than the whole one.
    assert office.central.report().refused == 1


def test_nothing_beyond_a_revocation(office: Office) -> None:
    ops = [an_op(office.ada, seq) for seq in range(1, 6)]
    office.central.ingest([craft(office.ada, office.roster, office.stick, ops[:2])])
    late = craft(office.ada, office.roster, office.stick, ops[3:], first=4, prev=head(ops[:3]))
    office.central.ingest([late])
    assert office.central.report().holdings.held == 2
    office.central.revoke(office.ada.author.device)
    assert office.central.proposal is not None
    with Root.open(office.team.folder / "root", PASSPHRASE) as root:
        office.central.take_roster(root.sign(office.central.proposal))
    for _ in range(2):
        (one,) = office.central.ingest([craft(office.ada, office.roster, office.stick, ops)]).files
        assert (one.outcome, one.ops, one.revoked) == ("known", 0, {feed(office.ada): 3})
    assert office.central.report().holdings.held == 0
    assert kept(office) == {feed(office.ada): [one.encode() for one in ops[:2]]}


def test_what_is_redacted_stays_away_in_whatever_order_it_came(
    team: Team, postgres: Cluster, tmp_path: Path
) -> None:
    with team.laptop("ada") as ada:
        ada.write_now(work)
        first = export(ada, tmp_path).path
        note = ada.read_now(lambda s: s.exec(select(Note.id)).one())
        ada.write_now(redact, Note.KIND, note, "text", reason="a name was typed")
        second = export(ada, tmp_path, full=True).path
    found = []
    for number, order in enumerate(((first, second), (second, first))):
        (tmp_path / str(number)).mkdir()
        with office_on(team, postgres.url(), tmp_path / str(number)) as office:
            assert [one.outcome for one in office.central.ingest([order[0]]).files] == ["taken"]
            assert office.central.ingest([order[1]]).count("refused") == 0
            found.append(kept(office))
            held = [json.loads(data) for several in found[-1].values() for data in several if data]
            notes = [one for one in held if one["record"] == [Note.KIND, note]]
            assert [one["op"] for one in notes] == ["redact"]
            assert CANARY not in json.dumps(notes, ensure_ascii=False)
            # Of what is left of it, a report still counts the note.
            (inspection,) = office.central.report().inspections
            assert (inspection.counts["note"], inspection.counts["judgment"]) == (1, 1)
    assert found[0] == found[1]


def test_a_newer_schema_is_refused_by_name(office: Office) -> None:
    with Database(office.url).engine.begin() as connection:
        connection.execute(text("UPDATE fieldkit_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match="version 9999, which a later fieldkit made"):
        office.again()
    with pytest.raises(NewerSchemaError, match="9999"):
        Central.upgrade(office.team.folder / "central", PASSPHRASE, office.url)


def test_another_centrals_database_is_refused(office: Office, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="another central"):
        Central.create(tmp_path / "other", PASSPHRASE, org="Other", params=CHEAP, url=office.url)
    assert not (tmp_path / "other" / "vault.keys").exists()


def test_a_database_that_is_not_there_is_told(team: Team, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="Nothing was changed") as told:
        Central.open(
            team.folder / "central",
            PASSPHRASE,
            url=f"postgresql://fieldkit:hush-hush@/none?host={tmp_path}",
        )
    assert "hush" not in str(told.value)
    with pytest.raises(DatabaseError, match="“mysql”"):
        Database("mysql://a/b")


def test_central_made_on_a_database_at_once(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.url()
    with pytest.raises(SchemaError, match="no tables"):
        Database(url).check("any")
    made, code = Central.create(tmp_path / "c", PASSPHRASE, org="Org", params=CHEAP, url=url)
    made.lock()
    assert len(code) > 20
    with Central.open(tmp_path / "c", PASSPHRASE, url=url) as central:
        assert central.report().ops == 0
        secret = central.identity.encode().encode()
    with Database(url).engine.connect() as connection:
        tables = connection.execute(
            text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        ).scalars()
        for table in list(tables):
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
            assert secret.decode() not in repr(rows)


def test_more_waits_than_is_released_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.central.postgres.segment.PostgresSegment.BATCH_SIZE", 2)
    ops = [an_op(office.ada, seq) for seq in range(1, 10)]
    late = craft(office.ada, office.roster, office.stick, ops[2:8], first=3, prev=head(ops[:2]))
    office.central.ingest([late])
    # What fills the gap overlaps with what was held.
    (one,) = office.central.ingest([craft(office.ada, office.roster, office.stick, ops[:4])]).files
    assert (one.outcome, one.ops) == ("taken", 8)
    report = office.central.report()
    assert (report.waiting, report.holdings.held, report.feeds) == ({}, 0, {feed(office.ada): 8})


def test_what_waits_has_a_limit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.bundle.limits.MAX_HELD_OPS", 2)
    ops = [an_op(office.ada, seq) for seq in range(1, 6)]
    late = craft(office.ada, office.roster, office.stick, ops[2:], first=3, prev=head(ops[:2]))
    (one,) = office.central.ingest([late]).files
    assert (one.outcome, one.word) == ("refused", "too much waits")
    assert "fieldkit export --full" in one.reason
    assert office.central.report().holdings.held == 0


def test_the_quarantine_has_a_limit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.central.intake.quarantine.QUARANTINE_BYTES", 100)
    for name, size in (("a", 90), ("b", 20)):
        (office.stick / f"{name}.fkb.age").write_bytes(name.encode() * size)
    assert office.central.ingest([office.stick]).count("refused") == 2
    assert len(list((office.team.folder / "central" / "quarantine").iterdir())) == 1
    refused = Database(office.url).read_now(
        lambda s: s.connection().execute(text("SELECT reason FROM refusal")).scalars().all()
    )
    assert sum("The quarantine holds" in one for one in refused) == 1
