"""The pages of reports on 5,000 conversations that were played through the house: their numbers are those of the reports, which
are compared with plain SQL elsewhere (tests/path/test_reports_equal.py)."""

import gzip
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked
from inbox.runtime.wakes import ProcessWake
from inbox.settings.options import SiteOptions
from inbox.testing import FakeClock
from tests.rig.busy import NOW, Busy
from tests.web.asking import Visitor
from tests.web.sites import Site
from tests.web.test_report_pages import WEIGHT, Tables, same

TEHRAN = ZoneInfo("Asia/Tehran")
LAST = NOW.astimezone(TEHRAN).date()


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Served at the end of what was played."""
    made = Busy(tmp_path_factory.mktemp("busy"))
    options = SiteOptions.model_validate({"name": "Acme", "zone": TEHRAN.key})
    yield Site(made.store, FakeClock(NOW), options, ProcessWake())
    made.close()


async def test_each_page_says_what_its_report_says(busy: Site) -> None:
    owner = Visitor(busy.app())
    await owner.sign_in(busy.link("owner", None))
    for query, asked in {
        f"since={LAST - timedelta(days=40)}&until={LAST - timedelta(days=10)}&lang=en": Asked(
            LAST - timedelta(days=40), LAST - timedelta(days=9)
        ),
        f"since={LAST - timedelta(days=89)}&channel=bot&hours=working&lang=fa": Asked(
            LAST - timedelta(days=89), LAST + timedelta(days=1), channel="bot", hours="working", language="fa"
        ),
    }.items():
        for name in NAMES:
            answer = await owner.get(f"/reports/{name}?{query}")
            assert answer.status == 200
            assert len(gzip.compress(answer.body, 6)) < WEIGHT
            found = busy.store.read_now(report, name, asked, TEHRAN, NOW)
            tables = Tables(answer).found
            for one in found.tables:
                for shown, row in zip(tables.get(one.name, []), one.rows, strict=True):
                    for (words, _), cell, column in zip(shown, row, one.columns, strict=True):
                        if column.kind in ("count", "share", "seconds", "number"):
                            assert same(words, cell, column, asked.language), (name, one.name, column.name, words, cell)
