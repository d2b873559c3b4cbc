"""Asking for the first time: the form for whoever has no address here yet. What they ask is taken at once; nothing but the one letter that
proves their address is sent to it until they have proved it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from inbox.pipeline import entrance
from inbox.pipeline.suggest import Suggestion
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.counts import counts
from inbox.web.forms import Form, sent_by
from inbox.web.frame import House
from inbox.web.portal.entering import CODE
from inbox.web.portal.form import NONE, asked, begun
from inbox.web.portal.met import offered
from inbox.web.portal.saying import LONGEST, Author, Unsaid, say
from inbox.web.portal.suggesting import once, panel
from inbox.web.portal.visit import HOME, Visit, visit

PATH = f"{HOME}/ask"
PER_NETWORK = 10
"""Requests of strangers from one network within 15 minutes."""
ENCODED = 12
"""Bytes that one letter of a form comes as, at most: four of UTF-8, each written with three."""
TRAP = "website"
"""A field that people do not see, and programs fill in."""


class Asking:
    """The routes of the form."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._paces = Paces(counts(house.store, house.clock, "ask"), per_address=PER_NETWORK)

    async def show(self, request: Request) -> Response:
        """GET `/portal/ask`; whoever came in has a form of their own."""
        made = await visit(self._house, request)
        return made.back(f"{HOME}/new") if made.customer else self._form(made, begun(made))

    async def ask(self, request: Request) -> Response:
        """POST: it is taken, and a letter goes to the address, as to anybody who wants to come in."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, ENCODED * LONGEST + session.FORM_CAP)
        if made.customer is not None:
            return made.back(f"{HOME}/new")
        typed = form.get("address").strip()[:320]
        there = await self._house.store.read(entrance.mail_address, typed, made.book, made.now)
        if there is None:
            return self._form(made, form, made.say("portal.no_address"))
        if form.get(TRAP):
            return self._form(made, form, made.say("portal.ask.trapped"))
        if found := await once(made, form):
            return self._form(made, form, found=found)
        who = Author(there.address, form.get("name").strip()[:100], proved=False)
        try:
            thread = f"ask {session.digest(made.token)} {form.get('once')[:60]}"
            await say(made, who, form, thread, self._paces, asks=True)
        except Unsaid as unsaid:
            return self._form(made, form, unsaid.words, unsaid.fields)
        browser = session.fresh()
        letter = (typed, session.digest(browser), made.language, made.portal, made.book, made.now)
        await self._house.store.write(entrance.write_to, *letter)
        response = made.back(CODE, made.say("portal.ask.taken"))
        self._house.cookies.open_entrance(response, browser)
        return response

    def _form(
        self,
        made: Visit,
        form: Form,
        wrong: str = "",
        fields: Mapping[str, str] = NONE,
        found: Sequence[Suggestion] = (),
    ) -> Response:
        bound = replace(made, token=made.token or session.fresh())
        facts = {
            "wrong": wrong,
            "once": session.fresh(),
            "trap": TRAP,
            **asked(made, form, fields),
            **panel(found, offered(form)),
        }
        response = bound.page("ask", 422 if wrong else 200, **facts)
        self._house.cookies.open_entrance(response, bound.token)
        return response
