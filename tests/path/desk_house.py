"""A house with a desk: customers write over the network in memory, agents see it in a group on a Bot-API server."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from inbox.actions.at_desk import DeskHearing
from inbox.domain.desks import Card
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Unreachable
from inbox.ports.desk import Carrying, Desk
from inbox.ports.probe import Probe, silent
from inbox.runtime.cards import Cards
from inbox.store import agent_links, cards, desks, people
from inbox.store.unit import Unit
from inbox.text.wording import load
from tests.path.house import House
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.wait import until_async

BOT = ChannelName("bot")
GROUP = "-500"
SARA, REZA, MINA, STRANGER = 70, 71, 72, 99
PEOPLE = {"sara": SARA, "reza": REZA, "mina": MINA}
"""Who agents are on the network."""
CONFIG = """
[channel.bot]
kind = "{kind}"
bot = "@example_desk_bot"
token = {{ file = "bot-token" }}
api_base = "{api}"
file_base = "{file}"
poll_seconds = 1
can = {{ pause = 0, group_per_minute = {per_minute} }}

[desk.support]
channel = "bot"
{desk}
"""
LOCALE = Path(__file__).parents[2] / "inbox" / "locale"


def config(server: BotApi, kind: str, desk: str, per_minute: int = 0) -> str:
    """The tables of the bot and of its desk."""
    return CONFIG.format(kind=kind, api=server.base, file=server.file_base, desk=desk, per_minute=per_minute)


class Killed(BaseException):
    """Nobody catches it: as a kill."""


class DeskHouse:
    """Watches a house from its desk."""

    def __init__(self, house: House, server: BotApi) -> None:
        self.house = house
        self.server = server
        self.group = server.world.group
        self._channel = house._channel(BOT)
        assert isinstance(self._channel, Carrying)
        self.desk: Desk = self._channel.desk()
        self.cards = self.runner()

    async def interrupted(self, at: str) -> None:
        """The runner is killed at a point of its work."""

        def probe(point: str) -> None:
            if point == at:
                raise Killed

        channel = self.house._channel(BOT, probe)
        assert isinstance(channel, Carrying)
        runner, desk = self.runner(probe), channel.desk()
        try:
            while await runner.settle(desk, channel.collect):
                pass
        except Killed:
            return
        finally:
            await channel.close()
        raise AssertionError(f"it never came to {at}")

    async def restarts(self) -> None:
        """Another runner goes on."""
        self.cards = self.runner()
        await self.cards.adopt()
        await self.settle()

    def runner(self, probe: Probe = silent) -> Cards:
        """One more runner of the same desks."""
        house = self.house
        heard = DeskHearing.of(load(LOCALE)).carried_out
        build = partial(house._channel, BOT)
        return Cards(BOT, build, house.store, house.playbook, load(LOCALE), house.wake, house.clock, heard, probe)

    async def settle(self) -> None:
        """Until there is nothing left to do at this instant, at the desk and elsewhere."""
        for _ in range(20):
            await self._hear()
            await self.house.settle()
            worked = False
            while await self.cards.settle(self.desk, self._channel.collect):
                worked = True
            if worked or self.server.kept:
                continue
            if not await self.cards.behind():
                return
            # Another connection of the server is in the middle of something: soon there is work to be done.
            await until_async(lambda: self.cards.settle(self.desk, self._channel.collect))
        raise AssertionError("the desk does not come to rest")

    async def _hear(self) -> None:
        """Take in what people did at the desk."""
        if not self.server.kept:
            return
        channel = self.house._channel(BOT)
        following = asyncio.create_task(self.house.intake.follow(BOT, channel))
        try:
            await until_async(lambda: not self.server.kept or following.done(), every=0.002)
        finally:
            following.cancel()
            with suppress(Unreachable, asyncio.CancelledError):
                await following
            await channel.close()

    async def close(self) -> None:
        """End the connections, those of the house's own sender and of what fetches its files too."""
        await self._channel.close()
        await self.house.collectors[BOT]._let_go()
        await self.house.senders[BOT]._channel.close()

    def writes(self, text: str, *, topic: int = 0, person: int = SARA, **more: Any) -> int:
        """Somebody writes at the desk; the number of their message."""
        return self.server.at_desk(text, person, topic=topic, date=int(self.house.clock.now().timestamp()), **more)

    def answers(self, text: str, *, to: str, topic: int = 0, person: int = SARA, **more: Any) -> int:
        """They answer the message that holds these words."""
        answered = {"message_id": self.number(to), "chat": {"id": int(GROUP), "type": "supergroup"}}
        return self.writes(text, topic=topic, person=person, reply_to_message=answered, **more)

    def changes(self, number: int, text: str, *, topic: int = 0, person: int = SARA) -> None:
        """They change what they wrote."""
        when = int(self.house.clock.now().timestamp())
        who = {"id": person, "is_bot": False, "first_name": "Sara"}
        inside = {"message_thread_id": topic, "is_topic_message": True} if topic else {}
        where = {"id": int(GROUP), "type": "supergroup"}
        said = {"message_id": number, "from": who, "chat": where, "date": when, "edit_date": when, "text": text}
        self.server.push({"edited_message": {**said, **inside}})

    def code(self, handle: str) -> str:
        """The code that an agent is shown."""
        return self.house.store.write_now(agent_links.code, self.house.agent(handle).who.id, self.house.clock.now())

    def disables(self, handle: str) -> None:
        """An agent who left."""
        who = self.house.agent(handle).who
        self.house.store.write_now(people.put_agent, replace(who, disabled=True))

    def links(self, *handles: str, kind: str = "telegram") -> None:
        """These agents are who they are."""
        for handle in handles:
            who = self.house.agent(handle).who
            link = (who.id, kind, str(PEOPLE[handle]), handle.title(), self.house.clock.now())
            self.house.store.write_now(agent_links.link, *link)

    def shown(self) -> list[Card]:
        """All cards."""

        def work(unit: Unit) -> list[Card]:
            return [card for desk in desks.every(unit) for card in cards.of_desk(unit, desk.id)]

        return self.house.store.read_now(work)

    @property
    def topics(self) -> dict[int, str]:
        """The topics of the group, by number."""
        return {number: title for (chat, number), title in self.group.topics.items() if chat == GROUP}

    def texts(self, topic: int | str = "") -> list[str]:
        """What stands in a topic."""
        return self.group.texts(GROUP, topic)

    def number(self, text: str) -> int:
        """The number of the message in the group that holds these words, the newest."""
        found = [n for (chat, n), (said, _) in self.group.standing.items() if chat == GROUP and text in said]
        return max(found)

    def buttons(self, text: str) -> dict[str, str]:
        """The buttons under the message that holds these words: what each means, by its label."""
        found = [said for said in self.group.standing.values() if text in said[0] and said[1]]
        rows = json.loads(found[-1][1])["inline_keyboard"] if found else []
        return {one["text"]: one.get("callback_data", one.get("url", "")) for row in rows for one in row}


def token(folder: Path) -> None:
    """The file that the config names."""
    (folder / "bot-token").write_text(TOKEN)
    (folder / "bot-token").chmod(0o600)
