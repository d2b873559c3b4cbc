"""What the tests of this folder stand on."""

from pathlib import Path

import pytest

from tests.channels.phone.ground import PhoneGround


@pytest.fixture
def ground(tmp_path: Path) -> PhoneGround:
    return PhoneGround(tmp_path)
