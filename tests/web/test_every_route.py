"""Every route there is, today's and tomorrow's: what strangers get, and that nothing is changed without a form of the session."""

from typing import Any

from inbox.web.session import form_token
from tests.web.acted import acting_book, came, signed_in
from tests.web.asking import Answer, Visitor
from tests.web.fuzzing import routes
from tests.web.sites import OMID, SARA, Site

OPEN = frozenset({"/healthz", "/readyz", "/sign-in", "/login/{token}", "/password/{token}"})
"""GET routes that answer anybody; whatever they say is the same for all."""
ELSEWHERE = {
    "/c/{reference}/say": 303,
    "/sign-in/code": 303,
    "/sign-in/oidc": 404,
    "/sign-in/oidc/back": 404,
    "/static/{digest}/{name}": 404,
    "/stop/{token}": 404,
}
"""What others answer a stranger."""
PORTAL = ("/portal", "/help", "/sitemap.xml")
"""Pages for customers are not there on a site without the channel of them; with it they have a matrix of their own (test_portal.py, test_help.py)."""
ENTRANCES = frozenset({"/sign-in", "/sign-in/code", "/login/{token}", "/password/{token}"})
"""POST routes without a session: the form is bound to the browser instead."""
SECRET = "Where is parcel 7311?"


def filled_in(pattern: str, reference: str) -> str:
    known = {"reference": reference, "action": "priority", "number": "1", "id": "1"}
    for name in ("reference", "action", "number", "id", "token", "name", "handle", "digest"):
        pattern = pattern.replace("{" + name + "}", known.get(name, "sara"))
    return pattern


def application(site: Site) -> tuple[Any, str]:
    book = acting_book()
    reference = came(site, book, "lena@example.com", SECRET, "An order")
    return site.app(playbook=lambda: book), reference


async def test_s17_a_stranger_reads_nothing_anywhere(site: Site) -> None:
    app, reference = application(site)
    wrong = {}
    for method, pattern in routes(app):
        visitor = Visitor(app)
        path = filled_in(pattern, reference)
        answer = await (visitor.get(path) if method == "GET" else visitor.post(path, {}))
        assert SECRET not in answer.text, path
        assert "lena@" not in answer.text, path
        due = 404 if pattern.startswith(PORTAL) else ELSEWHERE.get(pattern, 403)
        if method == "GET" and pattern not in OPEN and answer.status != due:
            wrong[pattern] = answer.status
    assert not wrong


async def test_s31_nothing_is_changed_without_the_form_of_this_session(site: Site) -> None:
    app, reference = application(site)
    book = acting_book()
    other = await signed_in(site, book, SARA)
    foreign = form_token(other.cookies["inbox_session"])
    for agent in (OMID, None):
        inside = await signed_in(site, book, agent)
        inside.app = app
        for pattern in (pattern for method, pattern in routes(app) if method == "POST"):
            path = filled_in(pattern, reference)
            for form, site_of in (
                ({}, "same-origin"),
                ({"form_token": foreign}, "same-origin"),
                (own(inside), "cross-site"),
            ):
                answer = await inside.post(path, {**form, "bound": "x"}, sec_fetch_site=site_of)
                assert refused(answer, pattern), (agent, path, site_of, answer.status)


def own(visitor: Visitor) -> dict[str, str]:
    return {"form_token": form_token(visitor.cookies["inbox_session"])}


def refused(answer: Answer, pattern: str) -> bool:
    """Also where there is nothing for them to change."""
    return answer.status in (403, 404) if pattern not in ENTRANCES else answer.status == 403
