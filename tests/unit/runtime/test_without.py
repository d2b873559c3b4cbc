"""A library that does not find another one, and everybody else who still does."""

import sys
from importlib import import_module

import pytest

from inbox.runtime.without import without


def test_it_is_not_found_in_there_and_found_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with without("colorsys"), pytest.raises(ModuleNotFoundError):
        import_module("colorsys")
    assert import_module("colorsys").__name__ == "colorsys"


def test_who_has_loaded_it_keeps_it() -> None:
    with without("sys"):
        assert sys.modules["sys"] is sys
    assert sys.modules["sys"] is sys
