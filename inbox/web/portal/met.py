"""Which articles the author of a form met before it was sent: what it showed them, and what their browser had read."""

from inbox.knowledge.addresses import is_slug
from inbox.web.forms import Form
from inbox.web.help.reading import read
from inbox.web.portal.visit import Visit

LONGEST = 2_000
"""Characters of the addresses that a form says it has shown."""


def offered(form: Form) -> list[str]:
    """The addresses of the articles that a form says it has shown; it may say anything."""
    return [one for one in form.get("offered")[:LONGEST].split() if is_slug(one)]


def met(made: Visit, form: Form) -> dict[str, str]:
    """What an arrival says of them."""
    return {"offered": " ".join(offered(form)), "read": " ".join(read(made.request))}
