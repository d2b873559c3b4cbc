"""`inbox migrate` brings the database up to date, and can be asked what it would do."""

import sqlite3
from pathlib import Path

from tests.cli.talk import Talk


def test_a_database_is_made_and_then_is_up_to_date(inbox: Talk, site: Path) -> None:
    assert inbox("migrate", "--dry-run").out.startswith("These steps would be taken: 0001")
    assert inbox("migrate").out.startswith("The database is up to date; steps taken: 0001")
    assert inbox("migrate").out == "The database is up to date.\n"
    assert (site / "data" / "inbox.db").stat().st_size > 0


def test_a_later_database_is_refused(inbox: Talk, site: Path) -> None:
    inbox("migrate", "-q")
    with sqlite3.connect(site / "data" / "inbox.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    said = inbox("migrate")
    assert said.code == 2
    assert "9999" in said.err


def test_a_new_site_needs_no_migrating_first(inbox: Talk) -> None:
    assert inbox("teams", "list", "--format", "json").json() == []
    assert inbox("migrate").out == "The database is up to date.\n"
