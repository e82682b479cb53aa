"""A lock takes the connection from whoever uses it; what was not committed is undone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from storage.database.cipher import open_cipher
from storage.database.keyed_connection import CipherConnection, TakenOverError

KEY = "ab" * 32
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
    "SELECT count(*) FROM n"
)


class Elsewhere:
    """A thread that opens a connection, begins something in it, and waits to be told to go on."""

    def __init__(self, path: Path, job: Callable[[CipherConnection], object]) -> None:
        self.connection: CipherConnection
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.error: BaseException | None = None
        self._path, self._job = path, job
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self.begun.wait(300)

    def _run(self) -> None:
        self.connection = open_cipher(self._path, KEY, create=True)
        self.connection.execute("CREATE TABLE t (a)")
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("INSERT INTO t VALUES (1)")
        self._rows = self.connection.execute("SELECT a FROM t UNION ALL SELECT 2")
        next(self._rows)
        self.begun.set()
        try:
            self._job(self.connection)
        except BaseException as error:
            self.error = error

    def joined(self) -> None:
        self.go_on.set()
        self._thread.join(300)
        assert not self._thread.is_alive()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.db"


@pytest.fixture
def waiting(path: Path) -> Iterator[Callable[[Callable[[CipherConnection], object]], Elsewhere]]:
    """A thread in the middle of a transaction, with rows half read, that then does a job."""

    def begin(job: Callable[[CipherConnection], object]) -> Elsewhere:
        elsewhere: list[Elsewhere] = []
        there = threading.Event()

        def wait(connection: CipherConnection) -> None:
            assert there.wait(300)
            assert elsewhere[0].go_on.wait(300)
            job(connection)

        elsewhere.append(Elsewhere(path, wait))
        there.set()
        return elsewhere[0]

    yield begin


def write_here(connection: CipherConnection) -> list[object]:
    """Write something and read all there is."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO t VALUES (9)")
    connection.commit()
    return [a for (a,) in connection.execute("SELECT a FROM t")]


def test_a_statement_that_runs_is_interrupted_and_its_transaction_undone(path: Path) -> None:
    elsewhere = Elsewhere(path, lambda connection: connection.execute(ENDLESS).fetchall())
    assert elsewhere.connection.take_over(60)
    assert write_here(elsewhere.connection) == [9]
    elsewhere.joined()
    assert isinstance(elsewhere.error, dbapi2.OperationalError)
    assert write_here(elsewhere.connection) == [9, 9]
    elsewhere.connection.close()


@pytest.mark.parametrize("sql", ["INSERT INTO t VALUES (3)", "SELECT 1", "COMMIT"])
def test_the_other_thread_can_run_nothing_any_more(
    waiting: Callable[..., Elsewhere], sql: str
) -> None:
    elsewhere = waiting(lambda connection: connection.execute(sql))
    assert elsewhere.connection.take_over(60)
    elsewhere.connection.execute("BEGIN IMMEDIATE")
    elsewhere.connection.execute("INSERT INTO t VALUES (9)")
    elsewhere.joined()
    assert isinstance(elsewhere.error, TakenOverError)
    elsewhere.connection.rollback()
    assert write_here(elsewhere.connection) == [9]
    elsewhere.connection.close()


def test_nothing_is_believed_to_be_committed_that_was_undone(
    waiting: Callable[..., Elsewhere],
) -> None:
    elsewhere = waiting(lambda connection: connection.commit())
    assert elsewhere.connection.take_over(60)
    elsewhere.joined()
    assert isinstance(elsewhere.error, TakenOverError)
    assert write_here(elsewhere.connection) == [9]
    elsewhere.connection.close()


@pytest.mark.parametrize("end", ["rollback", "close"])
def test_the_other_thread_can_end_nothing_of_ours(
    waiting: Callable[..., Elsewhere], end: str
) -> None:
    elsewhere = waiting(lambda connection: getattr(connection, end)())
    assert elsewhere.connection.take_over(60)
    elsewhere.connection.execute("BEGIN IMMEDIATE")
    elsewhere.connection.execute("INSERT INTO t VALUES (9)")
    elsewhere.joined()
    assert elsewhere.error is None
    elsewhere.connection.commit()
    assert [a for (a,) in elsewhere.connection.execute("SELECT a FROM t")] == [9]
    elsewhere.connection.close()


def test_a_thread_that_cannot_have_it_in_time_is_told(path: Path) -> None:
    elsewhere = Elsewhere(path, lambda _: None)
    elsewhere.joined()
    with elsewhere.connection.using:
        taken: list[bool] = []
        other = threading.Thread(target=lambda: taken.append(elsewhere.connection.take_over(0.01)))
        other.start()
        other.join(300)
    assert taken == [False]
    assert elsewhere.connection.take_over(60)
    elsewhere.connection.close()
