"""Old mail that somebody has taken up again is a matter like any other: what is kept of that follows the events."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """In one transaction."""
    op.execute(sa.text("UPDATE conversation SET history = false WHERE history AND acted_at IS NOT NULL"))
