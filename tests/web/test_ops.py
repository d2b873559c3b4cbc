"""The pages about the rules: who sees them, how often each rule matched, and why something was decided."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.domain.problems import Misconfigured
from inbox.store import decisions, live
from inbox.store import tables as t
from inbox.web.ops.trying import FIELDS
from tests.web import rulebooks
from tests.web.asking import Answer, Visitor, hidden
from tests.web.reader import Page, inside
from tests.web.rulebooks import decided, go_live
from tests.web.sites import NOW, OMID, SARA, Site

PAGES = ("/rules", "/rules?never=1", "/c/K7Q2/why/{number}")


def plain(answer: Answer) -> str:
    """The words of a page without the marks that keep directions apart."""
    return re.sub("[\u2066-\u2069]", "", Page(answer).words)


def leads(site: Site, *agents: AgentId) -> None:
    with site.store.engine.begin() as connection:
        connection.execute(sa.update(t.agent).where(t.agent.c.id.in_(agents)).values(lead=True))


@pytest.fixture
def ruled(filled: Site) -> Site:
    """Rules are live, and Omid is a lead."""
    go_live(filled)
    leads(filled, OMID)
    return filled


async def owner(site: Site) -> Visitor:
    visitor = Visitor(site.app())
    assert (await visitor.sign_in(site.link("owner", None))).status == 303
    return visitor


async def test_agents_find_nothing_where_leads_and_the_owner_read_the_rules(ruled: Site) -> None:
    number = decided(ruled)
    agent, lead, boss = await inside(ruled, SARA), await inside(ruled), await owner(ruled)
    for path in PAGES:
        path = path.format(number=number)
        assert (await Visitor(ruled.app()).get(path)).status == 403
        refused = await agent.get(path)
        assert refused.status == 404
        assert "parcels" not in refused.text
        assert [(await visitor.get(path)).status for visitor in (lead, boss)] == [200, 200]
    shown = ['href="/rules"' in (await visitor.get("/")).text for visitor in (agent, lead, boss)]
    assert shown == [False, True, True]


async def test_the_rules_stand_in_order_with_what_they_ask_do_and_how_often_they_matched(ruled: Site) -> None:
    decided(ruled)
    decided(ruled, ago=timedelta(days=10))
    decided(ruled, ago=timedelta(days=31))
    answer = await (await inside(ruled)).get("/rules")
    words = plain(answer)
    order = ("parcels rules/10-orders.toml:2", "مالی <b> rules", "asleep rules", "everything else rules/20-last.toml:2")
    assert [words.index(one) for one in order] == sorted(words.index(one) for one in order)
    assert "<b>" not in answer.text, "names of rules are text"
    parcels, money, asleep, last = (words[words.index(one) :] for one in order)
    assert parcels[: parcels.index(order[1])].count("1 in 7 days · 2 in 30 days") == 1
    assert "when text.mentions: tracking page, مرسوله then team: orders tag: parcel" in parcels
    assert "at least one of these: subject.mentions: بازگشت وجه | channel: support · text.mentions: refund" in money
    assert "not this: automatic: true" in money
    assert money.index("never matched") < money.index("asleep")
    assert "switched off" in asleep.split("everything else")[0]
    assert "on conversation-opened reply-sent when no conditions then priority: low" in last
    revision = rulebooks.rulebook().revision[:7]
    assert f"Revision {revision}, in force since " in words
    assert "after files had changed" in words


async def test_only_rules_that_never_matched_are_listed_when_asked_for(ruled: Site) -> None:
    decided(ruled, ago=timedelta(days=400))
    visitor = await inside(ruled)
    words = Page(await visitor.get("/rules?never=1")).words
    assert "parcels" not in words
    assert "مالی" in words


async def test_everything_that_is_wrong_with_the_refused_files_is_told(ruled: Site) -> None:
    wrong = tuple(
        Misconfigured("config.unreadable", where=f"rules/{n}0-x.toml", reason="No such file") for n in range(8)
    )
    ruled.store.write_now(live.refused, wrong, NOW)
    assert Page(await (await inside(ruled)).get("/rules")).words.count("No such file") == 8


async def test_a_large_rulebook_is_read_page_by_page(ruled: Site) -> None:
    files = {"rules/10.toml": "".join(f'[[rule]]\nname = "r{n}"\nthen.tag = ["x"]\n' for n in range(250))}
    ruled.store.write_now(decisions.put_revision, "feed", files, NOW)
    ruled.store.write_now(live.went, "feed", "command", {}, NOW)
    visitor = await inside(ruled)
    shown = []
    for query in ("", "?page=2", "?page=3", "?page=x"):
        page = Page(await visitor.get(f"/rules{query}"))
        shown.append([words for words in page.text if words[:1] == "r" and words[1:].isdigit()])
    assert [len(one) for one in shown] == [100, 100, 50, 100]
    assert (shown[0][0], shown[1][0], shown[2][-1]) == ("r0", "r100", "r249")


async def test_a_site_without_rules_says_so(filled: Site) -> None:
    assert "No rules are in force." in Page(await (await owner(filled)).get("/rules")).words


async def test_the_walk_of_a_decision_tells_what_each_condition_saw(ruled: Site) -> None:
    number = decided(ruled)
    visitor = await inside(ruled)
    address = f"/c/K7Q2/why/{number}"
    assert f'href="{address}"' in (await visitor.get("/c/K7Q2")).text
    assert address not in (await (await inside(ruled, SARA)).get("/c/K7Q2")).text
    words = plain(await visitor.get(address))
    assert "parcels rules/10-orders.toml:2 matched text.mentions tracking page? yes team=orders tag=parcel" in words
    assert "did not match none of these holds (subject.mentions بازگشت وجه? no" in words
    assert "everything else rules/20-last.toml:2 matched no conditions priority=low" in words
    assert "from lena@example.com" in words


async def test_a_decision_is_found_on_its_own_conversation_only(ruled: Site) -> None:
    number = decided(ruled)
    visitor = await inside(ruled)
    for path in (f"/c/M4TR/why/{number}", "/c/K7Q2/why/99", "/c/K7Q2/why/x", "/c/????/why/1", f"/c/K7Q2/why/{9**30}"):
        assert (await visitor.get(path)).status == 404, path


async def lead(site: Site, agent: AgentId = OMID) -> Visitor:
    """Somebody who is signed in where the rules are known to the pages as well."""
    visitor = Visitor(site.app(playbook=rulebooks.book))
    assert (await visitor.sign_in(site.link("lead", agent))).status == 303
    return visitor


async def test_a_typed_message_is_walked_and_nothing_is_changed(ruled: Site) -> None:
    visitor = await lead(ruled)
    before = every_row(ruled)
    sent = {
        "channel": "support",
        "from": "new@example.org",
        "to": "help@acme.example",
        "subject": "<i>Hello",
        "text": "refund, please",
    }
    sent |= {"form_token": hidden(await visitor.get("/rules/try"), "form_token"), "language": "fa"}
    answer = await visitor.post("/rules/try", sent, sec_fetch_site="same-origin")
    words = plain(answer)
    assert "parcels rules/10-orders.toml:2 did not match text.mentions tracking page, مرسوله? no" in words
    assert "مالی <b> rules/10-orders.toml:8 matched one of these holds" in words
    assert "priority=high final: no rule below was looked at" in words
    assert "everything else" not in words
    assert "from new@example.org to help@acme.example subject <i>Hello language fa" in words
    assert "<i>" not in answer.text
    assert 'value="new@example.org"' in answer.text, "the form stands as it was typed"
    assert every_row(ruled) == before


async def test_a_message_that_came_is_walked_as_it_was_by_the_rules_of_today(ruled: Site) -> None:
    number = decided(ruled)
    visitor = await lead(ruled)
    why = (await visitor.get(f"/c/K7Q2/why/{number}")).text
    link = why.split('href="/rules/try?message=')[1].split('"')[0]
    before = every_row(ruled)
    words = plain(await visitor.get(f"/rules/try?message={link}"))
    assert "parcels rules/10-orders.toml:2 matched text.mentions tracking page? yes team=orders tag=parcel" in words
    assert every_row(ruled) == before
    for typed in ("999", "x", "", str(9**30)):
        assert (await visitor.get(f"/rules/try?message={typed}")).status == 404, typed


async def test_a_form_that_another_site_sent_or_with_an_unknown_channel_is_refused(ruled: Site) -> None:
    visitor = await lead(ruled)
    token = hidden(await visitor.get("/rules/try"), "form_token")
    for form, site, status in (
        ({"channel": "support"}, "same-origin", 403),
        ({"channel": "support", "form_token": token}, "cross-site", 403),
        ({"channel": "nothing", "form_token": token}, "same-origin", 404),
        ({"channel": "support", "form_token": token, "text": "x" * 20_000}, "same-origin", 413),
        ({"channel": "support", "form_token": token}, "same-origin", 200),
    ):
        assert (await visitor.post("/rules/try", form, sec_fetch_site=site)).status == status, form.keys()


async def test_the_longest_message_that_can_be_typed_is_taken(ruled: Site) -> None:
    visitor = await lead(ruled)
    form = {name: "خ" * most for name, most in FIELDS.items() if name in ("text", "subject")}
    form |= {name: "x" * most for name, most in FIELDS.items() if name not in form}
    form |= {"channel": "support", "form_token": hidden(await visitor.get("/rules/try"), "form_token")}
    assert (await visitor.post("/rules/try", form, sec_fetch_site="same-origin")).status == 200


async def test_agents_try_nothing(ruled: Site) -> None:
    visitor = await lead(ruled, SARA)
    assert (await visitor.get("/rules/try")).status == 404
    assert (await visitor.post("/rules/try", {"channel": "support"}, sec_fetch_site="same-origin")).status == 404


def every_row(site: Site) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored."""
    with site.store.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in t.metadata.tables.items()
        }


@pytest.mark.parametrize("path", [*PAGES, "/rules/try"])
async def test_the_pages_are_whole_in_persian(ruled: Site, path: str) -> None:
    number = decided(ruled)
    leads(ruled, SARA)
    page = Page(await (await lead(ruled, SARA)).get(path.format(number=number)))
    assert page.elements[0][1]["dir"] == "rtl"
    assert "rules.said" not in page.words
    assert "web.rules" not in page.words
