"""A message tried on the live rules: one that somebody makes up, or one that came. Nothing is stored, and nobody is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.ids import ChannelName, MessageId
from inbox.pipeline.circumstances import around
from inbox.pipeline.playbook import Playbook
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import explain
from inbox.rulebook.facts import ContactFacts, Facts
from inbox.rulebook.match import walk
from inbox.store import decisions
from inbox.text.languages import language
from inbox.web.forms import posted
from inbox.web.frame import Frame, House, frame
from inbox.web.numbers import number
from inbox.web.ops.rulebook import closed, seen

FIELDS = {"from": 100, "to": 100, "subject": 150, "text": 2000}
"""What is typed, and how many characters of it: all of them in Persian are less than a form may be."""
FIRST_TIME = ContactFacts(messages=1, messages_today=1, conversations=1, conversations_open=1)
"""Somebody who never wrote before: the message at hand is counted."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    fields: Mapping[str, str]
    channel: str = ""
    language: str = ""


class Trying:
    """The routes of the page; `book` tells the rules that are in force in this process."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/rules/try?message=12`: the empty form, or what the rules of today make of a message as it was when it came."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        if self._house.playbook is None:
            return made.missing()
        asked = request.query_params.get("message")
        if asked is None:
            return self._page(made, self._house.playbook(), Typed(dict.fromkeys(FIELDS, "")), None)
        id = number(asked)
        body = None if id is None else await self._house.store.read(decisions.read_about, made.scope, MessageId(id))
        if body is None:
            return made.missing()
        facts = Decision.from_json(body).facts
        return self._page(made, self._house.playbook(), _of(facts), facts)

    async def run(self, request: Request) -> Response:
        """POST `/rules/try`: the walk of the message that was typed."""
        made = await frame(self._house, request)
        if (shut := closed(made)) is not None:
            return shut
        sent = (await posted(made)).first
        book = self._house.playbook() if self._house.playbook is not None else None
        if book is None or sent.get("channel", "") not in book.channels:
            return made.missing()
        typed = Typed(
            {n: sent.get(n, "")[:most] for n, most in FIELDS.items()}, sent["channel"], sent.get("language", "")
        )
        return self._page(made, book, typed, _facts(typed, book, made))

    def _page(self, made: Frame, book: Playbook, typed: Typed, given: Facts | None) -> Response:
        decision = walk(book.rulebook, given) if given is not None else None
        said = decision and explain(decision, self._house.wording, made.language, everything=True)
        facts: dict[str, Any] = {"said": said, "decision": decision, "facts": seen(decision) if decision else []}
        return made.page("try", **facts, typed=typed, channels=list(book.channels), longest=FIELDS)


def _facts(typed: Typed, book: Playbook, made: Frame) -> Facts:
    """A first message of somebody of whom nothing is known, at this moment."""
    fields = typed.fields
    known = typed.language if typed.language in made.house.wording.languages else None
    return replace(
        around(book.channels[ChannelName(typed.channel)], book, made.now),
        sender=fields["from"].strip(),
        to=tuple(one.strip() for one in fields["to"].split(",") if one.strip()),
        subject=fields["subject"],
        text=fields["text"],
        language=known or language(f"{fields['subject']}\n{fields['text']}"),
        contact=FIRST_TIME,
    )


def _of(facts: Facts) -> Typed:
    """The form as it stands for a message that came."""
    fields = {"from": facts.sender, "to": ", ".join(facts.to), "subject": facts.subject, "text": facts.text}
    shown = {name: value[: FIELDS[name]] for name, value in fields.items()}
    return Typed(shown, facts.channel, facts.language or "")
