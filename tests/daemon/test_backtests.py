"""Backtests from the web as they are really run: in a child of the daemon, with what the command would say."""

import re
import sys
from collections.abc import AsyncGenerator
from contextlib import closing
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from bench.past_site import SINCE, UNTIL, with_past
from inbox.pipeline.backtested import Asked, Heard
from inbox.runtime.backtesting import backtesting
from inbox.store import decisions
from inbox.store.decisions import Window
from inbox.store.store import Store
from tests.daemon.sites import Shed
from tests.rig.daemon import Daemon, run
from tests.rig.wait import until

BEGIN, END = (datetime.fromisoformat(f"{day}T00:00:00+03:30").astimezone(UTC) for day in (SINCE, UNTIL))
WHOLE = Window(BEGIN, END)
DRAFT = """
[[rule]]
name = "persian is urgent"
when.language = "fa"
then.raise_priority_to = "urgent"
"""


@pytest.fixture
def daemon(sites: Shed) -> Daemon:
    """A site with a past of 300 decisions; its daemon is not started yet."""
    daemon = sites.site(more='[channel.support]\nkind = "memory"\n')
    with_past(daemon.site)
    return daemon


def asked(site: Path, asked: Asked) -> AsyncGenerator[Heard]:
    return backtesting((sys.executable, "-P", "-m", "inbox.daemon.backtest_child", str(site)), asked)


async def heard(site: Path, what: Asked) -> list[Heard]:
    return [one async for one in asked(site, what)]


async def wrong(site: Path, what: Asked) -> list[str]:
    """Why it could not be run, and nothing else."""
    [only] = await heard(site, what)
    assert only.figures is None
    return [one.key for one in only.wrong]


async def test_the_rules_in_force_give_what_they_gave(daemon: Daemon) -> None:
    *_, last = await heard(daemon.site, Asked(WHOLE, "live"))
    assert last.figures is not None
    assert (last.figures.decisions, last.figures.changed, last.figures.unread) == (300, 0, 0)
    assert last.figures.fields == ()
    assert last.figures.clocks.before == last.figures.clocks.after


async def test_a_draft_comes_to_what_the_command_says_of_the_same_files(daemon: Daemon) -> None:
    said = await heard(daemon.site, Asked(WHOLE, "draft", name="00-fa.toml", text=DRAFT))
    figures = said[-1].figures
    changed = {one.reference: one.changes for each in said for one in each.changed}
    assert figures is not None
    assert len(changed) == figures.changed > 20
    assert not (daemon.site / "rules" / "00-fa.toml").exists(), "nothing is written"
    (daemon.site / "rules" / "00-fa.toml").write_text(DRAFT, "utf-8")
    words = ("rules", "backtest", "--since", SINCE, "--until", UNTIL, "--format", "json", "--site", str(daemon.site))
    told = run(*words, cwd=daemon.site).json()
    assert told["revision"] == figures.revision
    assert {one["reference"]: len(one["changes"]) for one in told["examples"]} == {
        k: len(v) for k, v in changed.items()
    }
    assert told["stands"]["priority"]["urgent"]["after"] == figures.stands["priority"]["urgent"][1] > 0
    assert told["rules"]["persian is urgent"] == {"before": 0, "after": figures.hits["persian is urgent"][1]}
    assert (told["clocks"]["better"], told["clocks"]["worse"]) == figures.clocks.turned
    *_, files = await heard(daemon.site, Asked(WHOLE, "files"))
    assert files.figures is not None
    assert (files.figures.revision, files.figures.fields) == (figures.revision, figures.fields)


async def test_earlier_rules_are_run_by_their_digest(daemon: Daemon) -> None:
    with closing(Store("sqlite:///data/inbox.db", daemon.site)) as store:
        store.write_now(
            decisions.put_revision, "feedfeedfeedfeed", {"rules/10-x.toml": DRAFT}, datetime(2026, 1, 1, tzinfo=UTC)
        )
    *_, last = await heard(daemon.site, Asked(WHOLE, "revision", revision="feedfeedfeedfeed"))
    assert last.figures is not None
    assert next(iter(last.figures.hits)) == "persian is urgent"
    assert await wrong(daemon.site, Asked(WHOLE, "revision", revision="abcdef")) == ["cli.rules.no_revision"]


async def test_what_is_refused_says_why(daemon: Daemon) -> None:
    broken = "[[rule]]\nnmae = 1\n"
    keys = await wrong(daemon.site, Asked(WHOLE, "draft", name="00-fa.toml", text=broken))
    assert "rules.unknown_key_near" in keys
    for name in ("", "hours.toml", "../00-x.toml", "00-x.toml/../../../etc/00-y.toml", "x-00.toml"):
        assert await wrong(daemon.site, Asked(WHOLE, "draft", name=name, text=DRAFT)) == ["web.backtest.no_rule_file"]
    (daemon.site / "rules" / "00-fa.toml").write_text(broken)
    assert await wrong(daemon.site, Asked(WHOLE, "files")) == keys


def test_a_lead_runs_one_in_the_browser_while_the_daemon_goes_on(daemon: Daemon) -> None:
    daemon.start()
    link = re.search(r"http://\S+", run("login", "--site", str(daemon.site), cwd=daemon.site).out)
    assert link is not None
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{daemon.web}"
    way = address + "/login/" + link[0].rpartition("/")[2]
    send(browser, way, bound=hidden(get(browser, way), "bound"))
    home = f"{address}/rules/backtest"
    token = hidden(get(browser, home), "form_token")
    form = {"period": "days", "since": SINCE, "until": UNTIL, "which": "draft", "name": "00-fa", "text": DRAFT}
    page = send(browser, home, form_token=token, **form)
    assert page.startswith(f"{home}/")
    until(lambda: "verdict" in get(browser, page), within=30, what="the backtest is done")
    assert "300 decisions replayed" in get(browser, page)
    assert daemon.stop() == 0


def get(browser: OpenerDirector, address: str) -> str:
    with browser.open(address, timeout=10) as answer:
        return str(answer.read().decode())


def send(browser: OpenerDirector, address: str, **form: str) -> str:
    """Send a form; the address that it leads to."""
    with browser.open(address, urlencode(form).encode(), timeout=10) as answer:
        return str(answer.url)


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]
