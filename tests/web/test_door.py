"""Getting in: a link works once, by its button, in the browser that was shown it, and for nobody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from inbox.store import entry
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.session import digest
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import OMID, SARA, Site


@pytest.fixture
def visitor(filled: Site) -> Visitor:
    return Visitor(filled.app())


async def test_the_button_signs_in_and_the_list_appears(filled: Site, visitor: Visitor) -> None:
    answer = await visitor.sign_in(filled.link("token-1"))
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert (await visitor.get("/")).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_s18_a_scanner_that_looks_at_the_link_uses_nothing_up(filled: Site, method: str) -> None:
    link = filled.link("token-1")
    for _ in range(3):
        assert (await Visitor(filled.app()).ask(method, link, {})).status == 200
    assert (await Visitor(filled.app()).sign_in(link)).status == 303


async def test_s18_a_link_works_once(filled: Site) -> None:
    link = filled.link("token-1")
    assert (await Visitor(filled.app()).sign_in(link)).status == 303
    late = Visitor(filled.app())
    assert (await late.sign_in(link)).status == 403
    assert (await late.get("/")).status == 403


async def test_s18_a_link_is_over_after_fifteen_minutes_whatever_was_asked(filled: Site, visitor: Visitor) -> None:
    filled.store.write_now(entry.add_link, digest("token-1"), SARA, filled.clock.now(), timedelta(days=9))
    filled.clock.advance(timedelta(minutes=15))
    assert (await visitor.sign_in("/login/token-1")).status == 403


async def test_s18_signing_in_spends_that_agents_other_links_only(filled: Site) -> None:
    first, second, other = filled.link("token-1"), filled.link("token-2"), filled.link("token-3", OMID)
    assert (await Visitor(filled.app()).sign_in(first)).status == 303
    assert (await Visitor(filled.app()).sign_in(second)).status == 403
    assert (await Visitor(filled.app()).sign_in(other)).status == 303


async def test_s20_a_good_and_an_invented_link_look_the_same(filled: Site, visitor: Visitor) -> None:
    good, invented = await visitor.get(filled.link("token-1")), await visitor.get("/login/invented")
    assert good.status == invented.status == 200
    assert _plain(good, "token-1") == _plain(invented, "invented")
    used = await visitor.sign_in("/login/invented")
    await visitor.sign_in(filled.link("token-2"))
    again = await Visitor(filled.app()).sign_in("/login/token-2")
    assert again.text.replace("token-2", "") == used.text.replace("invented", "")


def _plain(answer: Answer, token: str) -> str:
    """The page without what differs from one request to the next."""
    return answer.text.replace(hidden(answer, "bound"), "").replace(token, "")


async def test_s20_outside_a_conversation_that_exists_looks_like_any_other(visitor: Visitor) -> None:
    answers = [await visitor.get(path) for path in ("/c/K7Q2", "/c/Q7K2", "/c/ZZZZ")]
    assert {a.status for a in answers} == {403}
    assert (
        len({a.text.replace(path, "") for a, path in zip(answers, ("/c/K7Q2", "/c/Q7K2", "/c/ZZZZ"), strict=True)}) == 1
    )


async def test_s22_a_session_known_before_is_worthless_after(filled: Site, visitor: Visitor) -> None:
    await visitor.sign_in(filled.link("token-1"))
    before = dict(visitor.cookies)
    await visitor.sign_in(filled.link("token-2"))
    assert visitor.cookies != before
    assert (await visitor.get("/")).status == 200
    assert (await Visitor(filled.app(), cookies=before).get("/")).status == 403


async def test_an_invented_session_cookie_is_not_taken_over(filled: Site, visitor: Visitor) -> None:
    visitor.cookies["inbox_session"] = "mine"
    await visitor.sign_in(filled.link("token-1"))
    assert visitor.cookies["inbox_session"] != "mine"
    assert (await Visitor(filled.app(), cookies={"inbox_session": "mine"}).get("/")).status == 403


async def test_a_disabled_agent_neither_enters_nor_stays(filled: Site, visitor: Visitor) -> None:
    await visitor.sign_in(filled.link("token-1"))
    filled.store.write_now(
        lambda unit: unit.execute(sa.update(t.agent).where(t.agent.c.id == SARA).values(disabled=True))
    )
    assert (await visitor.get("/")).status == 403
    assert (await Visitor(filled.app()).sign_in(filled.link("token-2"))).status == 403


async def test_a_session_ends_by_itself(filled: Site, visitor: Visitor) -> None:
    await visitor.sign_in(filled.link("token-1"))
    filled.clock.advance(entry.SESSION_LASTS)
    assert (await visitor.get("/")).status == 403
    filled.store.write_now(entry.forget_expired, filled.clock.now() + timedelta(seconds=1))
    assert filled.store.read_now(_rows) == (0, 0)


def _rows(unit: Unit) -> tuple[int, int]:
    links, sessions = (
        unit.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in (t.link, t.session)
    )
    return links, sessions


async def test_tokens_are_stored_as_digests_only(filled: Site, visitor: Visitor) -> None:
    await visitor.sign_in(filled.link("token-secret"))
    stored = str(
        filled.store.read_now(lambda unit: [*unit.execute(sa.select(t.link)), *unit.execute(sa.select(t.session))])
    )
    assert "token-secret" not in stored
    assert visitor.cookies["inbox_session"] not in stored
    assert digest(visitor.cookies["inbox_session"]) in stored


# -- where a form comes from -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
    ],
)
async def test_s31_a_form_from_elsewhere_is_refused_and_uses_nothing_up(
    filled: Site, visitor: Visitor, headers: dict[str, str]
) -> None:
    link = filled.link("token-1")
    bound = hidden(await visitor.get(link), "bound")
    assert (await visitor.post(link, {"bound": bound}, **headers)).status == 403
    assert (await visitor.sign_in(link)).status == 303
    token = hidden(await visitor.get("/"), "form_token")
    assert (await visitor.post("/logout", {"form_token": token}, **headers)).status == 403
    assert (await visitor.get("/")).status == 200


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}, {"origin": "http://127.0.0.1:8025"}])
async def test_s31_an_older_browser_needs_the_forms_own_token(
    filled: Site, visitor: Visitor, headers: dict[str, str]
) -> None:
    link = filled.link("token-1")
    bound = hidden(await visitor.get(link), "bound")
    for wrong in ("", "x", bound[:-1], hidden(await Visitor(filled.app()).get(link), "bound")):
        assert (await visitor.post(link, {"bound": wrong}, **headers)).status == 403
    assert (await Visitor(filled.app()).post(link, {"bound": bound}, **headers)).status == 403
    assert (await visitor.post(link, {"bound": bound}, **headers)).status == 303


async def test_signing_out_ends_the_session_everywhere(filled: Site, visitor: Visitor) -> None:
    await visitor.sign_in(filled.link("token-1"))
    before = dict(visitor.cookies)
    token = hidden(await visitor.get("/"), "form_token")
    assert (await visitor.post("/logout", {"form_token": "x"})).status == 403
    assert (await visitor.post("/logout", {"form_token": token})).status == 303
    assert "inbox_session" not in visitor.cookies
    assert (await Visitor(filled.app(), cookies=before).get("/")).status == 403


async def test_a_huge_form_is_not_read_to_its_end(filled: Site, visitor: Visitor) -> None:
    link = filled.link("token-1")
    bound = hidden(await visitor.get(link), "bound")
    assert (await visitor.post(link, {"bound": bound, "x": "y" * 100_000})).status == 403


async def test_the_owner_enters_without_being_an_agent(filled: Site, visitor: Visitor) -> None:
    await visitor.sign_in(filled.link("token-1", None))
    page = await visitor.get("/?lang=en")
    assert page.status == 200
    assert "owner of this site" in page.text
    assert "view=mine" not in page.text
    assert (await visitor.get("/?view=mine")).status == 404


# -- cookies and proxies -----------------------------------------------------------------------------------------------
async def test_cookies_are_closed_to_scripts_and_other_sites(filled: Site, visitor: Visitor) -> None:
    answer = await visitor.sign_in(filled.link("token-1"))
    session = next(c for c in answer.headers["set-cookie"].split("\n") if c.startswith("inbox_session="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in session.split(";")}
    assert "Secure" not in session


async def test_cookies_are_secure_where_the_site_is_reached_by_https(filled: Site) -> None:
    filled.options = filled.options.model_copy(update={"public_url": "https://inbox.example.org"})
    answer = await Visitor(filled.app()).sign_in(filled.link("token-1"))
    session = next(c for c in answer.headers["set-cookie"].split("\n") if c.startswith("__Host-inbox_session="))
    assert "Secure" in session


@pytest.mark.parametrize(("peer", "status"), [("10.0.0.7", 303), ("192.0.2.9", 403)])
async def test_s33_only_a_trusted_proxy_says_that_it_was_https(filled: Site, peer: str, status: int) -> None:
    filled.options = filled.options.model_copy(update={"trusted_proxies": ("10.0.0.0/8",)})
    visitor = Visitor(filled.app(), host="inbox.example.org", peer=peer)
    link = filled.link("token-1")
    bound = hidden(await visitor.get(link), "bound")
    headers = {"x_forwarded_proto": "https", "origin": "https://inbox.example.org"}
    assert (await visitor.post(link, {"bound": bound}, **headers)).status == status
