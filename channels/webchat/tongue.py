"""Which of the house's languages a visitor is answered in: what was asked for, else what the browser says, else the site's own."""

from collections.abc import Sequence

from starlette.requests import Request

from inbox.ports.face import Front
from inbox.text.wishes import accepted


def chosen(front: Front, request: Request, asked: object = None) -> str:
    """The language of the answer. `asked` is what a body says of it; the address (`?lang=`) is heard otherwise."""
    wishes = [asked if isinstance(asked, str) else "", request.query_params.get("lang", "")]
    return nearest(front.languages, [*wishes, *accepted(request.headers.get("accept-language", ""))])


def nearest(languages: Sequence[str], wishes: Sequence[str]) -> str:
    """The first wish that is one of the languages; the first language where none is."""
    for wish in wishes:
        plain = wish.lower().replace("_", "-").split("-")[0]
        if plain in languages:
            return plain
    return languages[0]
