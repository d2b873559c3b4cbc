"""Pages of the API: opaque cursors, and the addresses of the pages beside one as Link headers (RFC 8288)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import urlencode

from pydantic import BaseModel
from starlette.responses import Response

from inbox.domain.problems import Problem
from inbox.web.api.operation import FARTHEST, Call
from inbox.web.api.problems import Answered

JSON = "application/json"


def packed(way: str, place: object) -> str:
    """A cursor: which way it leads (`n` on, `p` back) and from where."""
    return urlsafe_b64encode(f"{way}{place}".encode()).decode().rstrip("=")


def unpacked(cursor: str) -> tuple[str, str]:
    """What `packed` made of it; two empty texts for none. Raises Answered."""
    if not cursor:
        return "", ""
    try:
        found = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError as error:
        raise bad(cursor) from error
    if found[:1] not in ("n", "p") or packed(found[0], found[1:]) != cursor.rstrip("="):
        raise bad(cursor)
    return found[0], found[1:]


def behind(cursor: str) -> int:
    """The number that a cursor leads on from; 0 for none. Raises Answered."""
    way, place = unpacked(cursor)
    if not way:
        return 0
    number = int(place) if way == "n" and place.isascii() and place.isdigit() and len(place) < 17 else FARTHEST
    if number >= FARTHEST:
        raise bad(cursor)
    return number


def bad(cursor: str) -> Answered:
    """The problem of a cursor that is none of ours."""
    return Answered(422, Problem("api.bad_cursor", cursor=cursor[:60]))


def answered(call: Call, made: BaseModel, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """A model as JSON; where it has `next` or `prev`, with the addresses of those pages."""
    links = [
        f'<{_page(call, cursor)}>; rel="{name}"' for name in ("next", "prev") if (cursor := getattr(made, name, None))
    ]
    more = {"link": ", ".join(links)} if links else {}
    return Response(made.model_dump_json(), status, {**more, **(headers or {})}, JSON)


def _page(call: Call, cursor: str) -> str:
    query = {**dict(call.request.query_params), "cursor": cursor}
    return f"{call.request.url.path}?{urlencode(query)}"
