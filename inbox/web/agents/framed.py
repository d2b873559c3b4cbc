"""A message as it was sent: its HTML in a frame in which nothing runs and, until somebody asks, nothing is loaded."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from inbox.blobs import Blobs
from inbox.domain.ids import MessageId
from inbox.pipeline.playbook import Playbook
from inbox.store import enclosed
from inbox.store.enclosed import Enclosed, Markup
from inbox.text.references import normalise
from inbox.web.frame import House, frame
from inbox.web.kept import picture, read
from inbox.web.numbers import of_path

if TYPE_CHECKING:
    from nh3 import Cleaner

POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:{more}; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
LONGEST = 1_200_000
"""Characters of HTML that are shown: a little more than an adapter keeps."""
PICTURES = 10
"""Pictures of the mail itself that are shown in it,"""
HEAVIEST = 4 * 1024 * 1024
"""and their bytes together."""
AT_ONCE = 2
"""Frames that are made at the same time."""

# An adapter has cleaned it when it came. It is cleaned once more, by what we know today.
_TAGS = (
    "p div span br hr h1 h2 h3 h4 h5 h6 blockquote pre address center article section header footer main aside figure "
    "figcaption ul ol li dl dt dd table thead tbody tfoot tr td th caption colgroup col a b i u s em strong small big sub "
    "sup code kbd samp tt var cite q del ins strike abbr mark font bdi bdo img wbr time"
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "style", "width", "height", "bgcolor"},
    "a": {"href"},
    "img": {"src", "alt", "data-remote"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "table": {"border", "cellpadding", "cellspacing"},
}
_STYLES = (
    "color background-color font font-family font-size font-style font-weight line-height letter-spacing text-align "
    "text-decoration text-indent vertical-align white-space direction unicode-bidi word-break overflow-wrap margin margin-top "
    "margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left border border-top "
    "border-right border-bottom border-left border-color border-style border-width border-collapse border-spacing "
    "border-radius width max-width min-width height list-style-type table-layout caption-side"
)
_IMAGE = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
_FETCHES = re.compile(r"\\|url\s*\(|image|@|/\*", re.IGNORECASE)
_PAPER = (
    ":root{color-scheme:light}body{margin:0;padding:14px;background:#fff;color:#1d2330;"
    "font:15px/1.6 system-ui,Tahoma,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}"
    "pre{white-space:pre-wrap}table{max-width:100%}"
)


class Framed:
    """The route of the frames."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._free = asyncio.Semaphore(AT_ONCE)

    @cached_property
    def _cleaner(self) -> "Cleaner":
        import nh3  # here, for a start waits for no mail that is shown in full

        return nh3.Cleaner(
            tags=set(_TAGS.split()),
            clean_content_tags={"script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object"},
            attributes=_ATTRIBUTES,
            attribute_filter=_kept,
            filter_style_properties=set(_STYLES.split()),
            url_schemes={"http", "https", "mailto", "tel", "cid"},
            url_relative="deny",
            link_rel="noopener noreferrer nofollow",
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )

    async def html(self, request: Request) -> Response:
        """GET `/c/K7Q2/m/17/html`: for a frame; `?images`: with the pictures that lie at the sender's, or wherever they say."""
        made = await frame(self._house, request)
        if made.visitor is None:
            return made.page("sign_in", 403)
        reference, id = normalise(request.path_params["reference"]), MessageId(of_path(request, "id"))
        book = self._house.playbook() if self._house.playbook else None
        found = await self._house.store.read(enclosed.markup, made.scope, reference, id) if reference else None
        if found is None or len(found.html) > LONGEST:
            return made.missing()
        images = "images" in request.query_params
        async with self._free:
            body = await asyncio.to_thread(self._made, found, book, images)
        policy = POLICY.format(more=" https:" if images else "")
        headers = {"content-security-policy": policy, "x-frame-options": "SAMEORIGIN"}
        return HTMLResponse(f"{_head(made.language)}{body}", headers=headers)

    def _made(self, found: Markup, book: Playbook | None, images: bool) -> str:
        pictures = _pictures(found.pictures, book, self._house.blobs)
        clean = self._cleaner.clean(found.html)
        return _IMAGE.sub(lambda one: _image(one.group(1), pictures, images), clean)


def routes(house: House) -> list[Route]:
    """Its address."""
    return [Route("/c/{reference}/m/{id}/html", Framed(house).html)]


def _head(language: str) -> str:
    return f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title></title><style>{_PAPER}</style><body dir="auto">'


def _kept(_tag: str, name: str, value: str) -> str | None:
    """A style that names an address, or hides how it is written, is none."""
    return None if name == "style" and _FETCHES.search(value) else value


def _pictures(files: Sequence[Enclosed], book: Playbook | None, blobs: Blobs | None) -> dict[str, str]:
    """The pictures that came with it, as addresses that hold them whole: a frame without origin may ask us for nothing."""
    found: dict[str, str] = {}
    room = HEAVIEST
    for one in files[:PICTURES]:
        if book is None or one.stored.file.size > room:
            continue
        content = read(one, book, blobs) or b""
        kind = picture(content)
        if kind is not None and len(content) <= room:
            room -= len(content)
            found[one.stored.file.content_id.lower()] = f"data:{kind};base64,{b64encode(content).decode()}"
    return found


def _image(attributes: str, pictures: dict[str, str], images: bool) -> str:
    """One picture: of the mail itself, or the remote one that was asked for, or its place."""
    found = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    source, remote = found.get("src", ""), found.get("data-remote", "")
    if not source.lower().startswith("cid:"):
        source, remote = "", remote or source
    source = pictures.get(unquote(source[4:]).lower(), "") if source else ""
    if not source and images and remote.lower().startswith("https://"):
        source = remote
    kept = "".join(
        f' {name}="{value}"' for name, value in _ATTRIBUTE.findall(attributes) if name not in ("src", "data-remote")
    )
    return f'<img{kept} src="{_quoted(source)}">' if source else f"<img{kept}>"


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
