"""The settings of webhooks: which programs are told what happens, how telling them goes, and what is done about it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.problems import Problem
from inbox.domain.webhooks import Call, Webhook
from inbox.pipeline import webhooks as verbs
from inbox.pipeline.outcome import recall
from inbox.store import webhooks
from inbox.store.unit import Unit
from inbox.web.accounts.settings import opened
from inbox.web.door import by
from inbox.web.forms import Form, posted
from inbox.web.frame import Frame, House

PATH = "/settings/webhooks"
CALLS = 10
"""The newest calls of each that are shown."""
ACTS = ("test", "rotate", "enable", "disable", "replay", "remove")


class Hooks:
    """The routes under `/settings/webhooks`. Admins and the owner of the site."""

    def __init__(self, house: House, allowed: tuple[str, ...]) -> None:
        self._house = house
        self._allowed = allowed

    async def listing(self, request: Request) -> Response:
        """GET `/settings/webhooks`."""
        made, shut = await opened(self._house, request)
        return await self._page(made) if shut is None else shut

    async def add(self, request: Request) -> Response:
        """POST the same: the page with the secret of the new one on it, this once."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form = await posted(made)
        wanted = tuple(word for word in form.get("events").replace(",", " ").replace("،", " ").split())
        given = (form.get("name"), form.get("url"), wanted, self._allowed, by(made), made.now)
        try:
            secret = await self._house.store.write(verbs.add, *given)
        except Problem as problem:
            return await self._page(made, form, self._house.wording.problem(made.language, problem))
        return await self._page(made, secret=secret, name=form.get("name"))

    async def act(self, request: Request) -> Response:
        """POST `/settings/webhooks/erp`: the button that was pressed."""
        made, shut = await opened(self._house, request)
        if shut is not None:
            return shut
        form, name = await posted(made), request.path_params["name"]
        act = next((one for one in ACTS if one in form), "")
        try:
            secret = await self._house.store.write(_act, made, name, act)
        except Problem as problem:
            return made.back(PATH, self._house.wording.problem(made.language, problem), wrong=True)
        if secret:
            return await self._page(made, secret=secret, name=name)
        return made.back(PATH, made.say(f"web.webhooks.done.{act}", name=name) if act else "")

    async def _page(
        self, made: Frame, form: Form | None = None, wrong: str = "", *, secret: str = "", name: str = ""
    ) -> Response:
        known = await self._house.store.read(_known, made)
        facts = {
            "hooks": [
                (one, self._why(made, one.why), [(c, self._why(made, c.error)) for c in calls]) for one, calls in known
            ],
            "kinds": verbs.kinds(),
            "filled": {field: form.get(field) if form else "" for field in ("name", "url", "events")},
            "wrong": wrong,
            "secret": secret,
            "called": name,
        }
        return made.page("webhooks", 422 if wrong else 200, **facts, here="webhooks")

    def _why(self, made: Frame, kept: str) -> str:
        problem = recall(kept)
        return self._house.wording.problem(made.language, problem) if problem is not None else kept


def routes(house: House, allowed: tuple[str, ...]) -> list[Route]:
    """Its addresses."""
    hooks = Hooks(house, allowed)
    return [
        Route(PATH, hooks.listing),
        Route(PATH, hooks.add, methods=["POST"]),
        Route(f"{PATH}/{{name}}", hooks.act, methods=["POST"]),
    ]


def _known(unit: Unit, made: Frame) -> list[tuple[Webhook, list[Call]]]:
    return [(one, webhooks.last(unit, one.id, CALLS)) for one in webhooks.every(unit, made.now)]


def _act(unit: Unit, made: Frame, name: str, act: str) -> str:
    """The secret, where there is a new one. Raises Problem."""
    endpoint, who, now = verbs.known(unit, name, made.now), by(made), made.now
    match act:
        case "test":
            verbs.test(unit, name, now)
        case "rotate":
            return verbs.rotate(unit, name, who, now)
        case "enable" | "disable":
            verbs.switch(unit, name, who, now, off=act == "disable")
        case "replay":
            webhooks.replay(unit, now, webhook_id=endpoint.id)
        case "remove":
            verbs.remove(unit, name, who, now)
    return ""
