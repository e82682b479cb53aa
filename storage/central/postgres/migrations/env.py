"""Alembic's way in: one connection, handed over, inside the transaction of whoever asks."""

from __future__ import annotations

from alembic import context

from storage.central.postgres.database import VERSIONS

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSIONS,
    transactional_ddl=True,
)
context.run_migrations()
