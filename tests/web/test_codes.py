"""Switching one-time codes on and off on one's own account."""

import html
import re

import pyotp
import pytest

from inbox.store import credentials
from inbox.web.accounts import codes
from tests.web.accounts import code, press, type_code, type_in, with_codes, with_password
from tests.web.asking import Visitor, hidden
from tests.web.sites import SARA, Site


@pytest.fixture
async def visitor(filled: Site) -> Visitor:
    with_password(filled)
    made = Visitor(filled.app())
    await type_in(made, "sara")
    return made


async def test_codes_are_on_once_a_code_of_the_key_was_typed(filled: Site, visitor: Visitor) -> None:
    elsewhere = Visitor(filled.app())
    await type_in(elsewhere, "sara")
    page = await visitor.get("/account/codes")
    key = hidden(page, "key")
    assert 'src="data:image/svg+xml;' in page.text
    fields = {"form_token": hidden(page, "form_token"), "key": key}
    assert (await visitor.post("/account/codes", {**fields, "code": "000000"})).status == 422
    assert filled.store.read_now(credentials.recovery_left, SARA) == 0
    done = await visitor.post("/account/codes", {**fields, "code": pyotp.TOTP(key).at(filled.clock.now())})
    kept = re.findall(r"<li>((?:[a-z2-9]{4}-){3}[a-z2-9]{4})</li>", done.text)
    assert len(set(kept)) == 10
    assert (await elsewhere.get("/")).status == 403, "other sessions end"
    await type_in(elsewhere, "sara")
    assert (await type_code(elsewhere, kept[3])).status == 303
    assert kept[4] not in (await visitor.get("/account")).text, "shown once"


async def test_the_picture_holds_the_key_and_whose_it_is(filled: Site, visitor: Visitor) -> None:
    page = await visitor.get("/account/codes")
    key = hidden(page, "key")
    assert html.unescape(page.text).count(codes.picture(key, "sara", "Acme Support")) == 1
    assert codes.is_key(key)


@pytest.mark.parametrize("key", ["", "short", "a" * 32, "0" * 32, "A" * 31 + "!"])
async def test_a_key_that_is_not_ours_is_not_taken(filled: Site, visitor: Visitor, key: str) -> None:
    answer = await press(visitor, "/account", "/account/codes", key=key, code="000000")
    assert answer.status == 422
    assert hidden(answer, "key") != key


async def test_codes_go_off_with_a_code_alone(filled: Site, visitor: Visitor) -> None:
    with_codes(filled)
    await press(visitor, "/account", "/account/codes", off="1", code="000000")
    assert filled.store.read_now(credentials.recovery_left, SARA) == 10
    await press(visitor, "/account", "/account/codes", off="1", code=code(filled.clock.now()))
    assert filled.store.read_now(credentials.recovery_left, SARA) == 0
    assert (await type_in(Visitor(filled.app()), "sara")).headers["location"] == "/"


async def test_new_recovery_codes_replace_those_before(filled: Site, visitor: Visitor) -> None:
    before = with_codes(filled)
    page = await press(visitor, "/account", "/account/codes", renew="1", code=before[0])
    assert page.text.count("</li>") >= 10
    other = Visitor(filled.app())
    await type_in(other, "sara")
    assert (await type_code(other, before[1])).status == 403
    assert (await type_code(other, code(filled.clock.now()))).status == 303
