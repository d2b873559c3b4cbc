"""The page `/demo/`: play a customer, see what comes back, and go in as one of the agents. There is no such page but in the demo."""

from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from inbox.demo.customers import PLAYERS, Customers
from inbox.pipeline import survey_links
from inbox.store import entry, people, surveys, visiting
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.frame import Frame, House, frame
from inbox.web.guard import from_here

PATH = "/demo/"
MOST = 4_000
"""Letters of what a customer writes here."""
LASTS = timedelta(minutes=15)


class Playing:
    """The routes. Nobody signs in here: whoever reaches the demo may play."""

    def __init__(self, house: House, customers: Customers) -> None:
        self._house, self._customers = house, customers

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/demo", lambda _: RedirectResponse(PATH, 307)),
            Route(PATH, self.show),
            Route(PATH, self.write, methods=["POST"]),
            Route("/demo/enter", self.enter, methods=["POST"]),
            Route("/demo/portal", self.portal, methods=["POST"]),
            Route("/demo/survey", self.survey, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """GET `/demo/?who=emily`: who can be played, and the thread of one of them."""
        made = await frame(self._house, request)
        player = self._customers.one(request.query_params.get("who", PLAYERS[0].name))
        if player is None:
            return made.missing()
        roster = await self._house.store.read(people.roster)
        thread = self._customers.thread(player)
        agents = [agent for agent in roster.agents if not agent.disabled]
        asked = await self._house.store.read(surveys.latest_open, made.now)
        facts: dict[str, Any] = {"player": player, "thread": thread, "agents": agents, "asked": asked is not None}
        return made.page("demo", players=PLAYERS, **facts)

    async def write(self, request: Request) -> Response:
        """POST: what they wrote goes to the network, as anything that customers write."""
        made, fields = await self._posted(request)
        player = self._customers.one(fields.get("who", ""))
        text = fields.get("text", "").strip()[:MOST]
        if player is None:
            return made.missing()
        back = f"{PATH}?who={player.name}"
        if not text:
            return made.back(back, made.say("web.demo.nothing"), wrong=True)
        to = fields.get("to", "")
        where = to if to in player.to else player.to[0]
        subject = fields.get("subject", "").strip()[:200]
        answers = fields.get("answers") == "yes"
        self._customers.write(player, where, subject, text, answers=answers, now=made.now)
        return made.back(back, made.say("web.demo.written"))

    async def enter(self, request: Request) -> Response:
        """POST: a one-time link for an agent, opened at once."""
        made, fields = await self._posted(request)
        roster = await self._house.store.read(people.roster)
        agent = roster.agent(fields.get("agent", ""))
        if agent is None:
            return made.missing()
        token = session.fresh()
        await self._house.store.write(entry.add_link, session.digest(token), agent.id, made.now, LASTS)
        return RedirectResponse(f"/login/{token}", 303)

    async def portal(self, request: Request) -> Response:
        """POST: the customers' pages, as who is played; without the letter that lets them in elsewhere."""
        made, fields = await self._posted(request)
        player, book = (
            self._customers.one(fields.get("who", "")),
            self._house.playbook() if self._house.playbook else None,
        )
        if player is None or book is None:
            return made.missing()
        fresh = session.fresh()
        known = (book.channels[player.channel].kind, player.address, session.digest(fresh), made.now)
        if not await self._house.store.write(_let_in, *known):
            return made.back(f"{PATH}?who={player.name}", made.say("web.demo.unknown"), wrong=True)
        response = RedirectResponse("/portal", 303)
        self._house.cookies.admit(response, fresh)
        return response

    async def survey(self, request: Request) -> Response:
        """POST: the page to which the link of the latest survey leads; its letter went to a customer who is not played."""
        made, _ = await self._posted(request)
        asked = await self._house.store.read(surveys.latest_open, made.now)
        book = self._house.playbook() if self._house.playbook else None
        if asked is None or asked.ends_at is None or book is None:
            return made.missing()
        return RedirectResponse(survey_links.page(asked, asked.ends_at, book), 303)

    async def _posted(self, request: Request) -> tuple[Frame, dict[str, str]]:
        if not from_here(request, self._house.site.public_url):
            raise HTTPException(403)
        fields = await session.form(request, 8 * MOST)
        return await frame(self._house, request), fields


def _let_in(unit: Unit, kind: str, address: str, session: str, now: datetime) -> bool:
    known = people.known(unit, kind, address)
    if known is None:
        return False
    visiting.begin(unit, session, known[1].id, now)
    return True
