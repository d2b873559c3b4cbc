"""Keys of one-time codes: never in clear in the store, of this site and this agent alone, and those from before are taken over."""

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from inbox.store import credentials
from inbox.store import tables as t
from inbox.web.accounts.sealed import Seal, seal_all
from tests.web.accounts import KEY, type_code, type_in, with_codes, with_password
from tests.web.asking import Visitor, hidden
from tests.web.sites import OMID, SARA, Site

SECRET = b"s" * 32


def kept(site: Site) -> str:
    query = sa.select(t.credential.c.totp).where(t.credential.c.agent_id == SARA)
    return str(site.store.read_now(lambda unit: unit.execute(query).scalar_one()))


def now_code(site: Site, key: str) -> str:
    return pyotp.TOTP(key).at(site.clock.now())


async def test_a_key_is_sealed_from_its_first_day_and_lets_in(filled: Site) -> None:
    with_password(filled)
    visitor = Visitor(filled.app(secret=SECRET))
    await type_in(visitor, "sara")
    page = await visitor.get("/account/codes")
    key = hidden(page, "key")
    form = {"form_token": hidden(page, "form_token"), "key": key, "code": now_code(filled, key)}
    assert (await visitor.post("/account/codes", form, sec_fetch_site="same-origin")).status == 200
    assert key not in kept(filled)
    assert Seal(SECRET).open(SARA, kept(filled)) == key
    filled.clock.advance(timedelta(seconds=30))
    again = Visitor(filled.app(secret=SECRET))
    await type_in(again, "sara")
    assert (await type_code(again, now_code(filled, key))).status == 303


async def test_those_from_before_are_sealed_and_go_on_working(filled: Site) -> None:
    with_password(filled)
    with_codes(filled)
    assert kept(filled) == KEY
    assert filled.store.write_now(seal_all, Seal(SECRET)) == 1
    assert KEY not in kept(filled)
    assert filled.store.write_now(seal_all, Seal(SECRET)) == 0
    visitor = Visitor(filled.app(secret=SECRET))
    await type_in(visitor, "sara")
    assert (await type_code(visitor, now_code(filled, KEY))).status == 303


async def test_without_the_secret_a_recovery_code_is_the_way_in(filled: Site) -> None:
    with_password(filled)
    spare = with_codes(filled)
    filled.store.write_now(seal_all, Seal(SECRET))
    visitor = Visitor(filled.app(secret=b"another secret of thirty-two byte"))
    await type_in(visitor, "sara")
    assert (await type_code(visitor, now_code(filled, KEY))).status == 403
    assert (await type_code(visitor, spare[0])).status == 303


@pytest.mark.parametrize("broken", ["", "x", "a.b.c.d.e", "eyJhbGciOiJub25lIn0....", "é"])
def test_what_is_no_sealed_key_is_none(broken: str) -> None:
    assert Seal(SECRET).open(SARA, broken) == ""


def test_a_key_is_of_one_agent_and_sealed_otherwise_each_time() -> None:
    seal = Seal(SECRET)
    closed = seal.close(OMID, KEY)
    assert closed != seal.close(OMID, KEY)
    assert seal.open(OMID, closed) == KEY
    assert seal.open(SARA, closed) == ""
    assert Seal(b"t" * 32).open(OMID, closed) == ""
    assert Seal().close(OMID, KEY) == KEY


def test_an_account_says_nothing_of_its_key(filled: Site) -> None:
    with_codes(filled)
    assert KEY not in repr(filled.store.read_now(credentials.of, SARA))
