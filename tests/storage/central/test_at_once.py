"""Bundles of several laptops that are taken in at once wait for each other in one order."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from storage.central.postgres import apply, standing
from storage.central.postgres.database import Database
from tests.storage.central.offices import Office

RECORDS = [f"{number:04}" for number in range(400)]
MIDDLE = RECORDS[200]
_KEEP = text(
    "INSERT INTO standing (record_kind, record, inspection, ops, fields) "
    "SELECT 'point', unnest(CAST(:records AS text[])), '', 1, '{}'"
)
_TOUCH = text("INSERT INTO pg_temp.touched SELECT 'point', unnest(CAST(:records AS text[]))")
_HOLD = text("SELECT 1 FROM standing WHERE record = :record FOR UPDATE")
_FREE = text("SELECT record FROM standing FOR UPDATE SKIP LOCKED")
_WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.mark.parametrize("named", [False, True], ids=["touched", "named"])
@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_of_records_is_taken_away_in_one_order(
    office: Office, seed: int, named: bool
) -> None:
    """Others that were there in another order would each hold what the other one wants."""
    database, chance = Database(office.url), random.Random(seed)
    with database.engine.begin() as connection:
        connection.execute(_KEEP, {"records": shuffled(chance)})
    with database.engine.connect() as holding, ThreadPoolExecutor(1) as beside:
        holding.execute(_HOLD, {"record": MIDDLE})
        forgetting = beside.submit(forget, database, shuffled(chance), named)
        while not holding.execute(_WAITS).scalar_one():
            assert not forgetting.done()
        with database.engine.connect() as looking:
            free = set(looking.execute(_FREE).scalars())
            looking.rollback()
        holding.rollback()
        assert forgetting.result() == 0
    assert free == set(RECORDS[201:])


def shuffled(chance: random.Random) -> list[str]:
    return chance.sample(RECORDS, len(RECORDS))


def forget(database: Database, records: list[str], named: bool) -> int:
    """Forget records, half of them by their names alone; returns how many are kept."""

    def left(connection: Connection) -> int:
        apply.prepare(connection)
        touched = records[::2] if named else records
        connection.execute(_TOUCH, {"records": touched})
        standing.forget(connection, records[1::2] if named else [])
        return int(connection.execute(text("SELECT count(*) FROM standing")).scalar_one())

    with database.engine.connect() as connection:
        return left(connection)
