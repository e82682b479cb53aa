"""What the register's records add up to beside PostgreSQL's ops: made once, gone with its words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlmodel import Session

from benchmarks.cluster import Cluster
from benchmarks.national import National, fill_database, fill_vault
from fieldkit.followup.collected.wordings import Wordings, outcomes_of, status_counts, wordings
from fieldkit.followup.recommendations import edit_recommendation, recommend
from storage.central.postgres.database import Database
from storage.central.postgres.standing import KEPT, keep_up, standing_copy
from storage.exchange.export import export
from storage.feed.projection import table_of
from storage.ops.redactions import REDACTED_TEXT
from storage.records import Inspection, Point, Recommendation, Record
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.storage.central.offices import Office
from tests.storage.travelling import INSPECTION, work

SIZE = National(forces=3, years=2, recommendations=2, practices=3, ops=300)


@pytest.fixture(scope="module")
def national(postgres: Cluster) -> Iterator[Database]:
    database = Database(postgres.url())
    database.make("team")
    assert fill_database(database, SIZE) == SIZE.ops
    yield database


def kept(database: Database) -> int:
    """How many rows are kept."""
    query = text("SELECT count(*) FROM standing")
    return int(database.read_now(lambda s: s.connection().execute(query).scalar_one()))


def rows(session: Session, kind: type[Record]) -> list[dict[str, object]]:
    query = table_of(kind).select().order_by(table_of(kind).c.id)
    return [dict(row) for row in session.connection().execute(query).mappings()]


def test_records_are_added_up_once_however_many_ops_there_are(national: Database) -> None:
    """What a second report folds is what came in between: nothing."""
    made = national.write_now(keep_up)
    assert made == kept(national) == 3 * 2 * (1 + 3 + 2 * 4)
    assert national.write_now(keep_up) == 0
    with standing_copy(national) as copy:
        every = copy.read_now(wordings)
    assert len(every) == 6
    assert {len(one.recommendations) for one in every} == {2}
    assert {len(one.practice) for one in every} == {3}
    assert status_counts(line for one in every for line in one.recommendations)["open"] == 12
    counts = {one.key: (one.practice, one.recommended) for one in outcomes_of(every)}
    assert counts == {"training": (18, 0), "listening": (0, 12)}
    with standing_copy(national, [every[0].id]) as copy:
        assert copy.read_now(wordings) == every[:1]


def test_rules_of_another_fieldkit_are_applied_anew(national: Database) -> None:
    national.write_now(keep_up)
    change = text("UPDATE central SET value = 'other' WHERE key = 'standing'")
    national.write_now(lambda s: s.connection().execute(change))
    assert national.write_now(keep_up) == kept(national)


def test_a_folder_says_the_same_as_a_database(national: Database, vault: Vault) -> None:
    fill_vault(vault, SIZE)
    every = vault.read_now(wordings)
    with standing_copy(national) as copy:
        theirs = copy.read_now(wordings)
    assert [bare(one) for one in every] == [bare(one) for one in theirs]


def bare(one: Wordings) -> tuple[object, ...]:
    """What an inspection says, without ids, which are drawn anew."""
    practice = sorted(each.wording for each in one.practice)
    said = [(line.number, line.wording, line.status, line.due) for line in one.recommendations]
    return one.force, one.called, practice, said


def brought(office: Office) -> None:
    """What Ada has written comes to central."""
    bundle = export(office.ada, office.stick).path
    (file,) = office.central.ingest([bundle]).files
    assert file.outcome == "taken", file.reason


def said(office: Office) -> list[str]:
    with office.central.standing() as store:
        (one,) = store.read_now(wordings)
    return [line.wording for line in one.recommendations]


def test_what_comes_in_is_told_and_words_that_were_redacted_are_gone(office: Office) -> None:
    ada, database = office.ada, Database(office.url)
    ada.write_now(work)
    made = ada.write_now(recommend, INSPECTION, "Train Kim.", outcomes=["training"])
    brought(office)
    assert said(office) == ["Train Kim."]
    ada.write_now(edit_recommendation, made.id, wording="Train all, also Kim.")
    brought(office)
    assert said(office) == ["Train all, also Kim."]
    ada.write_now(redact, Recommendation.KIND, made.id, "wording", "a name")
    brought(office)
    # Nothing of them is left, before anybody asks for a report.
    find = text("SELECT count(*) FROM standing WHERE fields LIKE '%Kim%'")
    assert database.read_now(lambda s: s.connection().execute(find).scalar_one()) == 0
    assert said(office) == [REDACTED_TEXT]
    # What is kept is what all ops add up to.
    with office.central.reading([INSPECTION]) as whole, office.central.standing() as standing:
        for kind in KEPT:
            expected = whole.read_now(rows, kind)
            assert standing.read_now(rows, kind) == expected
            assert expected or kind not in (Inspection, Recommendation)


def test_a_deleted_record_is_told_no_more(office: Office) -> None:
    point = Point.make(inspection_id=INSPECTION, sort="notable practice", wording="A mentor.")
    office.ada.write_now(work)
    office.ada.write_now(lambda s: s.add(point))
    id = office.ada.read_now(lambda s: rows(s, Point)[-1]["id"])
    brought(office)
    office.ada.write_now(lambda s: s.delete(s.get_one(Point, id)))
    brought(office)
    with office.central.standing() as store:
        (one,) = store.read_now(wordings)
    assert one.practice == ()
