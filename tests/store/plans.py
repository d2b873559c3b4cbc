"""How SQLite would go about a question, asked of an empty database."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from inbox.store.store import Store
from inbox.store.tables import metadata
from inbox.store.unit import Unit


def plan(folder: Path, reading: Callable[[Unit], object]) -> list[str]:
    """The steps of the one SELECT that a reading asks."""
    store, asked = Store("sqlite:///plan.db", folder), list[str]()
    metadata.create_all(store.engine)
    sa.event.listen(store.engine, "checkout", lambda driver, *_: driver.set_trace_callback(asked.append))
    store.read_now(reading)
    (question,) = (sql for sql in asked if sql.startswith("SELECT"))
    with store.engine.connect() as connection:
        steps = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}")]
    store.close()
    return steps
