"""A blank site, made once, and the stages that are built of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.chaos.kills import Killing, killing
from tests.chaos.stage import Stage, blank_stage, stage
from tests.daemon.sites import blank
from tests.rig.dovecot import Dovecot
from tests.rig.postgres import Postgres
from tests.rig.s3 import S3

Build = Callable[[str, bool], Stage]
UnderLoad = Callable[[str, int, int], AbstractContextManager[Killing]]


@pytest.fixture(scope="session")
def blank_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `inbox init --yes` makes."""
    return blank(tmp_path_factory.mktemp("blank") / "site")


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    """A store for buckets."""
    server = S3(tmp_path_factory.mktemp("s3")).start()
    yield server
    server.close()


@pytest.fixture
def build(
    tmp_path: Path, blank_site: Path, dovecot: Dovecot, mailbox: str, request: pytest.FixtureRequest
) -> Iterator[Build]:
    """Builds the stage of a test, on `sqlite` or `postgresql`, with its large mails in a bucket or not."""
    with ExitStack() as built:

        def on(database: str, bucketed: bool) -> Stage:
            made = built.enter_context(stage(tmp_path, blank_site, dovecot, mailbox, _url(request, database)))
            if bucketed:
                server: S3 = request.getfixturevalue("s3")
                made.keep_in(server)
            return made

        yield on


@pytest.fixture
def under_load(
    tmp_path: Path, blank_site: Path, dovecot: Dovecot, mailbox: str, request: pytest.FixtureRequest
) -> UnderLoad:
    """Builds a series of kills: on which database, by which seed, how many."""

    @contextmanager
    def on(database: str, seed: int, kills: int) -> Iterator[Killing]:
        with (
            blank_stage(tmp_path, blank_site, dovecot, mailbox, _url(request, database)) as stage,
            killing(stage, dovecot, mailbox, seed, kills) as made,
        ):
            yield made

    return on


def _url(request: pytest.FixtureRequest, database: str) -> str:
    """A fresh one of that kind; empty: a file of the site."""
    if database != "postgresql":
        return ""
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.database()
