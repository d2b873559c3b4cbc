"""Holidays of a country are reckoned once by a site, and again where they could be others."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from inbox.daemon import reckoned
from inbox.daemon.reckoned import Reckoned
from inbox.domain.problems import Misconfigured
from inbox.site import Site
from inbox.sla.hours import Holiday
from inbox.sla.suggested import suggested


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places that the library was asked for."""
    places: list[str] = []

    def counted(place: str, where: str) -> dict[date, Holiday]:
        places.append(place)
        return suggested(place, where)

    monkeypatch.setattr(reckoned, "suggested", counted)
    return places


def spoilt(file: Path) -> None:
    file.write_text("{", encoding="utf-8")


def of_another_version(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**kept, "made by": "holidays 0.1"}), encoding="utf-8")


def of_another_shape(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**kept, "days": {"2020-01-01": 7}}), encoding="utf-8")


def test_the_second_time_the_same_is_read(tmp_path: Path, asked: list[str]) -> None:
    (tmp_path / "data").mkdir()
    assert Reckoned(Site(tmp_path))("IR", "h") == Reckoned(Site(tmp_path))("IR", "h") == suggested("IR", "h")
    assert asked == ["IR"]


@pytest.mark.parametrize("change", [spoilt, of_another_version, of_another_shape])
def test_what_cannot_be_used_is_made_anew(tmp_path: Path, asked: list[str], change: Callable[[Path], None]) -> None:
    (tmp_path / "data").mkdir()
    Reckoned(Site(tmp_path))("IR", "h")
    change(tmp_path / "data" / "holidays" / "IR.json")
    assert Reckoned(Site(tmp_path))("IR", "h") == suggested("IR", "h")
    assert asked == ["IR", "IR"]
    Reckoned(Site(tmp_path))("IR", "h")
    assert asked == ["IR", "IR"], "and is kept"


@pytest.mark.parametrize("place", ["XX", "../IR", "IR/../../x", ""])
def test_what_is_no_country_is_told_and_nothing_kept(tmp_path: Path, place: str) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(Misconfigured):
        Reckoned(Site(tmp_path))(place, "h")
    assert not list((tmp_path / "data").rglob("*"))


def test_a_look_at_a_site_that_never_ran_makes_nothing(tmp_path: Path) -> None:
    assert Reckoned(Site(tmp_path))("IR", "h")
    assert not list(tmp_path.iterdir())
