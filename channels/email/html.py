"""HTML from strangers made harmless: an allow-list, no remote image loaded, inline images tied to their parts."""

import re
from collections.abc import Collection
from urllib.parse import unquote

import nh3

BYTES_CAP = 1_000_000
DEPTH_CAP = 200
_BUDGET = 400_000  # open elements times tags: what the parser may have to open again at every paragraph
_FEW = 100
_AMPERSANDS = 100_000

_BLOCKS = (
    "p div span br hr h1 h2 h3 h4 h5 h6 blockquote pre address center article section header footer main aside figure "
    "figcaption details summary ul ol li dl dt dd table thead tbody tfoot tr td th caption colgroup col"
)
_INLINE = "a b i u s em strong small big sub sup code kbd samp tt var cite q del ins strike abbr mark font bdi bdo img wbr time"
_STYLES = (
    "color background-color font font-family font-size font-style font-weight font-variant line-height letter-spacing "
    "text-align text-decoration text-indent text-transform vertical-align white-space direction unicode-bidi word-break "
    "overflow-wrap margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right "
    "padding-bottom padding-left border border-top border-right border-bottom border-left border-color border-style "
    "border-width border-collapse border-spacing border-radius width max-width min-width height list-style-type "
    "table-layout caption-side"
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "style", "width", "height", "bgcolor"},
    "a": {"href"},
    "img": {"src", "alt"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap"},
    "table": {"border", "cellpadding", "cellspacing"},
    "time": {"datetime"},
}
# By these a mail program marks what it quotes; they are kept so that the quote can be told from the answer.
QUOTE_CLASSES = frozenset(
    {"gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote", "moz-cite-prefix"}
)
SIGNATURE_CLASSES = frozenset(
    {
        "gmail_signature",
        "moz-signature",
        "protonmail_signature_block",
        "protonmail_signature_block-user",
        "k9mail-signature",
        "signature",
    }
)
SIGNATURE_IDS = frozenset(
    {"ms-outlook-mobile-signature", "Signature", "signature", "composer_signature", "_rc_sig", "AppleMailSignature"}
)
SIGNATURE_NAMES = frozenset({"messageSignatureSection"})
REPLY_IDS = frozenset({"divRplyFwdMsg", "mail-editor-reference-message-container", "OLK_SRC_BODY_SECTION"})
REPLY_CLASSES = frozenset({"ms-outlook-mobile-reference-message"})
QUOTE_MARKS = (
    'type="cite"',
    *(f'class="{name}' for name in sorted(QUOTE_CLASSES | REPLY_CLASSES)),
    *(f'id="{name}"' for name in sorted(REPLY_IDS)),
    "border-top:",
)
"""What sanitised HTML has somewhere if it may quote."""
_STRUCTURE = {
    "div": {
        "id": set(REPLY_IDS | SIGNATURE_IDS | {"appendonsend"}),
        "name": {"quote", "messageReplySection"} | SIGNATURE_NAMES,
    },
    "blockquote": {"type": {"cite"}, "id": {"isReplyContent", "blockquote_zmail"}},
}
# Yahoo spells its own classes with a prefix that is another one in each mail.
_YAHOO = re.compile(r"\bydp[0-9a-f]{4,16}(?=yahoo_quoted\b)")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_DEEP = "p li td th tr dt dd option br hr img wbr col input meta link base area embed source track"
_NOT_NESTING = frozenset(_NEVER_DEEP.split())
_IMAGE = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)\s*/?>")
_SOURCE = re.compile(r" src=\"([^\"]*)\"")


class Sanitizer:
    """The allow-list, built once; holds no state of any mail."""

    def __init__(self) -> None:
        classes = set(QUOTE_CLASSES | SIGNATURE_CLASSES | REPLY_CLASSES)
        self._cleaner = nh3.Cleaner(
            tags=set(f"{_BLOCKS} {_INLINE}".split()),
            clean_content_tags={"script", "style", "title", "svg", "math", "template", "noscript", "iframe", "object"},
            attributes=_ATTRIBUTES,
            tag_attribute_values=_STRUCTURE,
            allowed_classes={"div": classes, "blockquote": classes, "span": classes, "pre": classes},
            filter_style_properties=set(_STYLES.split()),
            url_schemes={"http", "https", "mailto", "tel", "cid"},
            url_relative="deny",
            link_rel="noopener noreferrer nofollow",
        )

    def clean(self, html: str, content_ids: Collection[str] = ()) -> str | None:
        """Sanitised HTML, or None where it is too large or too deep to be worth it (its text is then all there is).

        An image of a part keeps `src="cid:<id>"` with the id as the part spells it; the address of a remote image is moved
        from `src` to `data-remote`, so that nothing is loaded before somebody asks for it.
        """
        if len(html) > BYTES_CAP or not _affordable(html):
            return None
        clean = self._cleaner.clean(_YAHOO.sub("", html) if "yahoo_quoted" in html else html)
        return _IMAGE.sub(lambda image: _blocked(image, content_ids), clean) if "<img" in clean else clean


def _affordable(html: str) -> bool:
    """Whether nesting stays in bounds: the parser takes quadratic time over unclosed elements and over bare "&"."""
    if html.count("&") > _AMPERSANDS:
        return False
    if html.count("<") <= _FEW:
        return True
    depth = deepest = tags = 0
    for closing, name in _TAG.findall(html):
        tags += 1
        if name.lower() not in _NOT_NESTING:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest <= DEPTH_CAP and deepest * tags <= _BUDGET


def _blocked(image: "re.Match[str]", content_ids: Collection[str]) -> str:
    attributes = image.group(1)
    found = _SOURCE.search(attributes)
    if found is None:
        return f"<img{attributes}>"
    source, rest = found.group(1), attributes[: found.start()] + attributes[found.end() :]
    if not source.lower().startswith("cid:"):
        return f'<img{rest} data-remote="{source}">'
    wanted = unquote(source[4:])
    part = next((one for one in content_ids if one.lower() == wanted.lower()), "")
    return f'<img{rest} src="cid:{_attribute(part)}">' if part else f"<img{rest}>"


def _attribute(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
