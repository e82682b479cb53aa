"""What follows on a known feed is copied to where it belongs; it lies there as by the other way."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from benchmarks.cluster import Cluster
from storage.central.postgres import apply
from storage.central.postgres.database import Database
from storage.central.postgres.segment import NotStraightError, PostgresSegment
from storage.ops.op import Op, digest, first_head, next_head
from tests.storage.central.offices import Office, office_on
from tests.storage.forging import an_op, craft
from tests.storage.travelling import Team, feed

TABLES = {
    "op": "*",
    "feed": "*",
    "held_op": "*",
    "signed_head": "*",
    "bundle_seen": "bundle, sha256, ops",
    "refusal": "sha256, word, reason",
}


def stretch(office: Office, ops: list[Op], first: int, last: int) -> Path:
    """A bundle of the ops from ``first`` to ``last`` of a feed."""
    before = first_head(ops[0].id.feed)
    for one in ops[: first - 1]:
        before = next_head(before, digest(one.encode()))
    several = ops[first - 1 : last]
    return craft(office.ada, office.roster, office.stick, several, first=first, prev=before)


def lies(office: Office) -> dict[str, list[Any]]:
    """All that a database holds, in one order."""
    with Database(office.url).engine.connect() as connection:
        return {
            table: sorted(map(repr, connection.execute(text(f"SELECT {what} FROM {table}"))))
            for table, what in TABLES.items()
        }


def outcomes(office: Office, paths: list[Path]) -> list[tuple[Any, ...]]:
    taken = [one for path in paths for one in office.central.ingest([path]).files]
    return [(one.outcome, one.ops, one.records, one.waiting, one.word) for one in taken]


@pytest.mark.parametrize("seed", range(6))
def test_either_way_says_and_keeps_the_same(
    team: Team, postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chosen, straight = random.Random(seed), []
    following = apply._following

    def noted(*arguments: Any) -> Any:
        straight.append(following(*arguments))
        return straight[-1]

    monkeypatch.setattr(apply, "_following", noted)
    (tmp_path / "one").mkdir()
    with office_on(team, postgres.url(), tmp_path / "one") as office:
        ops = [an_op(office.ada, seq) for seq in range(1, 13)]
        other = [*ops[:4], *(an_op(office.ada, seq) for seq in range(5, 9))]
        paths = []
        for _ in range(8):
            first = chosen.randint(1, 10)
            last = chosen.randint(first, 12)
            paths.append(stretch(office, ops, first, last))
        paths.insert(chosen.randint(0, 8), stretch(office, other, 1, 8))
        paths.insert(0, stretch(office, ops, 1, 2))
        paths.append(stretch(office, ops, 1, 12))
        said, kept = outcomes(office, paths), lies(office)
    assert any(straight), "the first at least goes straight"
    monkeypatch.setattr(apply, "_following", lambda *_: frozenset())
    (tmp_path / "two").mkdir()
    with office_on(team, postgres.url(), tmp_path / "two") as office:
        assert outcomes(office, paths) == said
        assert lies(office) == kept


def test_nobody_is_waited_for_before_it_is_known_what_a_bundle_is(office: Office) -> None:
    ops = [an_op(office.ada, seq) for seq in range(1, 4)]
    path = stretch(office, ops, 1, 3)
    trust = office.central.trust()
    with (
        Database(office.url).engine.connect() as busy,
        Database(office.url).engine.connect() as ours,
    ):
        apply.prepare(ours)
        assert len(apply._following(ours, path, trust)) == 1
        ours.rollback()
        key = {"key": apply.lock_key(feed(office.ada))}
        busy.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
        assert not apply._following(ours, path, trust)
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = :pid"
        pid = ours.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        assert busy.execute(text(held), {"pid": pid}).scalar_one() == 0


def test_what_may_not_all_be_used_is_taken_the_other_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops = [an_op(office.ada, seq) for seq in range(1, 6)]
    monkeypatch.setattr(apply, "cut_at", lambda *_: {feed(office.ada): 4})
    ways: list[bool] = []
    take = PostgresSegment.take

    def noted(self: PostgresSegment, applied: Any) -> None:
        ways.append(self._straight)
        if self._straight:
            with pytest.raises(NotStraightError):
                take(self, applied)
            raise NotStraightError
        take(self, applied)

    monkeypatch.setattr(PostgresSegment, "take", noted)
    (one,) = office.central.ingest([stretch(office, ops, 1, 5)]).files
    assert (one.outcome, one.ops, ways) == ("taken", 3, [True, False])
    with Database(office.url).engine.connect() as connection:
        assert connection.execute(text("SELECT max(seq) FROM op")).scalar_one() == 3
