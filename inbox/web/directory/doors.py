"""The addresses of all these pages."""

from starlette.routing import Route

from inbox.web.directory import contacts, forgetting, organizations
from inbox.web.frame import House


def routes(house: House) -> list[Route]:
    """In the order in which they are looked at."""
    return [*forgetting.routes(house), *contacts.routes(house), *organizations.routes(house)]
