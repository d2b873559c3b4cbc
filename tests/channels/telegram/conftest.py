"""A bot for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.telegram.ground import BotGround
from tests.rig.authority import Authority, Certificate


@pytest.fixture(scope="session")
def certificate(authority: Authority) -> Certificate:
    """Made once: a key takes a while."""
    return authority.issue()


@pytest.fixture(params=["telegram", "bale"])
def ground(
    request: pytest.FixtureRequest, tmp_path: Path, authority: Authority, certificate: Certificate
) -> Iterator[BotGround]:
    made = BotGround(tmp_path, authority.file, certificate, request.param)
    yield made
    made.close()


@pytest.fixture
def telegram(tmp_path: Path, authority: Authority, certificate: Certificate) -> Iterator[BotGround]:
    made = BotGround(tmp_path, authority.file, certificate, groups=[-500])
    yield made
    made.close()
