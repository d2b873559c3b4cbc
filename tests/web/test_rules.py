"""What is live of the rules, and what is wrong with the refused ones, stands on every page of whoever is signed in."""

import pytest

from inbox.domain import events as ev
from inbox.domain.assigning import Candidate
from inbox.domain.problems import Misconfigured
from inbox.store import decisions, live, people
from inbox.web.agents.timeline import Teller
from tests.web.asking import Visitor
from tests.web.reader import Page, inside
from tests.web.sites import NOW, OMID, SARA, WORDING, Site, minutes

WRONG = tuple(
    Misconfigured("config.unreadable", where=f"rules/{n}0-<b>.toml", reason="No such file") for n in range(1, 8)
)


def went_live(site: Site) -> None:
    site.store.write_now(decisions.put_revision, "0123456789abcdef", {}, NOW)
    site.store.write_now(live.went, "0123456789abcdef", "start", {}, NOW)


async def test_the_live_revision_stands_below_every_page(site: Site) -> None:
    visitor = await inside(site)
    assert "Rules in force" not in Page(await visitor.get("/")).words, "nothing is said of what nobody knows"
    went_live(site)
    words = Page(await visitor.get("/")).words
    assert "Rules in force: revision 0123456, since " in words
    assert "Files of the site are faulty" not in words


async def test_refused_files_are_told_on_every_page_until_they_are_mended(site: Site) -> None:
    went_live(site)
    site.store.write_now(live.refused, WRONG, minutes(5))
    visitor = await inside(site)
    answer = await visitor.get("/?view=done")
    words = Page(answer).words
    assert "Files of the site are faulty since " in words
    assert words.count("No such file") == 5
    assert "and 2 more" in words
    assert "<b>.toml" not in answer.text, "names of files are text"
    site.store.write_now(live.wants_restart, True)
    assert "config.toml has changed" in Page(await visitor.get("/")).words
    went_live(site)
    site.store.write_now(live.wants_restart, False)
    assert "faulty" not in Page(await visitor.get("/")).words


async def test_it_is_told_in_persian_and_to_nobody_outside(site: Site) -> None:
    went_live(site)
    site.store.write_now(live.refused, WRONG, minutes(5))
    assert "ایراد دارند" in Page(await (await inside(site, SARA)).get("/")).words
    outside = Page(await Visitor(site.app()).get("/")).words
    assert "revision" not in outside
    assert "No such file" not in outside


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_timeline_says_why_each_other_one_did_not_get_it(site: Site, language: str) -> None:
    roster = site.store.read_now(people.roster)
    teller = Teller(lambda key, **facts: WORDING.say(language, key, **facts), language, NOW.tzinfo, roster)  # type: ignore[arg-type]  # no instant is told here
    seen = (Candidate("sara", 4), Candidate("omid", 2, "off-duty"))
    given = teller.words(ev.Assigned("assigned", SARA, "least-busy", seen))
    nobody = teller.words(ev.Assigned("assigned", None, "nobody", seen[1:]))
    if language == "en":
        assert given.replace("\u2068", "").replace("\u2069", "") == (
            "Assigned to سارا محمدی · least open work · سارا محمدی: open work 4 · Omid Rahimi: not on shift"
        )
        assert nobody.startswith("Assigned to nobody · nobody can take it now, so it waits in the queue")
    else:
        assert "کمترین کار باز" in given
        assert "بیرون از نوبت کاری" in nobody
    assert teller.words(ev.Assigned("assigned", OMID, "answered it")) == teller.words(ev.Assigned("assigned", OMID))
