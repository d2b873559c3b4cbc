"""People with passwords, and what they do at the door."""

from datetime import datetime

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher

from inbox.domain.ids import AgentId
from inbox.store import credentials
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.accounts import codes
from tests.web.asking import Answer, Visitor, hidden
from tests.web.sites import SARA, Site

PASSWORD = "seven blue herons"
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Comparing takes as long as a hash was made with; how strong ours are is a test of its own."""


def with_password(site: Site, agent: AgentId = SARA, password: str = PASSWORD) -> None:
    """An agent who has set a password."""
    site.store.write_now(credentials.set_password, agent, CHEAP.hash(password), site.clock.now())


def with_codes(site: Site, agent: AgentId = SARA) -> tuple[str, ...]:
    """An agent who is asked for a code; their recovery codes."""
    fresh = codes.recovery_codes()
    site.store.write_now(credentials.set_totp, agent, KEY, 0, codes.digests(fresh))
    return fresh


def promote(site: Site, agent: AgentId, **values: bool) -> None:
    """An agent who may more, or who left; written past everything that would end sessions."""

    def unit(unit: Unit) -> None:
        unit.execute(sa.update(t.agent).where(t.agent.c.id == agent).values(**values))

    site.store.write_now(unit)


def code(now: datetime) -> str:
    """The code of that instant."""
    return pyotp.TOTP(KEY).at(now)


async def type_in(visitor: Visitor, name: str, password: str = PASSWORD, onward: str = "") -> Answer:
    """Open the sign-in page, fill it in, send it."""
    page = await visitor.get(f"/sign-in?next={onward}")
    return await visitor.post(
        "/sign-in", {"bound": hidden(page, "bound"), "next": hidden(page, "next"), "name": name, "password": password}
    )


async def type_code(visitor: Visitor, typed: str) -> Answer:
    """Fill in the page of the second step."""
    page = await visitor.get("/sign-in/code")
    return await visitor.post("/sign-in/code", {"form_token": hidden(page, "form_token"), "code": typed})


async def press(visitor: Visitor, page: str, url: str, **fields: str) -> Answer:
    """Send a form of a page that is open."""
    token = hidden(await visitor.get(page), "form_token")
    return await visitor.post(url, {"form_token": token, **fields})
