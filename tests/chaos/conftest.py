"""A blank site, made once, and the stages that are built of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.chaos.stage import Stage, stage
from tests.daemon.sites import blank
from tests.rig.dovecot import Dovecot
from tests.rig.postgres import Postgres

Build = Callable[[str], Stage]


@pytest.fixture(scope="session")
def blank_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `inbox init --yes` makes."""
    return blank(tmp_path_factory.mktemp("blank") / "site")


@pytest.fixture
def build(
    tmp_path: Path, blank_site: Path, dovecot: Dovecot, mailbox: str, request: pytest.FixtureRequest
) -> Iterator[Build]:
    """Builds the stage of a test, on `sqlite` or `postgresql`."""
    with ExitStack() as built:

        def on(database: str) -> Stage:
            url = ""
            if database == "postgresql":
                postgres: Postgres = request.getfixturevalue("postgres")
                url = postgres.database()
            return built.enter_context(stage(tmp_path, blank_site, dovecot, mailbox, url))

        yield on
