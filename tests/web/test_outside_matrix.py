"""Every route there is, asked by somebody of an outside company for what is not of their teams: as if it did not exist, and untouched."""

import re
from typing import Any

import sqlalchemy as sa

from inbox.store import tables as t
from inbox.web.session import form_token
from tests.web.acted import signed_in
from tests.web.asking import Answer, Visitor
from tests.web.fuzzing import routes
from tests.web.sites import OMID, Site
from tests.web.test_outside import ADDRESS, HIDDEN, pair

__all__ = ["pair"]

NOWHERE = "N2WH"
SECRETS = ("A secret of the house", "Secret", ADDRESS)
FORM = {"text": "x", "to": "x@example.org", "value": "high", "into": "", "tag": "x", "number": "1", "version": "1"}


async def asked(visitor: Visitor, method: str, pattern: str, reference: str) -> Answer:
    """The route, with a form of this session where it takes one."""
    path = pattern.replace("{reference}", reference).replace("{action}", "priority")
    path = re.sub(r"\{\w+(:\w+)?\}", "1", path)
    if method == "GET":
        return await visitor.get(path)
    form = {**FORM, "form_token": form_token(visitor.cookies["inbox_session"])}
    return await visitor.post(path, form, sec_fetch_site="same-origin")


def everything(site: Site, reference: str) -> list[Any]:
    """What is kept of a conversation."""
    c = t.conversation.c
    matter = sa.select(c.id).where(c.reference == reference).scalar_subquery()
    several = (t.conversation, c.id), (t.event, t.event.c.conversation_id), (t.message, t.message.c.conversation_id)
    return site.store.read_now(
        lambda unit: [str(row) for table, key in several for row in unit.execute(sa.select(table).where(key == matter))]
    )


async def test_s17_what_is_not_theirs_is_not_there_on_any_route(site: Site, pair: tuple[str, str]) -> None:
    theirs, other = pair
    visitor = await signed_in(site, HIDDEN, OMID)
    before, wrong, compared = everything(site, other), [], 0
    for method, pattern in routes(visitor.app):
        if "{reference}" not in pattern or pattern.startswith(("/portal", "/api")):
            continue
        foreign, missing = [await asked(visitor, method, pattern, one) for one in (other, NOWHERE)]
        compared += 1
        shown = [(one.status, one.text.replace(name, "")) for one, name in ((foreign, other), (missing, NOWHERE))]
        if shown[0] != shown[1] or any(words in foreign.text for words in SECRETS):
            wrong.append((method, pattern, foreign.status, missing.status))
    assert wrong == []
    assert compared > 8
    assert everything(site, other) == before
    assert (await visitor.get(f"/c/{theirs}")).status == 200


async def test_s17_nor_on_any_other_page(site: Site, pair: tuple[str, str]) -> None:
    _, other = pair
    visitor = await signed_in(site, HIDDEN, OMID)
    told = []
    for method, pattern in routes(visitor.app):
        if method != "GET" or "{reference}" in pattern or pattern.startswith("/portal"):
            continue
        for more in ("", "?q=secret", f"?q={other}", f"?about={other}", "?of=1"):
            answer = await visitor.get(re.sub(r"\{\w+(:\w+)?\}", "1", pattern) + more)
            bare = answer.text.replace(f"q={other}", "").replace(f"about={other}", "")
            if "A secret of the house" in bare or ADDRESS in bare:
                told.append((pattern, more))
    assert told == []
