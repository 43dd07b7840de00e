"""The log of decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text, primary_key=True, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("answered", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=True),
        sa.Column("decided_at", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
