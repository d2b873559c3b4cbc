"""A site that was filled on the real path goes on, on PostgreSQL: nothing differs, answers find their conversation, ids are new."""

from dataclasses import replace
from datetime import timedelta

import pytest

from inbox.__main__ import main
from inbox.daemon.lock import SiteLock
from inbox.demo.customers import PLAYERS, Customers
from inbox.demo.stage import Stage
from inbox.domain.secrets import SecretReference
from inbox.settings import StoreOptions
from inbox.site import Site
from inbox.store import tables as t
from inbox.store.store import Store
from tests.path.test_demo import NOW, Demo, filled
from tests.rig.postgres import Postgres

LATER = NOW + timedelta(minutes=5)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Filled once; a daemon that is killed leaves its lease behind."""
    made = filled(tmp_path_factory.mktemp("demo") / "site")
    made.store.close()
    return made


def run(site: Site, capture: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["--site", str(site.root), "--lang", "en", *words])
    said = capture.readouterr()
    return code, said.out + said.err


def ids(store: Store, table: str) -> list[int]:
    return store.read_now(lambda unit: [row.id for row in unit.execute(t.metadata.tables[table].select())])


def test_it_is_not_carried_while_the_daemon_runs(
    demo: Demo, postgres: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres.database().replace("+psycopg", "")
    with SiteLock(demo.site.data / "inbox.lock"):
        code, said = run(demo.site, capsys, "migrate", "--to", url)
    assert code == 2
    assert "Stop it first" in said


async def test_a_filled_site_goes_on_in_postgresql(
    demo: Demo, postgres: Postgres, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.database().replace("+psycopg", "")
    code, said = run(demo.site, capsys, "migrate", "--to", url, "--dry-run")
    assert (code, "rehearsal" in said) == (0, True)
    code, said = run(demo.site, capsys, "migrate", "--to", url)
    assert code == 0, said
    assert f'[store]\nurl = "{url}"' in said
    code, again = run(demo.site, capsys, "migrate", "--to", url)
    assert (code, "holds rows already" in again) == (2, True)

    config = demo.site.config.read_text(encoding="utf-8")
    demo.site.config.write_text(f'{config}\n[store]\nurl = "{url}"\n', encoding="utf-8")
    code, said = run(demo.site, capsys, "verify")
    assert (code, "0 differ" in said) == (0, True), said

    monkeypatch.setenv("POSTGRESQL_PASSWORD", "of the daemon")
    password = SecretReference("env", ("POSTGRESQL_PASSWORD",))
    settings = replace(demo.settings, store=StoreOptions(url=url, password=password))
    stage = Stage(demo.site, settings, demo.networks, LATER)
    try:
        assert stage.house.store.engine.url.password == "of the daemon"
        store, customers, emily = stage.house.store, Customers(demo.networks), PLAYERS[0]
        before = {table: ids(store, table) for table in ("arrival", "message", "conversation", "event", "delivery")}
        customers.write(emily, emily.to[0], "Grinder", "Does it come with a brush?", answers=False, now=LATER)
        await stage.arrives(emily.channel)
        customers.write(emily, emily.to[0], "", "And filters?", answers=True, now=LATER)
        await stage.arrives(emily.channel)
        assert len(ids(store, "conversation")) == len(before["conversation"]) + 1, "the answer found its conversation"
        for table, known in before.items():
            assert min(set(ids(store, table)) - set(known)) > max(known), table
    finally:
        stage.close()
    code, said = run(demo.site, capsys, "verify")
    assert code == 0, said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--to", "mysql://app@db/inbox"), "names no PostgreSQL"),
        (("--to", "postgresql://app:hunter2@db/inbox"), "--password-file"),
        (("--to", "postgresql://db/inbox", "--password-file", "secret"), "--password-file"),
    ],
)
def test_what_cannot_be_carried_to_is_told(
    demo: Demo, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(demo.site, capsys, "migrate", *words)
    assert (code, told in said) == (2, True), said
    assert "hunter2" not in said
