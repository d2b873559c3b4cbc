"""Sites and servers that the tests of this folder share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.sites import Shed, blank, shed


@pytest.fixture(scope="session")
def blank_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `inbox init --yes` makes."""
    return blank(tmp_path_factory.mktemp("blank") / "site")


@pytest.fixture
def sites(tmp_path: Path, blank_site: Path) -> Iterator[Shed]:
    """Makes sites; their daemons end with the test."""
    with shed(tmp_path / "sites", blank_site) as made:
        yield made
