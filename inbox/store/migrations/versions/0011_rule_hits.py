"""Which rules matched when, apart from the decisions: how often a rule fires is read without opening each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FILL = {
    "sqlite": """
        INSERT INTO rule_hit (rule, at, decision_id)
        SELECT DISTINCT name.value, decision.at, decision.id
        FROM event CROSS JOIN json_each(event.payload, '$.rules') AS name
        JOIN decision ON decision.id = json_extract(event.payload, '$.decision')
        WHERE event.kind = 'decided'
    """,
    "postgresql": """
        INSERT INTO rule_hit (rule, at, decision_id)
        SELECT DISTINCT name.value, decision.at, decision.id
        FROM event CROSS JOIN json_array_elements_text(CAST(event.payload AS json) -> 'rules') AS name(value)
        JOIN decision ON decision.id = CAST(CAST(event.payload AS json) ->> 'decision' AS bigint)
        WHERE event.kind = 'decided'
    """,
}


def upgrade() -> None:
    """In one transaction."""
    op.create_table(
        "rule_hit",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", ID, sa.ForeignKey("decision.id", name="fk_rule_hit_decision_id"), nullable=False),
        sa.PrimaryKeyConstraint("rule", "at", "decision_id", name="pk_rule_hit"),
        sqlite_with_rowid=False,
    )
    _fill()


def _fill() -> None:
    """What the events say: each decision is told with the rules that matched in it."""
    op.execute(FILL[op.get_bind().dialect.name])
