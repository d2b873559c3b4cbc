"""What is kept of a customer, for them: the language in which they are answered, all that was said as a file, and leaving everywhere."""

import json
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.assets import Asset
from inbox.domain.ids import ContactId
from inbox.domain.scope import Scope
from inbox.pipeline.wanted import choose, wanted
from inbox.store import people, persons, views, visiting
from inbox.store.unit import Unit
from inbox.web import session
from inbox.web.forms import sent_by
from inbox.web.frame import NAMES, House
from inbox.web.portal.assets import of_customer
from inbox.web.portal.matters import said_by
from inbox.web.portal.visit import HOME, visit

PATH = f"{HOME}/you"
MOST = 2_000
"""Conversations in one file, and messages of each."""


class Yourself:
    """The routes."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/portal/you`."""
        made = await visit(self._house, request)
        if made.customer is None:
            return made.back(HOME)
        theirs = await self._house.store.read(people.identities, made.customer.contact.id)
        known = [one for one in theirs if one.kind != made.portal.kind]
        chosen = await self._house.store.read(wanted, made.customer.contact.id, made.portal, made.book)
        spoken = [(code, NAMES.get(code, code)) for code in self._house.wording.languages]
        return made.page("you", known=known, spoken=spoken, wanted=chosen, once=session.fresh())

    async def change(self, request: Request) -> Response:
        """POST: another language."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        wanted = form.get("language")
        if made.customer is None or wanted not in self._house.wording.languages:
            return made.back(PATH)
        await self._house.store.write(_speak, made.customer.contact.id, wanted)
        return made.back(f"{PATH}?lang={wanted}", self._house.wording.say(wanted, "portal.you.changed"))

    async def answers(self, request: Request) -> Response:
        """POST `/portal/you/answers`: where they want to be answered."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        if made.customer is None:
            return made.back(PATH)
        asked = (made.customer.contact.id, form.get("there")[:20], made.portal, made.book, made.now)
        taken = await self._house.store.write(choose, *asked)
        key = "portal.you.answers_changed" if taken else "portal.you.answers_shut"
        return made.back(PATH, made.say(key), wrong=not taken)

    async def everywhere(self, request: Request) -> Response:
        """POST `/portal/you/leave`: every session of theirs ends."""
        made = await visit(self._house, request)
        await sent_by(self._house, request, made.token, session.FORM_CAP)
        if made.customer is not None:
            await self._house.store.write(visiting.end_all, made.customer.contact.id)
        response = made.back(HOME)
        self._house.cookies.admit(response, "")
        return response

    async def data(self, request: Request) -> Response:
        """GET `/portal/you/data.json`: all that they may see, as a file."""
        made = await visit(self._house, request)
        if made.customer is None:
            return made.back(HOME)
        found = await self._house.store.read(_all, made.scope, made.customer.contact.id, made.now)
        written = json.dumps(found, ensure_ascii=False, indent=1).encode()
        headers = {"content-disposition": 'attachment; filename="data.json"', "x-content-type-options": "nosniff"}
        return Response(written, media_type="application/json", headers=headers)


def _speak(unit: Unit, id: ContactId, language: str) -> None:
    persons.change(unit, replace(people.contact(unit, id), language=language))


def _all(unit: Unit, scope: Scope, id: ContactId, now: datetime) -> dict[str, object]:
    who = people.contact(unit, id)
    matters = visiting.matters(unit, scope, MOST)
    return {
        "at": now.isoformat(),
        "name": who.name,
        "language": who.language,
        "addresses": [{"kind": one.kind, "address": one.address} for one in people.identities(unit, id)],
        "assets": [_asset(one) for one in of_customer(unit, id)],
        "conversations": [_matter(unit, scope, one) for one in matters],
    }


def _asset(one: Asset) -> dict[str, object]:
    about = one.about
    days = {name: getattr(about, name) for name in ("bought_on", "warranty_until", "service_until")}
    return {
        "serial": about.serial,
        "product": about.product,
        "model": about.model,
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "warranty_terms": about.warranty_terms,
        "service_terms": about.service_terms,
    }


def _matter(unit: Unit, scope: Scope, one: visiting.Matter) -> dict[str, object]:
    found = views.shown(unit, scope, one.reference, most=MOST)
    yours = said_by(found, people.identities(unit, scope.contact)) if found and scope.contact else frozenset()
    return {
        "reference": one.reference,
        "subject": one.subject,
        "opened": one.opened_at.isoformat() if one.opened_at else None,
        "messages": [
            {
                "at": said.message.at.isoformat(),
                "from": "you" if said.message.id in yours else said.author or "us",
                "text": said.words,
                "files": [file.file.filename for file in said.files],
            }
            for said in (found.messages if found else ())
        ],
    }
