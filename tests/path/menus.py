"""Going through a bot's menu: articles to read there, and whoever writes and presses."""

import json
from datetime import timedelta
from typing import Any

from inbox.domain.acts import By
from inbox.domain.articles import About, Article, Words
from inbox.domain.menu_steps import Step
from inbox.pipeline import articles as verbs
from inbox.pipeline.articles import Editor
from inbox.store import articles, articles_counted
from inbox.store.unit import Unit
from tests.path.house import House

CHAT = 'first_sync = "new"\nsubject = false\ncertain_sender = true\nmenu = "department"'
OWNER = Editor.of(None, By("owner", via="command"))
SARA, OMID = "sara@x", "omid@x"


def article(house: House, title: str, body: str = "Two weeks.", language: str = "en", **about: Any) -> Article:
    def work(unit: Unit) -> Article:
        made = verbs.create(
            unit, OWNER, About(about.pop("slug", ""), **about), language, Words(title, body), house.clock.now()
        )
        verbs.publish(unit, OWNER, made.id, language, house.clock.now())
        return articles.one(unit, made.id)

    return house.store.write_now(work)


def counts(house: House, one: Article) -> dict[str, int]:
    today = house.clock.now().date() - timedelta(days=1)
    return dict(house.store.read_now(articles_counted.counts, [one.id], today).get(one.id, {}))


async def says(house: House, text: str, who: str = SARA, **more: Any) -> None:
    """Somebody writes in their private chat."""
    await house.customer(who).writes(text, thread=who, **more)


async def presses(house: House, what: str | Step, who: str = SARA, **more: Any) -> None:
    """Somebody presses the button of that label on the last screen, or whatever data they like."""
    data = what.data if isinstance(what, Step) else dict(screen(house, who)["offers"]).get(what, what)
    number = len(house.verdicts())
    said = {"kind": "button", "key": f"b{number}", "sender": {"address": who}, "thread": who, "data": data}
    house.network.offer("support@acme", json.dumps({**said, "query": f"q{number}", **more}).encode())
    await house.settle()


def screen(house: House, who: str = SARA) -> dict[str, Any]:
    """What they were shown last, with the keys by which it was sent."""
    return house.customer(who).mails[-1]


def labels(house: House, who: str = SARA) -> list[str]:
    return [label for label, _ in screen(house, who)["offers"]]
