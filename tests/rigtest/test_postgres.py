"""The private PostgreSQL hands out separate databases and survives a restart and a crash."""

import psycopg
import pytest
import sqlalchemy as sa

from tests.rig.postgres import Postgres


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_each_database_is_new_and_empty(postgres: Postgres) -> None:
    first, second = postgres.database(), postgres.database()
    with psycopg.connect(plain(first)) as connection:
        connection.execute("CREATE TABLE mine (word text)")
    engine = sa.create_engine(second)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_what_was_committed_survives_a_restart_and_a_crash() -> None:
    durable = Postgres(durable=True).start()
    try:
        url = plain(durable.database())
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            connection.execute("CREATE TABLE kept (word text)")
        durable.stop()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        durable.start()
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO kept VALUES ('سلام')")
        durable.crash()
        durable.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("سلام",)]
    finally:
        durable.close()
