"""Zones come with the program: a slim machine that knows none counts as any other."""

import subprocess
import sys
from pathlib import Path

ASKED = (
    "import zoneinfo; from datetime import datetime, timedelta;"
    "assert zoneinfo.TZPATH == ();"
    "tehran = zoneinfo.ZoneInfo('Asia/Tehran');"
    "print(*(datetime(year, 7, 1, tzinfo=tehran).utcoffset() / timedelta(minutes=1) for year in (2022, 2023)));"
    "print(len(zoneinfo.available_timezones()) > 400)"
)


def test_g3_every_zone_is_known_where_the_system_knows_none(tmp_path: Path) -> None:
    """Tehran gave up its summer time in 2022: a package that is too old counts an hour wrong."""
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={"PYTHONTZPATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["270.0", "210.0", "True"]


def test_g3_the_package_of_zones_is_one_of_ours() -> None:
    """Not only of the machine on which the tests run."""
    asked = "import importlib.metadata as m; print(any(r.startswith('tzdata') for r in m.requires('inboxd')))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
