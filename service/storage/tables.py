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

replies = sa.Table(
    "replies",
    metadata,
    sa.Column("key", sa.Text, primary_key=True, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("kept_at", sa.Integer, nullable=False),
    sa.Index("replies_kept_at", "kept_at"),
    sqlite_strict=True,
)
"""Replies that may be asked for again; `content` is compressed (zlib)."""
