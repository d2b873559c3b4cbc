"""Signing in with a password: nobody learns who is known here, tries are counted, and a session begins under a new token."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from limits.aio.storage import MemoryStorage

from inbox.domain.ids import AgentId
from inbox.store import audit, credentials, entry
from inbox.store import tables as t
from inbox.web.accounts.paces import PER_ACCOUNT, Paces
from inbox.web.accounts.passwords import Passwords
from inbox.web.session import digest
from tests.rig.statements import overheard
from tests.web.accounts import PASSWORD, code, promote, type_code, type_in, with_codes, with_password
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import NOW, OMID, SARA, Site


@pytest.fixture
def visitor(filled: Site) -> Visitor:
    with_password(filled)
    return Visitor(filled.app())


@pytest.mark.parametrize("name", ["sara", " SARA ", "Sara@Acme.example"])
async def test_the_handle_or_the_address_and_the_password_let_in(filled: Site, visitor: Visitor, name: str) -> None:
    filled.store.write_now(
        lambda unit: unit.execute(sa.update(t.agent).where(t.agent.c.id == SARA).values(address="sara@acme.example"))
    )
    answer = await type_in(visitor, name)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert (await visitor.get("/")).status == 200


@pytest.mark.parametrize(
    ("onward", "goes"),
    [
        ("/c/K7Q2", "/c/K7Q2"),
        ("/?view=mine", "/?view=mine"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("/%09/evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
async def test_afterwards_one_is_where_one_wanted_to_go_and_never_elsewhere(
    visitor: Visitor, onward: str, goes: str
) -> None:
    assert (await type_in(visitor, "sara", onward=onward)).headers["location"] == goes


async def test_a_page_that_asks_to_sign_in_remembers_itself(visitor: Visitor) -> None:
    assert 'href="/sign-in?next=/c/K7Q2"' in (await visitor.get("/c/K7Q2")).text
    assert 'href="/sign-in"' in (await visitor.get("/")).text


async def test_s20_a_wrong_password_an_unknown_name_and_a_disabled_agent_look_the_same(
    filled: Site, visitor: Visitor
) -> None:
    with_password(filled, OMID)
    promote(filled, OMID, disabled=True)
    answers = [
        await type_in(visitor, "sara", "something else"),
        await type_in(visitor, "zeno"),
        await type_in(visitor, "omid"),
        await type_in(visitor, "omid", "something else"),
    ]
    assert {a.status for a in answers} == {403}
    assert len({_plain(a, n) for a, n in zip(answers, ("sara", "zeno", "omid", "omid"), strict=True)}) == 1
    assert "inbox_session" not in visitor.cookies


def _plain(answer: Answer, name: str) -> str:
    return answer.text.replace(hidden(answer, "bound"), "").replace(f'value="{name}"', "")


async def test_s20_an_unknown_name_is_hashed_for_as_well(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    async def good(_self: Passwords, hashed: str, _password: str) -> bool:
        compared.append(hashed)
        return False

    monkeypatch.setattr(Passwords, "good", good)
    for name in ("zeno", "sara", "omid"):
        await type_in(visitor, name)
    assert [bool(hashed) for hashed in compared] == [False, True, False]


async def test_s20_the_same_work_is_done_for_everybody(filled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes time is hashing and asking the store. From the first of all who come, each is hashed for and asked for alike."""
    work: list[str] = []

    def counted(name: str) -> None:
        real = getattr(PasswordHasher, name)

        def wrapped(self: PasswordHasher, given: str, *more: str) -> object:
            work.append(f"{name} {given.rpartition('$')[0].rpartition('$')[0] if more else ''}")
            return real(self, given, *more)

        monkeypatch.setattr(PasswordHasher, name, wrapped)

    filled.store.write_now(credentials.set_password, SARA, await Passwords().hashed(PASSWORD), NOW)
    filled.store.write_now(credentials.set_password, OMID, await Passwords().hashed(PASSWORD), NOW)
    promote(filled, OMID, disabled=True)
    overheard(filled.store, monkeypatch, work.append)
    counted("hash")
    counted("verify")
    done = []
    for name, password in (("sara", "something else"), ("zeno", PASSWORD), ("omid", PASSWORD), ("sara@x.example", "")):
        visitor = Visitor(filled.app())
        for _ in range(2):
            page = await visitor.get("/sign-in")
            work.clear()
            fields = {"bound": hidden(page, "bound"), "name": name, "password": password}
            assert (await visitor.post("/sign-in", fields)).status == 403
            done.append((name, tuple(work)))
    first, second = ({work for _, work in done[n::2]} for n in (0, 1))
    assert (len(first), len(second)) == (1, 1), done
    assert sum(one.startswith("verify $argon2id$v=19$m=65536,t=3,p=4") for one in done[1][1]) == 1
    assert any("INSERT" in one for one in done[1][1]), "and that somebody was refused is kept, whoever it was"


async def test_a_password_is_argon2id_and_compared_off_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords()
    hashed = await passwords.hashed(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in hashed
    assert await passwords.good(hashed, PASSWORD)
    assert not await passwords.good(hashed, PASSWORD + " ")
    assert not await passwords.good("", "nobody has this one"), "the hash that nobody has lets nobody in"
    assert not await passwords.good("broken", PASSWORD)


async def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    passwords = Passwords()
    assert await passwords.good(await passwords.hashed("کتابهای قدیمی"), "كتابهاي قديمي")


async def test_s22_a_session_known_before_is_worthless_after(filled: Site, visitor: Visitor) -> None:
    await type_in(visitor, "sara")
    before = dict(visitor.cookies)
    await type_in(visitor, "sara")
    assert visitor.cookies["inbox_session"] != before["inbox_session"]
    assert (await Visitor(filled.app(), cookies=before).get("/")).status == 403


async def test_s37_tries_are_counted_by_account_and_it_is_said_when_to_try_again(
    filled: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [NOW.timestamp()]
    monkeypatch.setattr("time.time", lambda: clock[0])
    for _ in range(PER_ACCOUNT):
        assert (await type_in(visitor, "sara", "wrong wrong")).status == 403
    late = await type_in(visitor, "SARA")
    assert late.status == 429
    assert "Too many tries. Try again in 15 m" in (await _english(visitor))
    assert (await type_in(visitor, "zeno")).status == 403, "others may still try"
    clock[0] += 15 * 60 + 1
    assert (await type_in(visitor, "sara")).status == 303


async def _english(visitor: Visitor) -> str:
    page = await visitor.get("/sign-in?lang=en")
    fields = {"bound": hidden(page, "bound"), "name": "sara", "password": "x"}
    return (await visitor.post("/sign-in", fields)).text


async def test_s37_tries_are_counted_by_address_and_a_whole_ipv6_net_is_one() -> None:
    paces = Paces(MemoryStorage())
    waits = [await paces.tries(f"name{n}", f"2001:db8::{n:x}", NOW) for n in range(61)]
    assert not any(waits[:60])
    assert 0 < waits[60] <= 15
    assert await paces.tries("name0", "2001:db8:0:1::1", NOW) == 0


async def test_who_gets_in_has_all_tries_again(visitor: Visitor) -> None:
    for _ in range(3):
        for _ in range(PER_ACCOUNT - 1):
            assert (await type_in(visitor, "sara", "wrong wrong")).status == 403
        assert (await type_in(visitor, "sara")).status == 303


@pytest.mark.parametrize("headers", [{"sec_fetch_site": "cross-site"}, {"origin": "https://evil.example"}])
async def test_s31_the_form_of_another_site_signs_nobody_in(visitor: Visitor, headers: dict[str, str]) -> None:
    bound = hidden(await visitor.get("/sign-in"), "bound")
    fields = {"bound": bound, "name": "sara", "password": PASSWORD}
    assert (await visitor.post("/sign-in", fields, **headers)).status == 403
    assert (await visitor.post("/sign-in", {**fields, "bound": "x"})).status == 403
    assert (await visitor.post("/sign-in", fields)).status == 303


async def test_an_address_that_two_have_lets_neither_in(filled: Site, visitor: Visitor) -> None:
    filled.store.write_now(lambda unit: unit.execute(sa.update(t.agent).values(address="both@acme.example")))
    assert (await type_in(visitor, "both@acme.example")).status == 403
    assert (await type_in(visitor, "sara")).status == 303


# -- the second step ---------------------------------------------------------------------------------------------------
async def test_whoever_switched_codes_on_is_asked_for_one(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    answer = await type_in(visitor, "sara", onward="/c/K7Q2")
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in/code?next=%2Fc%2FK7Q2")
    assert "inbox_session" not in visitor.cookies
    assert (await visitor.get("/")).status == 403
    assert (await type_code(visitor, code(filled.clock.now()))).status == 303
    assert (await visitor.get("/")).status == 200


@pytest.mark.parametrize("off", [-30, 0, 30])
async def test_a_clock_may_be_half_a_minute_off(filled: Site, visitor: Visitor, off: int) -> None:
    with_codes(filled)
    await type_in(visitor, "sara")
    assert (await type_code(visitor, code(filled.clock.now() + timedelta(seconds=off)))).status == 303


async def test_a_code_is_taken_once(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    used = code(filled.clock.now())
    await type_in(visitor, "sara")
    assert (await type_code(visitor, used)).status == 303
    other = Visitor(filled.app())
    await type_in(other, "sara")
    assert (await type_code(other, used)).status == 403
    assert (await type_code(other, code(filled.clock.now() - timedelta(seconds=30)))).status == 403, "nor one before it"
    filled.clock.advance(timedelta(seconds=30))
    assert (await type_code(other, code(filled.clock.now()))).status == 303


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "1234567", "abcdef", "²²²²²²"])
async def test_what_is_no_code_opens_nothing(filled: Site, visitor: Visitor, wrong: str) -> None:
    with_codes(filled)
    await type_in(visitor, "sara")
    assert (await type_code(visitor, wrong)).status == 403
    assert (await visitor.get("/")).status == 403


async def test_persian_digits_are_digits(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    await type_in(visitor, "sara")
    persian = code(filled.clock.now()).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert (await type_code(visitor, persian)).status == 303


async def test_a_recovery_code_opens_once(filled: Site, visitor: Visitor) -> None:
    kept = with_codes(filled)
    await type_in(visitor, "sara")
    assert (await type_code(visitor, kept[0].upper().replace("-", " "))).status == 303
    other = Visitor(filled.app())
    await type_in(other, "sara")
    assert (await type_code(other, kept[0])).status == 403
    assert (await type_code(other, kept[1])).status == 303
    assert filled.store.read_now(credentials.recovery_left, SARA) == 8


async def test_the_second_step_is_over_after_five_minutes(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    await type_in(visitor, "sara")
    page = await visitor.get("/sign-in/code")
    filled.clock.advance(timedelta(minutes=5))
    fields = {"form_token": hidden(page, "form_token"), "code": code(filled.clock.now())}
    assert (await visitor.post("/sign-in/code", fields)).status == 403
    assert (await visitor.get("/sign-in/code")).headers["location"] == "/sign-in"


async def test_s37_codes_are_counted_too(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    await type_in(visitor, "sara")
    for _ in range(PER_ACCOUNT):
        assert (await type_code(visitor, "000000")).status == 403
    assert (await type_code(visitor, code(filled.clock.now()))).status == 429


async def test_a_disabled_agent_is_stopped_between_the_steps(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    await type_in(visitor, "sara")
    page = await visitor.get("/sign-in/code")
    promote(filled, SARA, disabled=True)
    fields = {"form_token": hidden(page, "form_token"), "code": code(filled.clock.now())}
    assert (await visitor.post("/sign-in/code", fields)).status == 403
    assert (await visitor.get("/")).status == 403


# -- links to set a password -------------------------------------------------------------------------------------------
def handed(site: Site, purpose: entry.Purpose, token: str = "token-1", agent: AgentId = OMID) -> str:
    site.store.write_now(entry.add_pass, purpose, digest(token), agent, site.clock.now())
    return f"/password/{token}"


async def set_one(visitor: Visitor, link: str, password: str = PASSWORD, again: str = PASSWORD) -> Answer:
    bound = hidden(await visitor.get(link), "bound")
    return await visitor.post(link, {"bound": bound, "password": password, "again": again})


async def test_an_invitation_sets_a_password_and_lets_in(filled: Site) -> None:
    visitor, link = Visitor(filled.app()), handed(filled, "invite")
    assert (await set_one(visitor, link)).status == 303
    assert (await visitor.get("/")).status == 200
    assert (await set_one(Visitor(filled.app()), link)).status == 403, "once"
    assert (await type_in(Visitor(filled.app()), "omid")).status == 303


@pytest.mark.parametrize(("purpose", "lasts"), [("invite", timedelta(hours=72)), ("reset", timedelta(hours=1))])
async def test_s18_links_are_over_in_time(filled: Site, purpose: entry.Purpose, lasts: timedelta) -> None:
    link = handed(filled, purpose)
    filled.clock.advance(lasts - timedelta(seconds=1))
    assert (await Visitor(filled.app()).get(link)).status == 200
    filled.clock.advance(timedelta(seconds=1))
    assert (await set_one(Visitor(filled.app()), link)).status == 403


async def test_s18_looking_uses_nothing_up_and_a_bad_password_neither(filled: Site) -> None:
    visitor, link = Visitor(filled.app()), handed(filled, "invite")
    for method in ("GET", "HEAD", "GET"):
        assert (await visitor.ask(method, link, {})).status == 200
    for password in ("short", "x" * 201, "aaaaaaaaaaaa", "i am omid, hello"):
        assert (await set_one(visitor, link, password, password)).status == 422
    assert (await set_one(visitor, link, again="another one")).status == 422
    assert (await set_one(visitor, link)).status == 303


async def test_s20_every_link_shows_the_same_page(filled: Site) -> None:
    visitor, link = Visitor(filled.app()), handed(filled, "invite")
    good, bad = await visitor.get(link), await visitor.get("/password/token-2")
    assert good.text.replace("token-1", "") == bad.text.replace("token-2", "")


async def test_s18_a_newer_link_replaces_the_one_before(filled: Site) -> None:
    first, second = handed(filled, "invite"), handed(filled, "invite", "token-2")
    assert (await set_one(Visitor(filled.app()), first)).status == 403
    assert (await set_one(Visitor(filled.app()), second)).status == 303


async def test_s22_another_password_ends_every_session_and_link(filled: Site, visitor: Visitor) -> None:
    await type_in(visitor, "sara")
    login = filled.link("token-login")
    link = handed(filled, "reset", agent=SARA)
    assert (await set_one(Visitor(filled.app()), link, "nine green frogs", "nine green frogs")).status == 303
    assert (await visitor.get("/")).status == 403
    assert (await Visitor(filled.app()).sign_in(login)).status == 403
    assert (await type_in(Visitor(filled.app()), "sara")).status == 403
    assert (await type_in(Visitor(filled.app()), "sara", "nine green frogs")).status == 303


async def test_a_link_for_another_password_does_not_pass_the_second_step(filled: Site) -> None:
    with_codes(filled)
    visitor = Visitor(filled.app())
    answer = await set_one(visitor, handed(filled, "reset", agent=SARA))
    assert answer.headers["location"].startswith("/sign-in/code")
    assert (await visitor.get("/")).status == 403
    assert (await type_code(visitor, code(filled.clock.now()))).status == 303


async def test_a_login_link_and_one_for_a_password_are_not_the_same(filled: Site) -> None:
    assert (await Visitor(filled.app()).sign_in(handed(filled, "invite").replace("password", "login"))).status == 403
    assert (await set_one(Visitor(filled.app()), filled.link("token-2").replace("login", "password"))).status == 403


async def test_nothing_typed_or_handed_over_is_stored_or_logged_as_it_is(
    filled: Site, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = with_codes(filled)
    await type_in(visitor, PASSWORD, "my secret in the wrong field")
    await type_in(visitor, "sara")
    await type_code(visitor, kept[0])
    tables = (t.audit, t.link, t.session, t.recovery_code)
    stored = str(filled.store.read_now(lambda unit: [list(unit.execute(sa.select(table))) for table in tables]))
    said = stored + "".join(capsys.readouterr())
    assert PASSWORD not in said
    assert "wrong field" not in said
    assert kept[0] not in said
    assert visitor.cookies["inbox_session"] not in said


async def test_what_happens_at_the_door_stands_in_the_audit_log(filled: Site, visitor: Visitor) -> None:
    visitor.peer = "192.0.2.7"
    await type_in(visitor, "sara", "wrong wrong")
    await type_in(visitor, "zeno")
    await type_in(visitor, "sara")
    await visitor.post("/logout", {"form_token": hidden(await visitor.get("/"), "form_token")})
    log = reversed(filled.store.read_now(audit.page, 10))
    assert [(one.act, one.who, one.by, one.about, one.name, one.address) for one in log] == [
        ("refused", "nobody", "", "sara", "password", "192.0.2.7"),
        ("refused", "nobody", "", "", "password", "192.0.2.7"),
        ("signed_in", "agent", "sara", "", "password", "192.0.2.7"),
        ("signed_out", "agent", "sara", "", "", "192.0.2.7"),
    ]
