"""A host page that says who is signed in there: believed under its proof, and a stranger otherwise."""

from pathlib import Path
from typing import Any

import pytest

from channels.webchat.identity import User, proof
from inbox.domain.problems import Permanent
from tests.channels.webchat.ground import WebchatGround

SECRET = b"a secret of the site and its shop"
SARA = User("42", "sara@example.org", "سارا")
A = "a" * 26


@pytest.fixture
async def ground(tmp_path: Path) -> WebchatGround:
    (tmp_path / "shared").write_bytes(SECRET + b"\n")
    return WebchatGround(tmp_path, identity_secret={"file": "shared"})


def signed(user: User = SARA, secret: bytes = SECRET) -> dict[str, str]:
    return {"id": user.id, "mail": user.mail, "name": user.name, "proof": proof(user, secret)}


async def hello(ground: WebchatGround, visitor: str = "", **said: Any) -> dict[str, Any]:
    async with ground.browser(visitor) as browser:
        told: dict[str, Any] = (await browser.post("hello", json=said)).json()
    return told


async def test_a_proved_user_is_one_visitor_on_every_device_and_their_address_is_vouched_for(
    ground: WebchatGround,
) -> None:
    first, second = [await hello(ground, user=signed()) for _ in range(2)]
    assert (first["identity"], first["fresh"], first["name"]) == ("proved", False, "سارا")
    assert first["token"] == second["token"]
    visitor = ground.tokens.visitor(first["token"])
    assert visitor == ground.tokens.user("42")
    assert first["standing"] == {"address": "sara@example.org", "proved": True, "continues": True}
    assert ground.front.visitors[visitor].standing.name == "سارا"


async def test_a_user_without_a_mail_address_costs_nothing(ground: WebchatGround) -> None:
    assert (await hello(ground, user=signed(User("42"))))["identity"] == "proved"
    assert dict(ground.front.visitors) == {}


async def test_an_address_is_vouched_for_once(ground: WebchatGround, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    vouch = ground.front.vouch

    async def counted(visitor: str, address: str, name: str) -> None:
        calls.append(address)
        await vouch(visitor, address, name)

    monkeypatch.setattr(ground.front, "vouch", counted)
    for _ in range(3):
        await hello(ground, user=signed())
    await hello(ground, user=signed(User("42", "Sara@Example.org", "سارا")))
    await hello(ground, user=signed(User("42", "new@example.org", "سارا")))
    assert calls == ["sara@example.org", "new@example.org"]


@pytest.mark.parametrize(
    "changed",
    [{"id": "43"}, {"mail": "evil@example.org"}, {"name": "x"}, {"proof": ""}, {"proof": None}, {"id": ["42"]}],
)
async def test_a_wrong_proof_makes_a_stranger_and_says_so(ground: WebchatGround, changed: dict[str, object]) -> None:
    said = await hello(ground, user={**signed(), **changed})
    assert (said["identity"], said["fresh"]) == ("wrong", True)
    visitor = ground.tokens.visitor(said["token"])
    assert visitor is not None
    assert not visitor.startswith("user-")
    assert dict(ground.front.visitors) == {}


async def test_a_wrong_proof_does_not_cost_a_visitor_what_they_are(ground: WebchatGround) -> None:
    said = await hello(ground, A, user={**signed(), "proof": "0" * 64})
    assert (said["identity"], said["token"]) == ("wrong", ground.tokens.token(A))


async def test_whoever_signed_out_is_that_user_no_longer(ground: WebchatGround) -> None:
    token = (await hello(ground, user=signed()))["token"]
    later = await hello(ground, token=token)
    assert (later["identity"], later["fresh"]) == ("none", True)
    assert later["token"] != token


async def test_nobody_can_claim_a_users_address_without_the_proof(ground: WebchatGround) -> None:
    user = ground.tokens.user("42")
    for token in ("user-42", user, f"{user}.{'a' * 52}"):
        said = await hello(ground, token=token)
        assert ground.tokens.visitor(said["token"]) != user


@pytest.mark.parametrize("options", [{}, {"identity_secret": {"file": "not there"}}])
async def test_without_a_secret_everyone_is_a_stranger_and_can_write(tmp_path: Path, options: dict[str, Any]) -> None:
    said = await hello(WebchatGround(tmp_path, **options), user=signed())
    assert (said["identity"], said["fresh"]) == ("off", True)


async def test_what_is_no_address_does_not_keep_a_user_out(
    ground: WebchatGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(visitor: str, address: str, name: str) -> None:
        raise Permanent("email.impossible_address", address=address)

    monkeypatch.setattr(ground.front, "vouch", refused)
    said = await hello(ground, user=signed(User("42", "none")))
    assert (said["identity"], said["standing"]["proved"]) == ("proved", False)
