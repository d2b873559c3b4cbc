"""A sink for each test that sends."""

from collections.abc import Iterator

import pytest

from tests.rig.smtp_sink import SmtpSink


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    server = SmtpSink().start()
    yield server
    server.close()
