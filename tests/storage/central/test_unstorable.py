"""A bundle whose content PostgreSQL does not take is refused, and keeps no other one out."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text

from storage.central.postgres.database import DatabaseError
from storage.exchange.export import export
from tests.storage.central.offices import Office
from tests.storage.forging import an_op, craft
from tests.storage.travelling import feed, work

NUL = {"wall": "2026-07-06\x0009:30:00"}
LONG = {
    "record": ("later", "1"),
    # What PostgreSQL cannot press together, so that no index has room for it.
    "fields": {"inspection_id": "".join(random.Random(1).choices(string.ascii_letters, k=20_000))},
}


@contextmanager
def two_bundles(office: Office, **over: Any) -> Iterator[None]:
    """Ada's honest bundle on the stick, and one by Ben that comes before it by its name."""
    office.ada.write_now(work)
    export(office.ada, office.stick)
    with office.team.laptop("ben") as ben:
        path = craft(ben, office.roster, office.stick, [an_op(ben, 1, **over)])
        path.rename(office.stick / "22222222.fkb.age")
        yield


@pytest.mark.parametrize(("over", "outcome"), [(NUL, "refused"), (LONG, "taken")])
def test_a_bundle_that_no_database_would_take_keeps_none_out(
    office: Office, over: dict[str, Any], outcome: str
) -> None:
    with two_bundles(office, **over):
        first, again = (office.central.ingest([office.stick], workers=n) for n in (1, 2))
    known = "refused" if outcome == "refused" else "known"
    assert [one.outcome for one in first.files] == [outcome, "taken"]
    assert [one.outcome for one in again.files] == [known, "known"]
    assert len(office.central.report().feeds) == (1 if outcome == "refused" else 2)


@pytest.mark.parametrize(
    ("over", "said"), [(NUL, "CharacterNotInRepertoire"), (LONG, "ProgramLimitExceeded")]
)
def test_what_the_database_says_against_a_file_is_that_files_fault(
    office: Office, over: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if something of the kind had been overlooked.
    monkeypatch.setattr("storage.bundle.verify.check", lambda *_, **__: None)
    monkeypatch.setattr("storage.central.belonging.MAX_ID_CHARS", 10**9)
    with two_bundles(office, **over):
        bad, good = office.central.ingest([office.stick]).files
    assert (bad.outcome, bad.word, good.outcome) == ("refused", "could not be read", "taken")
    assert said in bad.reason
    assert "Nothing of it was used" in bad.reason
    assert len(list((office.team.folder / "central" / "quarantine").iterdir())) == 1
    assert list(office.central.report().feeds) == [feed(office.ada)]


def test_a_lost_connection_is_no_files_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(connection: Connection, *_: Any, **__: Any) -> None:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr("storage.central.postgres.workers.apply", lost)
    office.ada.write_now(work)
    export(office.ada, office.stick)
    with pytest.raises(DatabaseError, match="do it again"):
        office.central.ingest([office.stick])
    assert not (office.team.folder / "central" / "quarantine").exists()
