"""Articles before a visitor's first words are sent: those that may be the answer, each with why; and what a message says of them."""

from collections.abc import Mapping

from channels.webchat.reading import Form
from inbox.ports.face import Front, Suggested

LOOKED_AT = 2_000
"""Characters of what is being written that are looked at."""
LONGEST_MET = 2_000
"""Characters of the slugs that a browser says it has met,"""
MOST_MET = 50
"""and how many of them are taken."""
MOST_WORDS = 4
"""Words of a reason."""
LONGEST_SLUG = 200


def shown(front: Front, one: Suggested, language: str) -> dict[str, object]:
    """One of them as plain values for JSON and pages; `alike` is a sentence, empty where it was the answer for nobody yet."""
    return {
        "slug": one.slug,
        "title": one.title,
        "language": one.language,
        "address": one.address,
        "words": list(one.words[:MOST_WORDS]),
        "alike": front.plural(language, "webchat.alike", one.solved) if one.solved else "",
    }


def named(form: Form, name: str) -> list[str]:
    """The slugs that a field of a form names, apart by blanks; it may say anything. Raises Refused where it is too long."""
    return form.text(name, LONGEST_MET).split()[:MOST_MET]


def met(form: Form) -> Mapping[str, str]:
    """What a message says of articles: which its author was offered as they wrote, and which of them they had read."""
    told = {name: " ".join(named(form, name)) for name in ("offered", "read")}
    return {name: slugs for name, slugs in told.items() if slugs}
