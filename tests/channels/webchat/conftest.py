"""A web chat for each test."""

from pathlib import Path

import pytest

from tests.channels.webchat.ground import WebchatGround


@pytest.fixture
async def ground(tmp_path: Path) -> WebchatGround:
    return WebchatGround(tmp_path)
