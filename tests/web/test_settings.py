"""Who may come in where: every route for every role; and what admins change about people and teams."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.routing import Route

from inbox.domain.acts import Act, By
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.pipeline import staff
from inbox.store import audit, credentials, entry, people
from inbox.store.generation import changed
from inbox.web.session import digest, fresh
from tests.web.accounts import PASSWORD, press, promote, type_in, with_codes, with_password
from tests.web.asking import Visitor, hidden
from tests.web.sites import OMID, SARA, Site

ROLES = ("stranger", "agent", "lead", "admin", "owner")
SIGNED_IN, OPS, ADMINS = ROLES[1:], ROLES[2:], ROLES[3:]
PUBLIC = {
    "/healthz",
    "/readyz",
    "/static/{digest}/{name}",
    "/login/{token}",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/oidc",
    "/sign-in/oidc/back",
    "/password/{token}",
}
"""What is open to everybody; all else is open to nobody who is not signed in."""
OPEN: dict[str, tuple[str, ...]] = {
    "/": SIGNED_IN,
    "/c/K7Q2": SIGNED_IN,
    "/account": SIGNED_IN,
    "/rules": OPS,
    "/board": OPS,
    "/board.csv?table=queue": OPS,
    "/settings/channels": OPS,
    "/settings": ADMINS,
    "/settings/people": ADMINS,
    "/settings/people/omid": ADMINS,
    "/settings/people/new": ADMINS,
    "/settings/teams": ADMINS,
    "/settings/teams/orders": ADMINS,
    "/settings/teams/new": ADMINS,
    "/settings/audit": ADMINS,
    "/settings/start": ADMINS,
}
POSTS: dict[str, tuple[str, ...]] = {
    "/account/name": ("agent", "lead", "admin"),
    "/account/password": ("agent", "lead", "admin"),
    "/account/codes": ("agent", "lead", "admin"),
    "/account/chats": ("agent", "lead", "admin"),
    "/account/chats/unlink": ("agent", "lead", "admin"),
    "/account/sessions": SIGNED_IN,
    "/settings/people/new": ADMINS,
    "/settings/people/omid": ADMINS,
    "/settings/people/omid/link": ADMINS,
    "/settings/people/omid/stand": ADMINS,
    "/settings/people/omid/duty": ADMINS,
    "/settings/teams/new": ADMINS,
    "/settings/teams/orders": ADMINS,
}


async def entered(site: Site, role: str) -> Visitor:
    """Somebody of that role, signed in."""
    visitor = Visitor(site.app())
    if role == "stranger":
        return visitor
    promote(site, SARA, lead=role == "lead", admin=role == "admin")
    await visitor.sign_in(site.link(fresh(), None if role == "owner" else SARA))
    return visitor


@pytest.fixture
async def admin(filled: Site) -> Visitor:
    with_password(filled)
    return await entered(filled, "admin")


@pytest.mark.parametrize("role", ROLES)
async def test_every_page_is_open_to_whom_it_should_be(filled: Site, role: str) -> None:
    visitor = await entered(filled, role)
    seen = {path: (await visitor.get(path)).status for path in OPEN}
    shut = 403 if role == "stranger" else 404
    assert {path: status if status < 400 else shut for path, status in seen.items()} == seen
    assert {path for path, status in seen.items() if status < 400} == {p for p, roles in OPEN.items() if role in roles}


@pytest.mark.parametrize("role", ROLES)
async def test_every_form_is_taken_from_whom_it_should_be(filled: Site, role: str) -> None:
    for path, roles in POSTS.items():
        visitor = await entered(filled, role)
        token = hidden(await visitor.get("/account"), "form_token") if role != "stranger" else "x"
        status = (await visitor.post(path, {"form_token": token, "key": "none"})).status
        assert (status < 500 and status not in (403, 404)) == (role in roles), f"{path} for {role}: {status}"


@pytest.mark.parametrize("path", POSTS)
async def test_s31_every_form_needs_its_token_and_our_own_page(admin: Visitor, path: str) -> None:
    token = hidden(await admin.get("/account"), "form_token")
    assert (await admin.post(path, {})).status == 403
    assert (await admin.post(path, {"form_token": token}, sec_fetch_site="cross-site")).status == 403


async def test_a_stranger_is_let_into_nothing_whatever_routes_there_are(filled: Site) -> None:
    application: Any = filled.app()
    found = [route for route in application._app.app.routes if isinstance(route, Route) and route.path not in PUBLIC]
    assert len(found) > 30
    samples = {"reference": "K7Q2", "handle": "omid", "name": "orders", "number": "1", "number:int": "1"}
    for route in found:
        path = route.path
        for name, value in samples.items():
            path = path.replace(f"{{{name}}}", value)
        visitor = Visitor(application)
        answer = await (visitor.post(path, {}) if "POST" in (route.methods or ()) else visitor.get(path))
        if answer.status in (303, 307):  # a way to a page, which is shut itself
            answer = await visitor.get(answer.headers["location"])
        silent = (answer.status, answer.body) == (204, b"")  # a stream that says nothing and asks for no second try
        assert silent or answer.status in (403, 404), f"{route.methods} {path}"


def _agent(site: Site, handle: str) -> Agent:
    found = site.store.read_now(people.roster).agent(handle)
    assert found is not None
    return found


PERSON = {"name": "Reza", "address": "reza@acme.example", "language": "fa", "role": "agent"}


async def test_a_person_is_added_invited_and_comes_in(filled: Site, admin: Visitor) -> None:
    fields = {**PERSON, "languages": "fa، en", "skills": "billing, refunds", "capacity": "۵", "role": "lead"}
    page = await press(admin, "/settings/people/new", "/settings/people/new", handle="Reza", invite="1", **fields)
    assert page.status == 200
    link = page.text.split('value="http://127.0.0.1:8025')[1].split('"')[0]
    reza = _agent(filled, "reza")
    assert (reza.languages, reza.skills, reza.capacity, reza.role) == (("fa", "en"), ("billing", "refunds"), 5, "lead")
    visitor = Visitor(filled.app())
    bound = hidden(await visitor.get(link), "bound")
    assert (await visitor.post(link, {"bound": bound, "password": PASSWORD, "again": PASSWORD})).status == 303
    assert (await visitor.get("/rules")).status == 200
    assert (await visitor.get("/settings/people")).status == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"handle": "رضا"}, "is no short name"),
        ({"handle": "new"}, "is no short name"),
        ({"handle": "a/b"}, "is no short name"),
        ({"handle": "omid"}, "There is an agent"),
        ({"name": "  "}, "needs a name"),
        ({"address": "not an address"}, "is no mail address"),
        ({"address": "SARA"}, "is no mail address"),
        ({"capacity": "many"}, "is no number of conversations"),
        ({"capacity": "-1"}, "is no number of conversations"),
        ({"role": "king"}, "Choose what they may do"),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_typed_stands_there_again(
    filled: Site, admin: Visitor, fields: dict[str, str], told: str
) -> None:
    await admin.get("/account?lang=en")
    admin.cookies["inbox_language"] = "en"
    typed = {"handle": "reza", **PERSON, **fields}
    page = await press(admin, "/settings/people/new", "/settings/people/new", **typed)
    assert page.status == 422
    assert told in page.text
    assert len(filled.store.read_now(people.roster).agents) == 2


async def test_an_address_that_somebody_has_is_refused(filled: Site, admin: Visitor) -> None:
    filled.store.write_now(people.put_agent, replace(_agent(filled, "sara"), address="sara@acme.example"))
    fields = {**PERSON, "handle": "reza", "address": "Sara@acme.example"}
    page = await press(admin, "/settings/people/new", "/settings/people/new", **fields)
    assert page.status == 422


async def test_s22_another_role_ends_the_sessions_of_whoever_has_it(filled: Site, admin: Visitor) -> None:
    other = Visitor(filled.app())
    await other.sign_in(filled.link("token-omid", OMID))
    fields = {"name": "Omid", "language": "en", "role": "agent"}
    await press(admin, "/settings/people/omid", "/settings/people/omid", **fields)
    assert (await other.get("/")).status == 200, "a name is no role"
    await press(admin, "/settings/people/omid", "/settings/people/omid", **{**fields, "role": "admin"})
    assert (await other.get("/")).status == 403
    assert _agent(filled, "omid").role == "admin"


async def test_whoever_gives_up_their_own_role_stays_here_and_leaves_elsewhere(filled: Site, admin: Visitor) -> None:
    promote(filled, OMID, admin=True)
    elsewhere = Visitor(filled.app())
    await elsewhere.sign_in(filled.link("token-2", SARA))
    fields = {"name": "Sara", "language": "fa", "role": "agent"}
    assert (await press(admin, "/settings/people/sara", "/settings/people/sara", **fields)).status == 303
    assert (await elsewhere.get("/")).status == 403
    assert (await admin.get("/")).status == 200
    assert (await admin.get("/settings/people")).status == 404


@pytest.mark.parametrize("field", [{"disable": "1"}, {}])
async def test_the_last_admin_stays(filled: Site, admin: Visitor, field: dict[str, str]) -> None:
    url = "/settings/people/sara/stand" if field else "/settings/people/sara"
    fields = field or {"name": "Sara", "language": "fa", "role": "agent"}
    await press(admin, "/settings/people/sara", url, **fields)
    assert _agent(filled, "sara").role == "admin"
    assert not _agent(filled, "sara").disabled
    filled.store.write_now(staff.set_disabled, _agent(filled, "sara"), True, By("owner"), filled.clock.now())
    assert _agent(filled, "sara").disabled, "the owner of the site's files may"


async def test_s22_a_disabled_agent_is_out_at_once_and_their_links_are_void(filled: Site, admin: Visitor) -> None:
    with_password(filled, OMID)
    other, link = Visitor(filled.app()), filled.link("token-late", OMID)
    await other.sign_in(filled.link("token-omid", OMID))
    await press(admin, "/settings/people/omid", "/settings/people/omid/stand", disable="1")
    assert (await other.get("/")).status == 403
    assert (await type_in(Visitor(filled.app()), "omid")).status == 403
    await press(admin, "/settings/people/omid", "/settings/people/omid/stand", enable="1")
    assert (await other.get("/")).status == 403, "a session that ended stays so"
    assert (await Visitor(filled.app()).sign_in(link)).status == 403
    assert (await type_in(Visitor(filled.app()), "omid")).status == 303


async def test_an_admin_helps_somebody_who_lost_their_telephone(filled: Site, admin: Visitor) -> None:
    with_password(filled, OMID)
    with_codes(filled, OMID)
    await press(admin, "/settings/people/omid", "/settings/people/omid/stand", codes="1")
    assert (await type_in(Visitor(filled.app()), "omid")).headers["location"] == "/"
    page = await press(admin, "/settings/people/omid", "/settings/people/omid/link", reset="1")
    assert "/password/" in page.text
    account = filled.store.read_now(credentials.of, OMID)
    assert account is not None
    assert account.password, "the old one is good until the link is used"


async def test_duty_is_set_as_at_the_command_line(filled: Site, admin: Visitor) -> None:
    place = "/settings/people/omid"
    await press(admin, place, f"{place}/duty", days="شنبه، یکشنبه", hours="۰۸:۳۰-17:00")
    await press(admin, place, f"{place}/duty", first="1405-10-01", last="1405-10-03", reason="سفر")
    roster = filled.store.read_now(people.roster)
    assert [(one.weekday, f"{one.start:%H:%M}") for one in roster.shifts] == [(5, "08:30"), (6, "08:30")]
    assert [one.reason for one in roster.absences] == ["سفر"]
    page = await admin.get(f"{place}?lang=fa")
    assert "۰۸:۳۰" in page.text
    for wrong in ({"days": "someday", "hours": "08:00-09:00"}, {"first": "someday"}):
        await press(admin, place, f"{place}/duty", **wrong)
    assert filled.store.read_now(people.roster).shifts == roster.shifts
    await press(admin, place, f"{place}/duty", clear="1")
    assert filled.store.read_now(people.roster).shifts == ()


async def test_a_team_is_added_and_has_exactly_the_members_that_are_ticked(filled: Site, admin: Visitor) -> None:
    page = await press(admin, "/settings/teams/new", "/settings/teams/new", name="billing", member="omid")
    assert page.status == 303
    team = filled.store.read_now(people.roster).team("billing")
    assert team is not None
    assert (team.title, team.members) == ("billing", (OMID,))
    await press(admin, "/settings/teams/billing", "/settings/teams/billing", title="صورت‌حساب", member="sara")
    team = filled.store.read_now(people.roster).team("billing")
    assert team is not None
    assert (team.title, team.members) == ("صورت‌حساب", (SARA,))
    for name in ("billing", "Not a name"):
        assert (await press(admin, "/settings/teams/new", "/settings/teams/new", name=name)).status == 422


async def test_s38_no_field_of_a_form_makes_anybody_more_than_they_are(filled: Site) -> None:
    visitor = await entered(filled, "agent")
    fields = {"name": "Sara", "role": "admin", "admin": "1", "lead": "1", "disabled": "0"}
    assert (await press(visitor, "/account", "/account/name", **fields)).status == 303
    assert _agent(filled, "sara").role == "agent"
    assert _agent(filled, "sara").name == "Sara"


# -- the audit log -----------------------------------------------------------------------------------------------------
async def test_what_admins_do_stands_in_the_log_in_both_languages(filled: Site, admin: Visitor) -> None:
    admin.peer = "192.0.2.7"
    await press(admin, "/settings/people/new", "/settings/people/new", handle="reza", **PERSON)
    await press(admin, "/settings/people/reza", "/settings/people/reza", **{**PERSON, "role": "lead"})
    await press(admin, "/settings/people/reza", "/settings/people/reza/link", invite="1")
    await press(admin, "/settings/people/reza", "/settings/people/reza/stand", disable="1")
    await press(admin, "/settings/teams/new", "/settings/teams/new", name="billing", member="omid")
    log = filled.store.read_now(audit.page, 5)
    acts = ["agent_added", "role_changed", "invited", "disabled", "team_added"]
    assert [one.act for one in reversed(log)] == acts
    assert {(one.by, one.via, one.address) for one in log} == {("sara", "web", "192.0.2.7")}
    english = (await admin.get("/settings/audit?lang=en")).text
    for words in (
        "Added reza",
        "Made reza, until then Agent, Lead",
        "Made an invitation link for reza",
        "team billing",
    ):
        assert words in english
    assert "سرپرست" in (await admin.get("/settings/audit?lang=fa")).text


async def test_every_act_has_words(filled: Site, admin: Visitor) -> None:
    for act in Act:
        filled.store.write_now(
            audit.record, act, By("agent", SARA), filled.clock.now(), about=OMID, name="x", detail=["agent", "lead"]
        )
    for language in ("fa", "en"):
        assert (await admin.get(f"/settings/audit?lang={language}")).text.count('class="act') == len(Act) + 1


async def test_the_log_has_pages(filled: Site, admin: Visitor) -> None:
    def many(unit: Any) -> None:
        for n in range(250):
            audit.record(unit, Act.REFUSED, By("nobody"), filled.clock.now(), name=f"{n}")

    filled.store.write_now(many)
    seen, path = 0, "/settings/audit"
    for _ in range(3):
        page = (await admin.get(path)).text
        seen += page.count('class="act')
        path = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
    assert (seen, path) == (251, "")
    for wrong in ("x", "-1", "9" * 30):
        assert (await admin.get(f"/settings/audit?before={wrong}")).status == 404


# -- one's own account -------------------------------------------------------------------------------------------------
async def test_another_password_needs_the_present_one_and_ends_the_other_sessions(filled: Site, admin: Visitor) -> None:
    elsewhere = Visitor(filled.app())
    await type_in(elsewhere, "sara")
    other = {"password": "nine green frogs", "again": "nine green frogs"}
    before = admin.cookies["inbox_session"]
    await press(admin, "/account", "/account/password", old="wrong", **other)
    assert (await elsewhere.get("/")).status == 200
    await press(admin, "/account", "/account/password", old=PASSWORD, **other)
    assert (await elsewhere.get("/")).status == 403
    assert admin.cookies["inbox_session"] != before
    assert (await admin.get("/account")).status == 200
    assert (await type_in(elsewhere, "sara", "nine green frogs")).status == 303


async def test_sessions_are_listed_and_each_can_be_ended(filled: Site, admin: Visitor) -> None:
    phone = Visitor(filled.app(), peer="192.0.2.9")
    link = filled.link("token-phone")
    bound = hidden(await phone.get(link), "bound")
    agent = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
    await phone.post(link, {"bound": bound}, user_agent=agent)
    other = Visitor(filled.app())
    await other.sign_in(filled.link("token-omid", OMID))
    page = await admin.get("/account?lang=en")
    assert page.text.count('class="session"') == 2
    assert "Firefox, Android" in page.text
    assert "192.0.2.9" in page.text
    assert page.text.count("this one") == 1
    foreign = digest(other.cookies["inbox_session"])[:16]
    await press(admin, "/account", "/account/sessions", key=foreign)
    assert (await other.get("/")).status == 200, "nobody ends somebody else's session"
    await press(admin, "/account", "/account/sessions", key=hidden(page, "key"))
    assert (await phone.get("/")).status == 403
    assert (await admin.get("/")).status == 200


@pytest.mark.parametrize("role", ["admin", "owner"])
async def test_signing_out_everywhere(filled: Site, role: str) -> None:
    visitor, whose = await entered(filled, role), None if role == "owner" else SARA
    other, third = Visitor(filled.app()), Visitor(filled.app())
    await other.sign_in(filled.link("token-2", whose))
    await third.sign_in(filled.link("token-3", OMID))
    await press(visitor, "/account", "/account/sessions", others="1")
    assert [(await one.get("/")).status for one in (visitor, other, third)] == [200, 403, 200]
    await press(visitor, "/account", "/account/sessions", all="1")
    assert [(await one.get("/")).status for one in (visitor, third)] == [403, 200]


async def test_when_a_session_was_last_seen_is_kept_to_some_minutes(filled: Site, admin: Visitor) -> None:
    begun = filled.clock.now()
    for minutes, expected in ((4, 0), (2, 6)):
        filled.clock.advance(timedelta(minutes=minutes))
        await admin.get("/")
        (held,) = filled.store.read_now(entry.held, SARA, filled.clock.now())
        assert held.seen_at == begun + timedelta(minutes=expected)


# -- the first page ----------------------------------------------------------------------------------------------------
async def test_a_site_without_agents_shows_its_owner_what_to_do(filled: Site) -> None:
    for agent in (SARA, OMID):
        promote(filled, AgentId(agent), disabled=True)
    filled.store.write_now(changed)
    owner = await entered(filled, "owner")
    page = (await owner.get("/?lang=en")).text
    for words in ("First steps", "inbox doctor", "/settings/people/new", "support", "inbox agents add HANDLE"):
        assert words in page
    assert "First steps" not in (await owner.get("/?view=open")).text.split("<main")[1]
    promote(filled, OMID, disabled=False)
    filled.store.write_now(changed)
    assert "First steps" not in (await owner.get("/")).text.split("<main")[1]
