"""What is kept, and where: one SQLite file in the data folder, owned by one process.

The only folder that imports SQLAlchemy and Alembic.
"""

from service.storage.decision_log import SqliteDecisionLog, open_decision_log

__all__ = ["SqliteDecisionLog", "open_decision_log"]
