"""The tables of docs/templates.md: the facts of each template, and the filters with what they make in both languages."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from inbox.domain.facts import OWN, facts_of
from inbox.render import reference
from inbox.render.reference import Fact
from inbox.site import catalogues
from inbox.text.wording import Wording, load

LANGUAGE = "en"
SHOWN = ("acknowledgement", "outage", "acknowledgement-neutral", "reply", *OWN)
NOTES = {
    "acknowledgement": "The automatic first answer; `acknowledgement-...` as well.",
    "outage": "Any other name: an answer that a rule chooses by that name, the first or a later one.",
    "acknowledgement-neutral": "The same to an address that proved nothing; `NAME-neutral`.",
    "reply": "Round an agent's words; `reply-...` as well.",
}
MARKS = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def with_tables(page: str) -> str:
    """The page with what stands between `<!-- facts -->` or `<!-- filters -->` and `<!-- end -->` as it should be."""
    words = load(catalogues())
    made = {"facts": "\n".join(facts(words)), "filters": "\n".join(filters(words))}
    marked = re.compile(r"(<!-- (facts|filters) -->\n).*?(<!-- end -->)", re.DOTALL)
    return marked.sub(lambda found: f"{found[1]}{made[found[2]]}\n{found[3]}", page)


def facts(words: Wording) -> Iterator[str]:
    """A table a template; those of the house's own notices tell themselves what they are for."""
    for template in SHOWN:
        doc = " ".join((facts_of(template).__doc__ or "").split("\n\n")[0].split())
        yield f"### {template}\n\n{NOTES.get(template, doc)}\n\n| name | type | meaning | example |\n| --- | --- | --- | --- |"
        for one in reference.facts(template, LANGUAGE):
            yield _row(words, one)
        yield ""


def filters(words: Wording) -> Iterator[str]:
    """One row a filter."""
    yield "| filter | written | English | Persian | |\n| --- | --- | --- | --- | --- |"
    for english, persian in zip(reference.made("en"), reference.made("fa"), strict=True):
        said = " | ".join(_cell(one.said) for one in (english, persian))
        yield f"| `{english.name}` | `{_cell(english.written)}` | {said} | {_cell(words.say(LANGUAGE, f'filter.{english.name}'))} |"


def _row(words: Wording, one: Fact) -> str:
    example = reference.shown(one.example, words, LANGUAGE, ZoneInfo("Asia/Tehran"))
    told = (reference.kind(words, LANGUAGE, one), reference.meaning(words, LANGUAGE, one), example)
    return f"| `{one.name}` | {' | '.join(_cell(cell) for cell in told)} |"


def _cell(text: str) -> str:
    """Text that may stand in a table."""
    plain = " ".join(text.translate(MARKS).split()).replace("|", "\\|")
    return f"`{plain}`" if plain.startswith(("<", ">")) else plain
