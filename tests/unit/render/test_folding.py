"""What a page says each time alike is written into it; what depends on facts is not."""

from functools import partial
from gettext import NullTranslations
from pathlib import Path

import pytest

import inbox
from inbox.render import Pages
from inbox.text.wording import Wording, load

WORDING = load(Path(inbox.__file__).parent / "locale")
ICONS = "{% macro icon(name) %}<svg>{{ name }}</svg>{% endmacro %}"


class Quoting(NullTranslations):
    """A catalogue in which every sentence is markup."""

    def gettext(self, message: str) -> str:
        return '"<b>'


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of pages with the house's icons in small."""
    (tmp_path / "icons.html.j2").write_text(ICONS, encoding="utf-8")
    return tmp_path


def rendered(folder: Path, source: str, language: str = "en", **facts: object) -> str:
    """A page of this source, made twice: with words folded in, and with all of them looked up. They are the same."""
    (folder / "page.html.j2").write_text(source, encoding="utf-8")
    shown = {"language": language, "say": partial(WORDING.say, language), **facts}
    made = Pages([folder], WORDING).render("page", **shown)
    assert made == Pages([folder]).render("page", **shown)
    return made


@pytest.mark.parametrize("language", ["en", "fa"])
def test_each_language_has_its_own_words(pages: Path, language: str) -> None:
    assert rendered(pages, '{{ say("state.open") }}', language) == WORDING.say(language, "state.open")


def test_what_is_folded_in_is_escaped(pages: Path) -> None:
    (pages / "page.html.j2").write_text("""<p title="{{ say("state.open") }}">""", encoding="utf-8")
    made = Pages([pages], Wording({"en": Quoting()})).render("page", language="en")
    assert made == """<p title="&#34;&lt;b&gt;">"""


def test_facts_and_names_are_looked_up_as_the_page_is_made(pages: Path) -> None:
    source = '{{ say("state." ~ name) }} {{ say("web.late", span=span) }} {% set x = say("state.done") %}{{ x }}'
    assert rendered(pages, source, name="waiting", span="5 m") == "waiting for the customer late by 5 m done"


def test_icons_stand_where_they_are_named_and_where_a_fact_names_them(pages: Path) -> None:
    source = '{% from "icons.html.j2" import icon %}{{ icon("bell") }}{{ icon(name) }}'
    assert rendered(pages, source, name="<a>") == "<svg>bell</svg><svg>&lt;a&gt;</svg>"


def test_a_key_that_no_catalogue_has_is_an_error(pages: Path) -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        rendered(pages, '{% if false %}{{ say("no.such.key") }}{% endif %}')
