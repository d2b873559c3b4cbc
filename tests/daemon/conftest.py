"""Sites and servers that the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.sites import Shed, shed


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Shed]:
    """Makes sites; their daemons end with the test."""
    with shed(tmp_path / "sites") as made:
        yield made
