"""What the doctor asks of a database: can it be written to, and is it whole?"""

import sqlalchemy as sa

from inbox.store.store import Store
from inbox.store.tables import site
from inbox.store.unit import Unit


class _TakenBack(Exception):
    """Ends the transaction of a trial."""


def writable(store: Store) -> None:
    """Write a row and take it back. Raises the Problem that hinders it."""

    def attempt(unit: Unit) -> None:
        unit.insert_new(site, name="doctor", value="")
        raise _TakenBack

    try:
        store.write_now(attempt)
    except _TakenBack:
        return


def damages(store: Store) -> tuple[str, ...]:
    """What SQLite finds broken in its file, in its own words; of PostgreSQL nothing, it looks after itself."""
    if not store.sqlite:
        return ()
    found = store.read_now(lambda unit: [str(row[0]) for row in unit.execute(sa.text("PRAGMA quick_check(20)"))])
    return tuple(line for line in found if line != "ok")
