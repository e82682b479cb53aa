"""A PostgreSQL of one's own for a while: made in a temporary folder, reached by a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

_PLACES = "/usr/lib/postgresql/*/bin"
_USERS = ("postgres", "nobody")
"""Who runs the server where we are root, which PostgreSQL refuses to be."""
ROLE, PORT = "fieldkit", 5432
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "50",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "log_min_messages": "error",
    "log_min_error_statement": "panic",
}


class NoPostgresError(Exception):
    """No server can be made here; the message says why."""


def programs() -> Path:
    """Return the folder of ``initdb``, ``pg_ctl`` and ``postgres``, the latest of several."""
    folders = [Path(one) for one in os.environ.get("PATH", "").split(os.pathsep) if one]
    folders += sorted(Path("/").glob(_PLACES.lstrip("/")), reverse=True)
    for folder in folders:
        if all((folder / one).exists() for one in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise NoPostgresError("PostgreSQL's initdb, pg_ctl and postgres are not installed here")


class Cluster:
    """Runs a server; each database is made when it is asked for."""

    def __init__(self, folder: Path, tools: Path, user: str | None) -> None:
        self._folder = folder
        self._tools = tools
        self._user: dict[str, Any] = {} if user is None else {"user": user, "extra_groups": []}
        self._made = 0

    def url(self, name: str = "") -> str:
        """Return the address of a new, empty database."""
        self._made += 1
        database = name or f"central{self._made}"
        self._sql(f"CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self._folder), safe='')}"

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host=str(self._folder), user=ROLE, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def run(self, program: str, *args: str) -> None:
        """Run one of PostgreSQL's programs as the server's own user."""
        done = subprocess.run(
            [str(self._tools / program), *args],
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._user,
        )
        if done.returncode:
            said = done.stdout.decode(errors="replace").strip().splitlines()
            raise NoPostgresError(f"{program} failed: {said[-1] if said else done.returncode}")

    def start(self, *, durable: bool) -> None:
        """Make the cluster and start the server; not ``durable`` is quicker, for tests."""
        data = str(self._folder / "data")
        self.run("initdb", "-D", data, "-U", ROLE, "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
        settings = _SETTINGS | {"unix_socket_directories": str(self._folder)}
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (self._folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(lines)
        log = str(self._folder / "log")
        # The log is a file: a pipe inherited by the server would never be at its end.
        self.run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "120", "start")

    def stop(self) -> None:
        """Stop the server at once."""
        self.run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Run a server while the context lasts; raises :class:`NoPostgresError` where none can be."""
    tools = programs()
    user = _unprivileged()
    # A socket's path may have some hundred characters, so it does not lie in a test's own folder.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    made = Cluster(folder, tools, user)
    try:
        if user is not None:
            shutil.chown(folder, user)
        made.start(durable=durable)
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    if os.name != "posix":
        raise NoPostgresError("a server of our own is made on POSIX systems only")
    if os.geteuid() != 0:
        return None
    import pwd

    known = {one.pw_name for one in pwd.getpwall()}
    for name in _USERS:
        if name in known:
            return name
    raise NoPostgresError("PostgreSQL does not run as root, and there is no other user to run it")
