"""Replies that may be asked for again under their key."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "replies",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("replies_kept_at", "replies", ["kept_at"])
