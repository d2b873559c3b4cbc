"""Writing on the portal: an answer, a new matter; and saying that a matter is done, or is not."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.conversations import State
from inbox.domain.ids import ConversationId
from inbox.pipeline import customers, entrance
from inbox.pipeline.suggest import Suggestion
from inbox.store import conversations, shown, sights
from inbox.store.unit import Unit
from inbox.store.visiting import Customer
from inbox.text.references import normalise
from inbox.web import session
from inbox.web.accounts.paces import Paces
from inbox.web.forms import Form, sent_by
from inbox.web.frame import House
from inbox.web.portal import assets
from inbox.web.portal.form import NONE, asked, begun
from inbox.web.portal.met import offered
from inbox.web.portal.saying import FILES, MOST, Author, Unsaid, most, say
from inbox.web.portal.suggesting import once, panel
from inbox.web.portal.visit import HOME, Visit, visit

Again = Callable[[Visit, str, str, str], Awaitable[Response]]
"""Shows a conversation once more, with what was wrong and what was written."""


class Writing:
    """The routes that change something."""

    def __init__(self, house: House, paces: Paces) -> None:
        self._house = house
        self._paces = paces

    async def answer(self, request: Request, again: Again) -> Response:
        """POST `/portal/c/K7Q2`: more is said in a conversation of theirs, or of their organization; `again` shows it with what is wrong."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, most(made), files=True)
        try:
            reference = normalise(request.path_params["reference"])
            if made.customer is None or reference is None:
                return made.missing()
            thread = await self._house.store.write(_thread, made, made.customer, reference)
            if thread is None:
                return made.missing()
            await self._said(made, made.customer, form, thread)
        except Unsaid as unsaid:
            return await again(made, request.path_params["reference"], unsaid.words, form.get("text"))
        finally:
            await form.close()
        return await self._onward(made, thread)

    async def form(self, request: Request) -> Response:
        """GET `/portal/new`."""
        made = await visit(self._house, request)
        return await self._form(made, begun(made)) if made.customer else made.back(HOME)

    async def begin(self, request: Request) -> Response:
        """POST `/portal/new`: a new matter."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, most(made), files=True)
        try:
            if made.customer is None:
                return made.back(HOME)
            if found := await once(made, form):
                return await self._form(made, form, found=found)
            thread = _fresh(made.customer, form)
            await self._house.store.write(_settled, made, made.customer)
            await self._said(made, made.customer, form, thread, asks=True)
        except Unsaid as unsaid:
            return await self._form(made, form, unsaid.words, unsaid.fields)
        finally:
            await form.close()
        return await self._onward(made, thread)

    async def done(self, request: Request) -> Response:
        """POST `/portal/c/K7Q2/done`: it is over, they say."""
        return await self._move(request, State.DONE)

    async def open(self, request: Request) -> Response:
        """POST `/portal/c/K7Q2/open`: it is not."""
        return await self._move(request, State.OPEN)

    async def _move(self, request: Request, to: State) -> Response:
        made = await visit(self._house, request)
        await sent_by(self._house, request, made.token, session.FORM_CAP)
        matter = await self._theirs(made)
        if matter is None or made.customer is None:
            return made.missing()
        moved = (made.customer.contact, matter, to, made.portal, made.book, made.now)
        changed = await self._house.store.write(customers.move, *moved)
        reference = normalise(request.path_params["reference"])
        words = made.say(f"portal.moved.{to.value}") if changed else ""
        return made.back(f"{HOME}/c/{reference}", words)

    async def erase(self, request: Request) -> Response:
        """POST `/portal/you/erase`: they ask that all that is kept of them goes. A person decides, so it is a matter like any other."""
        made = await visit(self._house, request)
        form = await sent_by(self._house, request, made.token, session.FORM_CAP)
        if made.customer is None:
            return made.back(HOME)
        thread = _fresh(made.customer, form)
        words = {"subject": made.say("portal.erase.subject"), "text": made.say("portal.erase.words")}
        asked = {**words, "once": form.get("once")}
        await self._house.store.write(_settled, made, made.customer)
        try:
            await self._said(made, made.customer, Form({name: (value,) for name, value in asked.items()}, {}), thread)
        except Unsaid as unsaid:
            return made.back(f"{HOME}/you", unsaid.words, wrong=True)
        return await self._onward(made, thread)

    async def _theirs(self, made: Visit) -> ConversationId | None:
        reference = normalise(made.request.path_params["reference"])
        return await self._house.store.read(shown.find, made.scope, reference) if reference else None

    async def _said(self, made: Visit, customer: Customer, form: Form, thread: str, *, asks: bool = False) -> None:
        there = entrance.named(customer.identity)
        who = Author(there.address, customer.contact.name or there.name, proved=True)
        await say(made, who, form, thread, self._paces, asks=asks)

    async def _onward(self, made: Visit, thread: str) -> Response:
        """To the conversation in which it now stands; to the list where it is not there yet."""
        reference = await self._house.store.read(_reference, made, thread)
        if reference is None:
            return made.back(HOME, made.say("portal.on_its_way"))
        return made.back(f"{HOME}/c/{reference}#end", made.say("portal.said"))

    async def _form(
        self,
        made: Visit,
        form: Form,
        wrong: str = "",
        fields: Mapping[str, str] = NONE,
        found: Sequence[Suggestion] = (),
    ) -> Response:
        facts = {"wrong": wrong, "once": session.fresh(), **asked(made, form, fields), **panel(found, offered(form))}
        about = form.get(assets.FIELD) or made.request.query_params.get(assets.FIELD, "")
        facts |= {"products": await assets.products(made), "about": about}
        limits = {"most": FILES, "megabytes": MOST // 1_000_000}
        return made.page("new", 422 if wrong else 200, **facts, **limits)


def _fresh(customer: Customer, form: Form) -> str:
    """The container of a new matter: sent once more, the same form leads to the same."""
    return f"new {customer.identity.id} {form.get('once')[:60]}"


def _settled(unit: Unit, made: Visit, customer: Customer) -> None:
    entrance.settle(unit, customer, made.portal, made.book, made.now)


def _thread(unit: Unit, made: Visit, customer: Customer, reference: str) -> str | None:
    """The portal's own container in a conversation, wherever that began; None where they may not speak there."""
    matter = shown.find(unit, made.sight, reference)
    if matter is None:
        return None
    _settled(unit, made, customer)
    if conversations.present(unit, matter).contact != customer.contact.id:
        sights.speak(unit, customer.contact.id, matter, made.now)
    key = f"in {reference}"
    conversations.put_thread(unit, made.portal.name, key, matter)
    return key


def _reference(unit: Unit, made: Visit, thread: str) -> str | None:
    matter = conversations.of_thread(unit, made.portal.name, thread)
    return None if matter is None else conversations.present(unit, matter).reference
