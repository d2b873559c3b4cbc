"""The site's own templates as they went live: a later start with a broken one goes on with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """In one transaction. What went live before kept no templates: its column is empty."""
    op.create_table(
        "template_texts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_template_texts"),
    )
    op.add_column("went_live", sa.Column("templates", sa.Text(), server_default="", nullable=False))
