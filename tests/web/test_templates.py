"""The pages about message templates: who sees them, and that they show the files as they are."""

from pathlib import Path

import pytest

from inbox.render import Templates
from inbox.web.ops.drafts import FRAMED
from tests.unit.render.places import SHIPPED
from tests.web.asking import Answer, Visitor
from tests.web.drafting import Drafting
from tests.web.reader import Page
from tests.web.sites import OMID, SARA, Site
from tests.web.test_ops import leads, plain

ACK = "/templates/acknowledgement?in=en"


@pytest.fixture
def drafting(filled: Site, tmp_path: Path) -> Drafting:
    """Omid is a lead, Sara is not."""
    leads(filled, OMID)
    return Drafting.on(filled, tmp_path)


async def lead(drafting: Drafting, agent: int | None = OMID) -> Visitor:
    visitor = Visitor(drafting.app())
    assert (await visitor.sign_in(drafting.site.link(f"as-{agent}", agent))).status == 303  # type: ignore[arg-type]  # an id of the samples
    return visitor


async def test_only_who_may_see_rules_may_see_templates(drafting: Drafting) -> None:
    agent, boss = await lead(drafting, SARA), await lead(drafting, None)
    for path in ("/templates", ACK, "/templates/acknowledgement/html"):
        assert (await Visitor(drafting.app()).get(path)).status == 403
        assert (await agent.get(path)).status == 404
        assert (await boss.get(path)).status == 200


async def test_the_list_tells_where_from_and_what_is_wrong(drafting: Drafting) -> None:
    drafting.place.write("reply@billing/en/body.txt.j2", "Hello\n{{ agent_nam }}")
    answer = await (await lead(drafting)).get("/templates")
    words = plain(answer)
    assert (
        "reply the site's own shipped Languages en fa @billing en templates/messages/reply@billing/en/body.txt.j2:2"
        in words
    )
    assert "Perhaps you meant: agent_name." in words
    assert words.count("no faults") == len(Templates([SHIPPED]).names()), "all others, and the parts"


async def test_a_page_shows_every_form_the_variables_and_the_files(drafting: Drafting) -> None:
    visitor = await lead(drafting)
    answer = await visitor.get("/templates/ack?in=fa&example=1")
    words = plain(answer)
    assert "شمارهٔ پیگیری K7Q2" in words
    assert "promise_kind answer What is promised" in words
    assert "templates/messages/acknowledgement/fa/body.txt.j2 shipped" in words
    (frame,) = [attributes for tag, attributes in Page(answer).elements if tag == "iframe"]
    assert frame["sandbox"] in ("", None)
    assert "sandbox" in frame
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    letter = await visitor.get(str(frame["src"]))
    assert '<html lang="fa" dir="rtl">' in letter.text
    assert letter.headers["content-security-policy"] == FRAMED["content-security-policy"]
    assert letter.headers["x-frame-options"] == "SAMEORIGIN"


async def test_a_reload_shows_what_was_saved_meanwhile(drafting: Drafting) -> None:
    visitor = await lead(drafting)
    drafting.place.write("acknowledgement/en/body.txt.j2", "first words {{ reference }}")
    assert "first words K7Q2" in plain(await visitor.get(ACK))
    drafting.place.write("acknowledgement/en/body.txt.j2", "second words {{ reference }}")
    assert "second words K7Q2" in plain(await visitor.get(ACK))


async def test_a_broken_file_shows_its_fault_with_its_line(drafting: Drafting) -> None:
    visitor = await lead(drafting)
    for written, told in (
        (
            "a\n{{ refrence }}",
            "acknowledgement/en/body.txt.j2:2: this template is not given anything called “refrence”",
        ),
        ("a\nb\n{% if %}", "acknowledgement/en/body.txt.j2:3: the template is not well formed"),
        ("{{ 'a' * 300000000 }}", "acknowledgement/en/body.txt.j2:1: “mul” may not be used"),
    ):
        drafting.place.write("acknowledgement/en/body.txt.j2", written)
        answer = await visitor.get(ACK)
        assert answer.status == 200
        assert told in plain(answer)
        assert "promise_kind" in plain(answer), "the variables help with mending it"
    assert (await visitor.get("/templates/acknowledgement/html?in=en")).status == 404


async def test_variants_examples_and_a_conversations_facts(drafting: Drafting) -> None:
    visitor = await lead(drafting)
    drafting.place.write("reply@orders/en/body.txt.j2", "for orders: {{ quoted_text }}")
    assert "for orders: Hello, where is my order?" in plain(await visitor.get("/templates/reply?in=en&team=orders"))
    words = plain(await visitor.get("/templates/reply?in=en&of=k7q2"))
    assert "for orders: Hello, the tracking page" in words, "it is with the team of orders"
    assert "subject My parcel has not arrived" in words
    unknown = plain(await visitor.get("/templates/reply?in=en&of=NNNN"))
    assert "There is no conversation NNNN that you may see." in unknown
    assert "not sure of" in plain(await visitor.get(f"{ACK}&example=2"))
    assert "K7Q2" in plain(await visitor.get(f"{ACK}&example=99")), "there are not so many"


async def test_it_loads_itself_again_only_when_asked_to(drafting: Drafting) -> None:
    visitor = await lead(drafting)

    def refresh(answer: Answer) -> list[str | None]:
        return [a["content"] for tag, a in Page(answer).elements if tag == "meta" and a.get("http-equiv") == "refresh"]

    assert refresh(await visitor.get(ACK)) == []
    assert refresh(await visitor.get(f"{ACK}&every=2")) == ["2"]
    assert refresh(await visitor.get(f"{ACK}&every=0;url=http://x")) == []


@pytest.mark.parametrize("name", ["nothing", "_parts", "acknowledgement@vip", "..%2F..%2Fetc", "%00", "<b>"])
async def test_what_is_no_template_is_not_there(drafting: Drafting, name: str) -> None:
    assert (await (await lead(drafting)).get(f"/templates/{name}")).status == 404


async def test_what_a_customer_wrote_is_text(drafting: Drafting) -> None:
    drafting.place.write("acknowledgement/en/body.txt.j2", "<script>alert(1)</script> {{ brand }}")
    answer = await (await lead(drafting)).get(f"{ACK}&channel=%3Cscript%3E")
    assert "<script>" not in answer.text


async def test_without_drafts_there_are_no_pages(filled: Site) -> None:
    leads(filled, OMID)
    visitor = Visitor(filled.app())
    await visitor.sign_in(filled.link("lead", OMID))
    assert [(await visitor.get(path)).status for path in ("/templates", ACK)] == [404, 404]
