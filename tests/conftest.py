"""Fixtures that lend the rig's servers to every test."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.compiled import compiled_once
from tests.rig.authority import Authority
from tests.rig.dovecot import Dovecot
from tests.rig.postgres import Postgres
from tests.rig.smtp_sink import SmtpSink
from tests.skips import pytest_make_collect_report, pytest_runtest_makereport

__all__ = ["compiled_once", "pytest_make_collect_report", "pytest_runtest_makereport"]


def pytest_configure() -> None:
    """An example may take its time: a busy machine is no finding. What else holds is what holds anyway, in CI and at home."""
    settings.register_profile("patient", settings(), deadline=None)
    settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """As in the daemon, without the values of variables: to draw those of a whole playbook takes minutes."""
    drawn = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, drawn])


@pytest.fixture(scope="session")
def authority() -> Iterator[Authority]:
    """The certificate authority that all private servers share."""
    made = Authority()
    yield made
    made.close()


@pytest.fixture(scope="session")
def dovecot(authority: Authority) -> Iterator[Dovecot]:
    """One Dovecot for the whole session; take a fresh user from `mailbox`."""
    server = Dovecot(authority)
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole session; take a fresh database from `postgres.database()`."""
    server = Postgres()
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def smtp_sink(tmp_path: Path) -> Iterator[SmtpSink]:
    """A sink of the test's own: no TLS, no login, no failures until they are ordered."""
    sink = SmtpSink(tmp_path / "sink").start()
    yield sink
    sink.close()


@pytest.fixture
def mailbox() -> str:
    """A mail address that no other test uses; its password is "secret"."""
    return f"box-{uuid.uuid4().hex[:12]}@example.org"
