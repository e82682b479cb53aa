"""Central's records on PostgreSQL: the connection, the schema's version, and what can go wrong.

Only feeds, receipts and refusals lie there, op bytes as they came. Central's private keys and its
roster never do: they rest behind key slots in a folder of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from storage.errors import FieldkitError
from storage.vault.vault import Job, P, T

MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = "fieldkit_version"
"""The table in which Alembic keeps the version of the schema."""
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_TEAM = "team"


class DatabaseError(FieldkitError):
    """The database did not do what it was asked; what was committed before is safe."""


class SchemaError(FieldkitError):
    """The database's tables are not those this fieldkit works with."""


class NewerSchemaError(SchemaError):
    """A later fieldkit made or upgraded the database's tables."""


def read_url(text_: str) -> URL:
    """Return the database that is named; raises :class:`DatabaseError` where it is none."""
    try:
        url = make_url(text_)
    except (ArgumentError, ValueError):
        raise DatabaseError(
            "The store's address could not be read. Nothing was done. Write it as "
            "postgresql://ROLE@HOST/DATABASE, without the password: that belongs into a file which "
            "PGPASSFILE names."
        ) from None
    if url.drivername not in _SCHEMES:
        raise DatabaseError(
            f"Central keeps its records in a folder or on PostgreSQL, not on “{url.drivername}”. "
            "Nothing was done. Name a folder, or postgresql://ROLE@HOST/DATABASE."
        )
    return url.set(drivername="postgresql+psycopg")


class Database:
    """The database of a URL; connections are made when they are needed and closed after.

    Jobs are run as those of a vault are; a session's connection is at “read committed”.
    """

    def __init__(self, url: str) -> None:
        self.url = read_url(url)

    @property
    def name(self) -> str:
        """Return what to call it to a person; never with its password."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=True)

    @property
    def place(self) -> str:
        """Return what a person types to name it, without a password or options."""
        bare = self.url.set(drivername="postgresql", password=None, query={})
        return bare.render_as_string()

    @cached_property
    def engine(self) -> Engine:
        """Return SQLAlchemy's engine; raises :class:`DatabaseError` where there is no driver."""
        try:
            # What a person typed must not stand in an error.
            return create_engine(self.url, poolclass=NullPool, hide_parameters=True)
        except (ImportError, NoSuchModuleError):
            raise DatabaseError(
                "PostgreSQL's driver is not installed here. Nothing was done. Install fieldkit "
                "again from its file with its extra: pip install "
                "'fieldkit_inspection-….whl[central]'."
            ) from None

    def write_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job in a transaction: all of it is durable on return, or nothing happened."""
        with self.translate_errors(), Session(self.engine) as session:
            result = job(session, *args, **kwargs)
            session.commit()
            return result

    def read_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job that changes nothing, on one state of the database."""
        with self.translate_errors(), Session(self.engine) as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            result = job(session, *args, **kwargs)
            session.rollback()
            return result

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Turn the driver's errors into a :class:`DatabaseError` that says what happened."""
        try:
            yield
        except DBAPIError as error:
            raise self._trouble(error.orig) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "psycopg":
                raise
            raise self._trouble(error) from error

    def _trouble(self, error: BaseException | None) -> DatabaseError:
        said = getattr(getattr(error, "diag", None), "message_primary", None)
        first = next(iter(str(error).splitlines()), "").strip()
        return DatabaseError(
            f"The database {self.name} did not do what it was asked ({said or first}). Nothing was "
            "changed by this step, and what was committed before is safe. Check that the server "
            "runs, that it lets this role in and that its disk has space, and do it again."
        )

    # --- the schema

    def make(self, team: str) -> None:
        """Make the tables, or bring them up to date, for one central and no other.

        Raises :class:`NewerSchemaError`, :class:`DatabaseError`, and :class:`SchemaError` where
        the database is another central's.
        """
        self._refuse_newer()
        with self.translate_errors(), self.engine.begin() as connection:
            # Two administrators at once would make the tables twice.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('fieldkit schema'))"))
            self._refuse_older_server(connection)
            self._refuse_other(connection, team)
            self._upgrade(connection)
            self._refuse_other(connection, team)
            connection.execute(
                text(
                    "INSERT INTO central (key, value) VALUES (:key, :value) ON CONFLICT DO NOTHING"
                ),
                {"key": _TEAM, "value": team},
            )

    def check(self, team: str) -> None:
        """Refuse a database whose tables are missing, older, newer, or another central's."""
        self._refuse_newer()
        version, present = self.version(), self.present()
        if version is None:
            raise SchemaError(
                f"There are no tables of central's in {self.name}. Nothing was changed. Make them "
                "with “fieldkit central init”, or, where central's keys are there already, with "
                "“fieldkit central upgrade”."
            )
        if version != present:
            raise SchemaError(
                f"The tables in {self.name} are of version {version}, and this fieldkit works with "
                f"{present}. Nothing was changed. Make a backup, then run “fieldkit central "
                "upgrade”."
            )
        with self.translate_errors(), self.engine.connect() as connection:
            self._refuse_other(connection, team)

    def version(self) -> str | None:
        """Return the version of the tables that are there."""
        with self.translate_errors(), self.engine.connect() as connection:
            return _version(connection)

    @staticmethod
    def present() -> str:
        """Return the version this fieldkit works with."""
        return _scripts().get_current_head() or ""

    def _refuse_newer(self) -> None:
        version = self.version()
        known = {one.revision for one in _scripts().walk_revisions()}
        if version is not None and version not in known:
            raise NewerSchemaError(
                f"The tables in {self.name} are of version {version}, which a later fieldkit made; "
                f"this one works with {self.present()}. Nothing was changed. Install the later "
                "fieldkit."
            )

    def _refuse_older_server(self, connection: Connection) -> None:
        version = connection.dialect.server_version_info or (0,)
        if version < (12,):
            raise DatabaseError(
                f"This PostgreSQL is of version {version[0]}, and central needs 12 or later. "
                "Nothing was changed. Upgrade the server, or name another."
            )

    def _refuse_other(self, connection: Connection, team: str) -> None:
        if _version(connection) is None:
            return
        query = text("SELECT value FROM central WHERE key = :key")
        team_there = connection.execute(query, {"key": _TEAM}).scalar()
        if team_there is not None and team_there != team:
            raise SchemaError(
                f"The records in {self.name} belong to another central than these keys. Nothing "
                "was changed. Name the keys' folder that belongs to it with --keys, or another "
                "database with --store."
            )

    def _upgrade(self, connection: Connection) -> None:
        from alembic import command

        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    table = connection.execute(text(f"SELECT to_regclass('{VERSIONS}')")).scalar()
    if table is None:
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608 - our own name
    return None if version is None else str(version)


def _config() -> Any:
    try:
        from alembic.config import Config
    except ImportError:
        raise DatabaseError(
            "Alembic, which makes central's tables, is not installed here. Nothing was done. "
            "Install fieldkit "
            "again from its file with its extra: pip install 'fieldkit_inspection-….whl[central]'."
        ) from None
    config = Config()
    # A percent sign in a path would be taken for an interpolation.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> Any:
    config = _config()
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config)
