"""All the addresses of the knowledge base's pages for agents; the plain ones stand before those that take an article's address."""

from starlette.routing import Route

from inbox.web.frame import House
from inbox.web.knowledge import doing, editing, freshness, listing, reading


def routes(house: House) -> list[Route]:
    """In the order in which they are looked through."""
    return [
        *listing.routes(house),
        *freshness.routes(house),
        *editing.routes(house),
        *reading.routes(house),
        *doing.routes(house),
    ]
