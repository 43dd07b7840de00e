"""The tables, as they stand after the last migration.

JSON is kept as text that this project writes and reads itself: SQLAlchemy's JSON type has no place in a STRICT table,
and what was answered must come back with its keys in the order in which they were told.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("answered", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=True),
    sa.Column("decided_at", sa.Integer, nullable=False),
    sqlite_strict=True,
)
