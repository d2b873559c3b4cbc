"""What the doctor asks of a database: whether it is of this version, can be written to, and is whole."""

import sqlalchemy as sa

from inbox.store.migrate import pending
from inbox.store.store import Damaged, Store
from inbox.store.tables import site
from inbox.store.unit import Unit


class _TakenBack(Exception):
    """Ends the transaction of a trial."""


def lacking(store: Store) -> tuple[str, ...]:
    """The revisions that the database lacks. Raises Damaged for a file that is no database any more."""
    return pending(store)


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
    try:
        found = store.read_now(lambda unit: [str(row[0]) for row in unit.execute(sa.text("PRAGMA quick_check(20)"))])
    except Damaged as damaged:
        return (str(damaged.facts["detail"]),)
    return tuple(line for line in found if line != "ok")
