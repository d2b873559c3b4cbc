"""What attackers of databases type: in a search, a filter, a view and a rule it is words, and nothing is done or found by it."""

import pytest
import sqlalchemy as sa

from inbox.domain.ids import ConversationId
from inbox.store import tables as t
from inbox.store import words
from inbox.store.store import Store
from inbox.store.types import fixed
from inbox.store.unit import Unit
from inbox.text.queries import Word
from tests.store.rows import said
from tests.store.test_finding import asked, matter

TYPED = (
    "' or '1'='1",
    '" or "1"="1',
    "') or ('1'='1",
    "1; drop table message; --",
    "'; update agent set role = 'admin'; --",
    "x' union select token, token, token from session --",
    "%' and 1=0 union all select null, name from sqlite_master --",
    "'; select pg_sleep(10); --",
    "' || (select version()) || '",
    "1 and (select count(*) from conversation) > 0",
    "x') order by 1 desc --",
    "\\'; drop table message; --",
    "%%",
    "%",
    "_",
    "\\",
    "[a-z]",
    "$1",
    ":name",
    "%(name)s",
    "?",
    "{0}",
    "/*",
    "*/ or 1=1 /*",
    "0x27206f7220313d31",
    "\u02bc or 1=1 --",
    "\uff07 or 1=1 --",
    "x\\x00' or 1=1",
    'x" OR "a" : * (NEAR',
    "a:b & !c | <-> (",
    "col : x",
    "secretword*' or 'a",
)
WORDS = ("_", "0x27206f7220313d31")
"""Of these, those that are a word."""
FILTERS = (
    *("", "is:", "tag:", "from:", "to:", "subject:", "assignee:", "team:", "channel:", "file:", "field.plan:"),
    "-",
    "nothere:",
    "before:",
)
SECRET = "secretword"


@pytest.fixture
def talk(store: Store) -> Store:
    """One conversation that none of it is about."""

    def fill(unit: Unit) -> ConversationId:
        one = matter(unit, 1, tags=["plain"], fields=[["plan", "gold"]])
        said(unit, one, f"{SECRET} of somebody")
        return one

    store.write_now(fill)
    return store


def rows(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    count = sa.select(sa.func.count())
    return store.read_now(
        lambda unit: {one.name: unit.execute(count.select_from(one)).scalar_one() for one in t.metadata.sorted_tables}
    )


def test_s30_what_is_typed_is_looked_for_and_never_done(talk: Store) -> None:
    before, found = rows(talk), set()
    for typed in TYPED:
        for filter in FILTERS:
            for query in (f"{filter}{typed}", f'{filter}"{typed}"'):
                if asked(talk, query).rows:
                    found.add((filter, typed))
    assert rows(talk) == before
    unlike = {typed for filter, typed in found if filter == "tag:"} | {
        typed for filter, typed in found if filter == "" and any(letter.isalpha() for letter in typed)
    }
    assert unlike == set(), "none of it is said in the conversation"
    assert asked(talk, SECRET).rows, "and what is there is found by its words"


def test_s30_a_name_of_signs_alone_is_looked_for_too(talk: Store) -> None:
    """Such a customer there may be; who is alike is asked for on their page."""

    def work(unit: Unit) -> list[int]:
        for signs in ("%%", "'", "؟", "\\", "()"):
            assert words.contacts(unit, (Word(signs, exact=True),), 9) == []
            assert words.contacts(unit, (Word("ali"), Word(signs)), 9) == []
            assert words.hits(unit, (Word(signs),), 9).of == {}
        return words.contacts(unit, (Word("ali"),), 9)

    talk.write_now(work)


@pytest.mark.parametrize("typed", [*(typed for typed in TYPED if typed not in WORDS), "a b", "'"])
def test_s30_a_constant_of_ours_is_a_word_or_a_number(typed: str) -> None:
    """It stands in the statement itself, so that nothing else may."""
    with pytest.raises(ValueError, match="no word of ours"):
        fixed(typed)
    assert str(fixed("desk.stranger")) == "'desk.stranger'"
    assert str(fixed(7)) == "7"
