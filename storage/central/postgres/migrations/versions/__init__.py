"""The steps by which the tables of central on PostgreSQL came to be, for Alembic."""
