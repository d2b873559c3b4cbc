"""Who one is in chats: a code to send to the bot, and the links that it made."""

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import agent_chats
from inbox.store import people
from inbox.web.accounts.account import PATH, Own
from inbox.web.door import by
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame


class Chats:
    """The routes under `/account/chats`."""

    def __init__(self, house: House, own: Own) -> None:
        self._house = house
        self._own = own

    async def code(self, request: Request) -> Response:
        """POST `/account/chats`: the page with a code on it, which is not shown again."""
        made = await frame(self._house, request)
        me = await self._me(made)
        if me is None:
            return made.missing()
        await posted(made)
        return await self._own.page(made, await self._house.store.write(agent_chats.give_code, me, by(made), made.now))

    async def unlink(self, request: Request) -> Response:
        """POST `/account/chats/unlink`: the bot of a `kind` does not know one any more."""
        made = await frame(self._house, request)
        me = await self._me(made)
        if me is None:
            return made.missing()
        kind = (await posted(made)).first.get("kind", "")
        try:
            await self._house.store.write(agent_chats.unlink, me, kind, by(made), made.now)
        except Problem as problem:
            return made.back(PATH, self._house.wording.problem(made.language, problem), wrong=True)
        return made.back(PATH, made.say("web.chats.unlinked"))

    async def _me(self, made: Frame) -> Agent | None:
        if made.visitor is None or made.visitor.agent is None:
            return None
        roster = await self._house.store.read(people.roster)
        return roster.agent_by_id(made.visitor.agent)
