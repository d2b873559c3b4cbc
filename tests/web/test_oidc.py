"""Signing in through an identity provider: what it must prove, and what is refused although it looks right."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from joserfc.jwk import RSAKey

from inbox.settings import parse
from inbox.settings.options import OidcOptions
from inbox.store import audit
from inbox.store import tables as t
from inbox.web.accounts.paces import PER_ADDRESS
from inbox.web.accounts.provider import Provider
from tests.rig.oidc import CLIENT, SECRET, Oidc, provider
from tests.web.accounts import promote, with_codes
from tests.web.asking import Answer, Visitor
from tests.web.sites import SARA, Site


@pytest.fixture
def rig(filled: Site) -> Iterator[Oidc]:
    """A provider that knows sara, and sara's address here."""
    address = sa.update(t.agent).where(t.agent.c.id == SARA).values(address="Sara@acme.example")
    filled.store.write_now(lambda unit: unit.execute(address))
    with provider(filled.clock.now()) as made:
        yield made


def visiting(site: Site, rig: Oidc, secret: str = SECRET, **options: str) -> Visitor:
    """A browser at a site that knows this provider."""
    made = OidcOptions.model_validate({"issuer": rig.url, "client_id": CLIENT, **options})
    return Visitor(site.app(provider=Provider(made, secret)))


async def there_and_back(visitor: Visitor, rig: Oidc, onward: str = "/c/K7Q2") -> Answer:
    """The button, the provider, and the way back."""
    answer = await visitor.get(f"/sign-in/oidc?next={onward}")
    assert answer.status == 303
    return await visitor.get(rig.visit(answer.headers["location"]))


def shut(answer: Answer) -> bool:
    """Back at the door, without a session."""
    return (
        answer.status == 303 and answer.headers["location"] == "/sign-in" and "inbox_session" not in str(answer.headers)
    )


async def test_the_provider_lets_in_whom_it_vouches_for(filled: Site, rig: Oidc) -> None:
    visitor = visiting(filled, rig)
    assert "/sign-in/oidc?next=/c/K7Q2" in (await visitor.get("/sign-in?next=/c/K7Q2")).text
    answer = await there_and_back(visitor, rig)
    assert (answer.status, answer.headers["location"]) == (303, "/c/K7Q2")
    assert (await visitor.get("/")).status == 200
    assert "inbox_away" not in visitor.cookies
    (last,) = filled.store.read_now(audit.page, 1)
    assert (last.act, last.by, last.name) == ("signed_in", "sara", "oidc")


async def test_the_provider_is_asked_with_pkce_state_and_nonce(filled: Site, rig: Oidc) -> None:
    await there_and_back(visiting(filled, rig), rig)
    asked = next(sent for path, sent in rig.ledger if path == "/authorize")
    assert asked["response_type"] == "code"
    assert asked["scope"].split()[0] == "openid"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://127.0.0.1:8025/sign-in/oidc/back"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    [sent] = [sent for path, sent in rig.ledger if path == "/token"]
    assert 43 <= len(sent["code_verifier"]) <= 128
    assert "client_secret" not in sent


async def test_a_provider_that_takes_the_secret_in_the_form_gets_it_there(filled: Site, rig: Oidc) -> None:
    rig.methods = ("client_secret_post",)
    assert (await there_and_back(visiting(filled, rig), rig)).status == 303


@pytest.mark.parametrize(
    "forge",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"azp": "another"},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "yes"},
        {"email": None},
        {"email": ["sara@acme.example"]},
        {"email": "zeno@acme.example"},
        {"email": "sara"},
    ],
)
async def test_a_token_that_is_not_for_us_or_not_now_lets_nobody_in(
    filled: Site, rig: Oidc, forge: dict[str, Any]
) -> None:
    rig.forge = forge
    visitor = visiting(filled, rig)
    assert shut(await there_and_back(visitor, rig))
    assert "inbox_session" not in visitor.cookies


async def test_a_token_of_another_key_or_without_signature_lets_nobody_in(filled: Site, rig: Oidc) -> None:
    rig.signs = RSAKey.generate_key(2048, {"kid": "one"})
    assert shut(await there_and_back(visiting(filled, rig), rig))
    rig.signs, rig.broken = None, "alg"
    assert shut(await there_and_back(visiting(filled, rig), rig))


async def test_what_comes_back_is_worth_something_in_the_browser_that_left_alone(filled: Site, rig: Oidc) -> None:
    here, elsewhere = visiting(filled, rig), visiting(filled, rig)
    back = rig.visit((await here.get("/sign-in/oidc")).headers["location"])
    assert shut(await elsewhere.get(back)), "nothing was begun there"
    await elsewhere.get("/sign-in/oidc")
    assert shut(await elsewhere.get(back)), "another way was begun there"
    assert (await here.get(back)).status == 303
    assert shut(await here.get(back)), "and once"


@pytest.mark.parametrize("kept", ["", "x", "W10=", "WzEsMiwzLDRd", "WyIiLCIiLCIiLCIiXQ=="])
async def test_a_cookie_that_is_not_ours_is_nothing(filled: Site, rig: Oidc, kept: str) -> None:
    visitor = visiting(filled, rig)
    visitor.cookies["inbox_away"] = kept
    assert shut(await visitor.get("/sign-in/oidc/back?code=x&state="))
    assert all(path != "/token" for path, _ in rig.ledger)


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=&state=x", "?code=x"])
async def test_a_way_back_without_a_code_is_told(filled: Site, rig: Oidc, query: str) -> None:
    visitor = visiting(filled, rig)
    await visitor.get("/sign-in/oidc")
    assert shut(await visitor.get(f"/sign-in/oidc/back{query}"))


@pytest.mark.parametrize("broken", ["/.well-known/openid-configuration", "/token", "/keys"])
async def test_a_provider_in_trouble_is_named_and_the_password_is_still_there(
    filled: Site, rig: Oidc, broken: str
) -> None:
    visitor = visiting(filled, rig)
    back = rig.visit((await visitor.get("/sign-in/oidc")).headers["location"])
    rig.broken = broken
    assert shut(await visitor.get(back))
    page = await visitor.get("/sign-in")
    assert rig.url in page.text
    assert 'name="password"' in page.text


async def test_a_provider_that_names_another_issuer_is_not_believed(filled: Site, rig: Oidc) -> None:
    rig.issuer = "https://evil.example"
    assert shut(await visiting(filled, rig).get("/sign-in/oidc"))


async def test_another_claim_names_the_handle(filled: Site, rig: Oidc) -> None:
    rig.person = {"sub": "7", "preferred_username": "sara", "email": "omid@acme.example"}
    assert (await there_and_back(visiting(filled, rig, claim="preferred_username"), rig)).status == 303
    rig.person["preferred_username"] = "sara@acme.example"
    assert shut(await there_and_back(visiting(filled, rig, claim="preferred_username"), rig))


async def test_what_the_token_lacks_is_asked_for_beside_it_of_the_same_person(filled: Site, rig: Oidc) -> None:
    rig.person, rig.beside = {"sub": "7"}, {"sub": "7", "email": "sara@acme.example", "email_verified": True}
    assert (await there_and_back(visiting(filled, rig), rig)).status == 303
    rig.beside["sub"] = "8"
    assert shut(await there_and_back(visiting(filled, rig), rig))


async def test_a_disabled_agent_is_not_let_in_and_codes_are_the_providers_affair(filled: Site, rig: Oidc) -> None:
    with_codes(filled)
    assert (await there_and_back(visiting(filled, rig), rig)).status == 303
    promote(filled, SARA, disabled=True)
    assert shut(await there_and_back(visiting(filled, rig), rig))


async def test_the_secret_and_the_codes_stand_in_no_page_log_or_address(
    filled: Site, rig: Oidc, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.broken = "/token"
    visitor = visiting(filled, rig)
    began = await visitor.get("/sign-in/oidc")
    assert shut(await visitor.get(rig.visit(began.headers["location"])))
    page = await visitor.get("/sign-in")
    said = page.text + str(began.headers["location"]) + "".join(capsys.readouterr())
    assert SECRET not in said
    assert "code-0" not in said
    kept = parse_qs(urlsplit(began.headers["location"]).query)
    assert "code_verifier" not in kept


async def test_the_way_back_is_over_after_ten_minutes(filled: Site, rig: Oidc) -> None:
    visitor = visiting(filled, rig)
    answer = await visitor.get("/sign-in/oidc")
    cookie = next(line for line in answer.headers["set-cookie"].split("\n") if line.startswith("inbox_away="))
    assert "Max-Age=600" in cookie
    assert "HttpOnly" in cookie
    back = rig.visit(answer.headers["location"])
    filled.clock.advance(timedelta(minutes=7))
    assert shut(await visitor.get(back)), "a token is good for as long as it says, and a minute"


async def test_s37_a_whole_office_may_sign_in_and_no_more_than_that(filled: Site, rig: Oidc) -> None:
    visitor = visiting(filled, rig)
    for _ in range(PER_ADDRESS):
        assert not shut(await visitor.get("/sign-in/oidc"))
    assert shut(await visitor.get("/sign-in/oidc"))
    visitor.peer = "192.0.2.8"
    assert not shut(await visitor.get("/sign-in/oidc"))


async def test_without_a_provider_there_is_no_such_way(filled: Site) -> None:
    visitor = Visitor(filled.app())
    assert (await visitor.get("/sign-in/oidc")).status == 404
    assert (await visitor.get("/sign-in/oidc/back?code=x&state=y")).status == 404
    assert "/sign-in/oidc" not in (await visitor.get("/sign-in")).text


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('issuer = "http://login.example.org"\nclient_id = "x"', "config.issuer_in_the_open"),
        ('issuer = "https://login.example.org"', "config.oidc_no_client"),
        ('issuer = "login.example.org"\nclient_id = "x"', "config.bad_url"),
        ('client_secret = "plain"', "secrets.plain"),
        ('client_secret = { command = ["x"] }', "config.no_command_here"),
    ],
)
def test_what_is_wrong_with_the_config_is_told(table: str, key: str) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        parse(f"[oidc]\n{table}\n")
    assert [getattr(problem, "key", "") for problem in caught.value.exceptions] == [key]
