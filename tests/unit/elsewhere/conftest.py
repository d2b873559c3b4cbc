"""Lends what opens an export."""

from collections.abc import Iterator

import pytest

from tests.unit.elsewhere.exports import Opened, opener


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens exports of the corpus, or of a folder."""
    with opener() as opens:
        yield opens
