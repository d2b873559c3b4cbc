"""Your products: what a customer owns, and what their organization does where they may see it; and which of them a new matter is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inbox.domain.assets import TERMS, Asset
from inbox.domain.ids import ContactId
from inbox.store import assets_found, sights
from inbox.store.unit import Unit
from inbox.text import dates
from inbox.web.forms import Form
from inbox.web.frame import House
from inbox.web.numbers import number
from inbox.web.portal.visit import HOME, Visit, visit

PATH = f"{HOME}/assets"
FIELD = "about"
"""The field of a form that says which of them it is about."""


@dataclass(frozen=True, slots=True)
class Product:
    """One of them, as its owner reads it: nothing that we note for ourselves, nobody's name. Of each term how it stands, its last day,
    and what was agreed."""

    id: int
    name: str
    serial: str
    theirs: bool
    """It is theirs and not their organization's."""
    terms: tuple[tuple[str, str, str], ...]


class Products:
    """The route."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def show(self, request: Request) -> Response:
        """GET `/portal/assets`."""
        made = await visit(self._house, request)
        if made.customer is None:
            return made.back(HOME)
        return made.page("assets", products=await products(made))


def routes(house: House) -> list[Route]:
    """Its address."""
    return [Route(PATH, Products(house).show)]


async def products(made: Visit) -> tuple[Product, ...]:
    """Those of the customer who came in; of strangers none."""
    return tuple(_product(made, one) for one in await _owned(made))


async def chosen(made: Visit, form: Form) -> str:
    """The serial of what they chose, if it is theirs; else empty."""
    wanted = number(form.get(FIELD)) or 0
    return next((one.about.serial for one in await _owned(made) if one.id == wanted), "") if wanted else ""


async def _owned(made: Visit) -> Sequence[Asset]:
    if made.customer is None:
        return ()
    return await made.house.store.read(of_customer, made.customer.contact.id)


def of_customer(unit: Unit, who: ContactId) -> list[Asset]:
    """What is theirs, and what is of the organization whose matters they may see."""
    return assets_found.of_customer(unit, who, sights.sees(unit, who))


def _product(made: Visit, asset: Asset) -> Product:
    about, today = asset.about, made.book.day(made.now)
    said = {"warranty": about.warranty_terms, "service": about.service_terms}
    terms = tuple(
        (f"{term}.{asset.cover(term, today)}", dates.day_of(until, made.language), said[term])
        for term in TERMS
        if (until := asset.until(term)) is not None
    )
    mine = made.customer is not None and about.contact == made.customer.contact.id
    return Product(asset.id, f"{about.product} {about.model}".strip(), about.serial, mine, terms)
