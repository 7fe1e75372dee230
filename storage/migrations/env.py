"""Runs the migrations on the connection that storage/database.py hands over.

Each upgrade is one transaction, on SQLite too: it happens as a whole or not at all. A migration
that alters a table on SQLite uses `op.batch_alter_table`.
"""

from alembic import context
from sqlalchemy import text

import storage.tables  # noqa: F401  all that belongs to the metadata
from storage.metadata import described

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    # Two processes that start together upgrade one after the other; SQLite has its own lock.
    connection.execute(text("SELECT pg_advisory_xact_lock(20261120)"))
context.configure(
    connection=connection, target_metadata=described(), transactional_ddl=True, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
