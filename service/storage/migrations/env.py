"""How Alembic runs the revisions: on the connection that the store's owner opened, inside its transaction."""

from alembic import context

from service.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
