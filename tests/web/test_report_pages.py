"""The pages of reports: the numbers of the reports themselves, what they lead to, who may see them, and the same as files."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked, Cell, Column, Report
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.text.dates import duration
from inbox.text.fold import latin_digits
from tests.unit.sheets.reading import lines, pages
from tests.web.asking import Answer, Visitor
from tests.web.reader import Page, inside
from tests.web.rolling import TODAY, rolled, weekdays
from tests.web.sites import NOW, OMID, SARA, Site

MONTH = Asked(TODAY - timedelta(days=29), TODAY + timedelta(days=1))
WEIGHT = 40 * 1024
"""Bytes of a page, packed."""


@pytest.fixture
def measured(filled: Site) -> Site:
    """Omid is a lead and reads English, Sara is none and reads Persian; every report has something to tell."""

    def fill(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(lead=True))
        rolled(unit)

    filled.store.write_now(fill)
    return filled


class Tables(HTMLParser):
    """The cells of all tables of a page, by the section in which each stands: their words, and where they lead."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.found: dict[str, list[list[tuple[str, str]]]] = {}
        self._rows: list[list[tuple[str, str]]] | None = None
        self._name = ""
        self._cell: list[str] | None = None
        self._href = ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "section":
            self._name = str(known.get("aria-labelledby", "")).removeprefix("table-")
        elif tag == "tbody":
            self._rows = self.found.setdefault(self._name, [])
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("td", "th") and self._rows is not None:
            self._cell, self._href = [], ""
        elif tag == "a" and self._cell is not None:
            self._href = str(known["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self._rows = None
        elif tag in ("td", "th") and self._rows is not None and self._cell is not None:
            self._rows[-1].append(("".join(self._cell).strip(), self._href))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def read(site: Site, name: str, asked: Asked) -> Report:
    return site.store.read_now(report, name, asked, ZoneInfo(site.options.zone), NOW)


def same(shown: str, cell: Cell, column: Column, language: str) -> bool:
    """Whether a number of the page is that of the report."""
    if cell is None:
        return shown in ("–", "more", "بیشتر")
    if column.kind == "seconds":
        return shown == duration(float(str(cell)), language)
    plain = (
        latin_digits(shown).replace("٬", "").replace(",", "").replace("٫", ".").replace("\u200e", "").replace("−", "-")
    )
    if column.kind == "share":
        return float(re.sub("[%٪]", "", plain)) == pytest.approx(round(float(str(cell)) * 100, 1))
    return float(plain) == pytest.approx(float(str(cell)), abs=0.005)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("name", NAMES)
async def test_the_numbers_of_the_page_are_those_of_the_report(measured: Site, name: str, language: str) -> None:
    lead = await inside(measured, OMID)
    answer = await lead.get(f"/reports/{name}?lang={language}")
    assert answer.status == 200
    found, tables = read(measured, name, replace(MONTH, language=language)), Tables(answer).found
    assert [one.name for one in found.tables if one.rows] == list(tables)
    for one in found.tables:
        for shown, row in zip(tables.get(one.name, []), one.rows, strict=True):
            for (words, _), cell, column in zip(shown, row, one.columns, strict=True):
                if column.kind in ("count", "share", "seconds", "number"):
                    assert same(words, cell, column, language), (one.name, column.name, words, cell)


@pytest.mark.parametrize("name", NAMES)
async def test_a_page_is_light_and_its_pictures_say_what_they_are(measured: Site, name: str) -> None:
    lead = await inside(measured, OMID)
    answer = await lead.get(f"/reports/{name}?since=2026-10-20&until=2026-11-24")
    assert len(gzip.compress(answer.body, 6)) < WEIGHT
    elements = Page(answer).elements
    ids = {str(attrs["id"]) for _, attrs in elements if attrs.get("id")}
    for tag, attrs in elements:
        assert not {"style", "onclick"} & set(attrs)
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or set(str(attrs["aria-labelledby"]).split()) <= ids


async def test_each_number_leads_to_what_is_behind_it(measured: Site) -> None:
    lead = await inside(measured, OMID)
    found, tables = read(measured, "flow", MONTH), Tables(await lead.get("/reports/flow")).found
    for one in found.tables:
        for at, shown in enumerate(tables[one.name]):
            for place, (_, href) in enumerate(shown):
                query = one.link(at, place) if one.rows[at][place] else ""
                assert parse_qs(urlsplit(href).query).get("q", [""])[0] == query


async def test_both_calendars_are_typed_and_files_ask_the_same(measured: Site) -> None:
    lead = await inside(measured, OMID)
    said = Asked(date(2026, 11, 1), date(2026, 11, 21), team="orders", channel="bot", hours="working")
    found = read(measured, "first-reply", said)
    for since, until in (("2026-11-01", "2026-11-20"), ("1405/8/10", "۱۴۰۵/۸/۲۹"), ("1 Nov 2026", "۲۹ آبان ۱۴۰۵")):
        query = urlencode({"since": since, "until": until, "team": "orders", "channel": "bot", "hours": "working"})
        page = Page(await lead.get(f"/reports/first-reply?{query}"))
        assert "From Sunday 1 November 2026 to Friday 20 November 2026" in page.words
        assert "Only: Team orders; Channel bot" in page.words.replace("\u2068", "").replace("\u2069", "")
        [href] = [
            str(a["href"])
            for tag, a in page.elements
            if tag == "a" and ".csv?" in str(a.get("href")) and "over_time" in str(a["href"])
        ]
        rows = list(csv.reader(io.StringIO((await lead.get(href)).text.removeprefix("\ufeff"))))
        assert rows[1:] == [list(map(told, row)) for row in found.table("over_time").plain.rows]


def told(cell: object) -> str:
    return "" if cell is None else str(cell)


async def test_a_day_that_is_none_is_said_and_nothing_that_was_typed_is_lost(measured: Site) -> None:
    lead = await inside(measured, OMID)
    answer = await lead.get("/reports/flow?since=yesteryear&tag=refund&until=2026-11-20")
    page = Page(answer)
    typed = {str(a["name"]): a.get("value") for tag, a in page.elements if tag == "input" and a.get("name")}
    assert (answer.status, typed["since"], typed["tag"]) == (200, "yesteryear", "refund")
    assert "“yesteryear” in “From” is no day" in page.words
    assert (await lead.get("/reports/flow.csv?since=yesteryear")).status == 404


@pytest.mark.parametrize(
    "query", ["team=pirates", "channel=fax", "organization=Nobody", "since=2026-11-20&until=2026-11-01"]
)
async def test_what_is_not_there_is_said_with_the_form_filled_in(measured: Site, query: str) -> None:
    lead = await inside(measured, OMID)
    answer = await lead.get(f"/reports/flow?{query}")
    assert answer.status == 422
    assert 'class="wrong"' in answer.text
    assert "<table" not in answer.text
    assert (await lead.get(f"/reports/flow.xlsx?{query}")).status == 404


async def test_the_presets_are_periods_of_the_readers_calendar(measured: Site) -> None:
    lead = await inside(measured, OMID)
    words = [Page(await lead.get(f"/reports/flow?lang={language}")).words for language in ("en", "fa")]
    assert "November 2026 October 2026" in words[0]
    assert "آذر ۱۴۰۵ آبان ۱۴۰۵" in words[1]


async def test_the_week_of_the_heatmap_is_that_of_the_language(measured: Site) -> None:
    lead = await inside(measured, OMID)
    for language in ("en", "fa"):
        rows = Tables(await lead.get(f"/reports/hours?lang={language}")).found["hours"]
        assert [row[0][0] for row in rows] == weekdays(language)


async def test_leads_see_all_agents_what_is_said_of_themselves_and_strangers_nothing(measured: Site) -> None:
    agent, lead, boss = await inside(measured, SARA), await inside(measured, OMID), Visitor(measured.app())
    await boss.sign_in(measured.link("owner", None))
    for path in ("/reports", "/reports/flow", "/reports/flow.csv", "/reports/flow.pdf", "/reports/agents"):
        assert (await Visitor(measured.app()).get(path)).status == 403
        assert [(await visitor.get(path)).status for visitor in (lead, boss)] == [200, 200]
    assert (await agent.get("/reports")).headers["location"] == "/reports/agents"
    assert [(await agent.get(f"/reports/{one}")).status for one in ("flow", "flow.csv", "flow.xlsx")] == [404] * 3
    assert (await lead.get("/reports/secrets")).status == 404
    everybody = Tables(await lead.get("/reports/agents")).found["agents"]
    assert [row[0][0] for row in everybody] == ["omid", "sara"]
    answer = await agent.get("/reports/agents?lang=en")
    assert [row[0][0] for row in Tables(answer).found["agents"]] == ["sara"]
    assert "omid" not in answer.text
    assert "omid" not in (await agent.get("/reports/agents.csv")).text
    assert all("omid" not in text for text in paper((await agent.get("/reports/agents.pdf?lang=en")).body))


def paper(file: bytes) -> Iterator[str]:
    for page in pages(file):
        yield from lines(page, rightward=False)


async def test_files_are_what_they_say_and_hold_the_same_numbers(measured: Site) -> None:
    lead = await inside(measured, OMID)
    found = read(measured, "flow", MONTH)
    for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = await lead.get(f"/reports/flow.{kind}?lang=en")
        assert answer.body.startswith(begins)
        assert answer.headers["content-disposition"] == f'attachment; filename="flow-2026-10-26-2026-11-24.{kind}"'
    shown = list(paper(answer.body))
    came, done = found.table("flow").rows[0]
    assert f"{came}{done}" in shown
    assert (await lead.get("/reports/flow.csv?table=secrets")).status == 404


async def test_the_first_page_begins_with_the_rate_of_kept_promises(measured: Site) -> None:
    lead = await inside(measured, OMID)
    answer = await lead.get("/reports")
    [row] = Tables(answer).found["headline"]
    [kept] = read(measured, "promise-kept", MONTH).table("kept").rows
    assert [words for words, _ in row][:2] == [str(kept[0]), str(kept[1])]
    assert all(f'href="/reports/{name}' in answer.text for name in NAMES)


async def test_an_empty_site_has_pages_too(filled: Site) -> None:
    boss = Visitor(filled.app())
    await boss.sign_in(filled.link("owner", None))
    assert [(await boss.get(f"/reports/{name}")).status for name in NAMES] == [200] * len(NAMES)


async def test_the_list_behind_a_number_is_shown(measured: Site) -> None:
    lead, seen = await inside(measured, OMID), 0
    for name in NAMES:
        told = Tables(await lead.get(f"/reports/{name}")).found
        links = [href for rows in told.values() for row in rows for _, href in row if href.startswith("/?q=")]
        for href in links[:3]:
            answer = await lead.get(href)
            assert answer.status == 200, href
            assert "was left out" not in answer.text, href
            seen += 1
    assert seen > 20
