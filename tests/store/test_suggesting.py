"""Which articles are suggested on both databases: by their words, by what they answered before, and never one that is not for the reader."""

from collections.abc import Sequence

import pytest

from inbox.domain.articles import AGENT, STRANGER, Article, Audience, Reader
from inbox.domain.conversations import State
from inbox.domain.ids import ArticleId, ConversationId
from inbox.pipeline import articles as verbs
from inbox.pipeline.suggest import Suggestion, suggest
from inbox.store import articles, articles_parts, conversations, merging, persons
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.telling import telling
from tests.store.rows import NOW, conversation
from tests.store.test_articles import OWNER, article

QUESTION = "Hello, when do I get my money back? I sent the broken grinder back on Monday."


def matter(unit: Unit, asked: str, *ids: ArticleId, state: State = State.DONE) -> ConversationId:
    """A conversation in which that was asked, and to which these articles were the answer."""
    id = conversation(unit, f"K7Q{len(conversations.ids(unit, ConversationId(0), 100))}")
    unit.execute(t.conversation.update().where(t.conversation.c.id == id).values(state=state.value))
    articles_parts.asked(unit, id, telling(asked, 24))
    articles_parts.played(unit, id, ids, "linked", NOW)
    return id


def shelf(unit: Unit) -> list[Article]:
    """Some articles, of which the first is about refunds."""
    return [
        article(
            unit, "How long do refunds take?", "The money goes back to the card.", keywords=("money back", "return")
        ),
        article(unit, "Warranty of grinders", "A broken grinder is repaired.", keywords=("repair",)),
        article(unit, "Where is my order?", "Every parcel has a tracking number.", keywords=("tracking",)),
        article(
            unit, "بازگشت وجه چند روز طول می‌کشد؟", "پول به همان کارت برمی‌گردد.", "fa", keywords=("مرجوعی",), slug="vajh"
        ),
    ]


def slugs(found: Sequence[Suggestion]) -> list[str]:
    return [one.entry.slug for one in found]


def test_the_article_that_says_the_most_of_it_comes_first_with_its_reason(store: Store) -> None:
    def play(unit: Unit) -> None:
        refunds, warranty, *_ = shelf(unit)
        first, second, *_ = suggest(unit, STRANGER, QUESTION, "en")
        assert slugs([first, second]) == [refunds.slug, warranty.slug]
        assert {"money", "back"} <= set(first.words)
        assert set(second.words) == {"broken", "grinder"}
        assert 1 > first.confidence > second.confidence > 0

    store.write_now(play)


def test_a_persian_question_finds_through_the_fold(store: Store) -> None:
    def play(unit: Unit) -> None:
        shelf(unit)
        assert slugs(suggest(unit, STRANGER, "سلام، بازگشت وجهم کي است؟", "fa"))[0] == "vajh"

    store.write_now(play)


@pytest.mark.parametrize("asked", ["", "Hello, thank you very much!", "سلام", "xqxq ظظظ", "\0"])
def test_what_says_nothing_is_answered_with_nothing(store: Store, asked: str) -> None:
    def play(unit: Unit) -> None:
        shelf(unit)
        assert suggest(unit, STRANGER, asked, "en") == []

    store.write_now(play)


def test_without_articles_there_is_nothing_to_suggest(store: Store) -> None:
    assert store.read_now(suggest, STRANGER, QUESTION, "en") == []


def test_what_is_less_sure_than_asked_for_is_left_out(store: Store) -> None:
    def play(unit: Unit) -> None:
        shelf(unit)
        every = suggest(unit, STRANGER, QUESTION, "en")
        assert len(every) > 1
        assert suggest(unit, STRANGER, QUESTION, "en", above=every[0].confidence) == every[:1]
        assert suggest(unit, STRANGER, QUESTION, "en", most=1) == every[:1]

    store.write_now(play)


def test_only_what_the_reader_may_know_of(store: Store) -> None:
    def play(unit: Unit) -> None:
        acme, other = persons.organization_of(unit, "Acme"), persons.organization_of(unit, "Other")
        article(unit, "Refunds without asking", "money back", audience=Audience.AGENTS, slug="inside")
        article(unit, "Refunds of Acme", "money back", audience=Audience.ORGANIZATION, organization="Acme", slug="acme")
        draft = article(unit, "Refunds soon", "money back", slug="draft")
        verbs.withdraw(unit, OWNER, draft.id, "en", NOW)
        asked = "refunds money back"
        assert slugs(suggest(unit, STRANGER, asked, "en")) == []
        assert slugs(suggest(unit, Reader(organization=other), asked, "en")) == []
        assert slugs(suggest(unit, Reader(organization=acme), asked, "en")) == ["acme"]
        assert set(slugs(suggest(unit, AGENT, asked, "en"))) == {"inside", "acme"}
        matter(unit, asked, *(one.id for one in articles.every(unit)))
        assert slugs(suggest(unit, STRANGER, asked, "en")) == []

    store.write_now(play)


def test_what_answered_the_same_before_is_surer_and_is_found_without_a_word_in_common(store: Store) -> None:
    def play(unit: Unit) -> None:
        refunds, warranty, *_ = shelf(unit)
        asked = "my blender rattles loudly"
        assert suggest(unit, STRANGER, asked, "en") == []
        matter(unit, "The blender rattles so loudly!", warranty.id)
        [once] = suggest(unit, STRANGER, asked, "en")
        assert (once.entry.slug, once.solved) == (warranty.slug, 1)
        matter(unit, "blender rattles loudly again", warranty.id)
        [twice] = suggest(unit, STRANGER, asked, "en")
        assert twice.solved == 2
        assert twice.confidence > once.confidence
        before = suggest(unit, STRANGER, QUESTION, "en")
        assert all(one.solved == 0 for one in before), "something else was asked there"
        assert refunds.slug in slugs(before)

    store.write_now(play)


def test_only_an_answer_of_a_done_conversation_speaks_for_an_article(store: Store) -> None:
    def play(unit: Unit) -> None:
        _, warranty, *_ = shelf(unit)
        asked = "my blender rattles loudly"
        matter(unit, asked, warranty.id, state=State.OPEN)
        offered = matter(unit, asked)
        articles_parts.played(unit, offered, [warranty.id], "offered", NOW)
        articles_parts.played(unit, offered, [warranty.id], "read", NOW)
        assert suggest(unit, STRANGER, asked, "en") == []

    store.write_now(play)


def test_parts_are_kept_once_and_go_where_the_conversation_goes(store: Store) -> None:
    def play(unit: Unit) -> None:
        refunds, warranty, *_ = shelf(unit)
        gone, into = matter(unit, "blender rattles", warranty.id), matter(unit, "blender loud", warranty.id)
        articles_parts.played(unit, gone, [warranty.id, refunds.id], "linked", NOW)
        articles_parts.played(unit, gone, [refunds.id], "solved", NOW)
        merging.move(unit, gone, into)
        assert articles_parts.parts(unit, gone) == {}
        assert articles_parts.parts(unit, into) == {warranty.id: ("linked",), refunds.id: ("linked", "solved")}
        assert articles_parts.answered(unit, ["rattles", "loud"]) == {warranty.id: 1, refunds.id: 1}

    store.write_now(play)


def test_an_article_that_goes_takes_its_parts_along(store: Store) -> None:
    def play(unit: Unit) -> None:
        _, warranty, *_ = shelf(unit)
        one = matter(unit, "blender rattles", warranty.id)
        articles.remove(unit, warranty.id)
        assert articles_parts.parts(unit, one) == {}

    store.write_now(play)


def test_what_is_hidden_makes_nothing_surer_or_less_sure(store: Store) -> None:
    """Whoever tries words would learn which of them stand in articles for us or for others."""

    def play(unit: Unit) -> None:
        shelf(unit)
        asked = f"{QUESTION} kestrel zanzibar"
        acme = Reader(organization=persons.organization_of(unit, "Acme"))
        before = [suggest(unit, who, asked, "en") for who in (STRANGER, acme, AGENT)]
        article(unit, "Kestrel", "Zanzibar refunds.", audience=Audience.AGENTS, slug="kestrel")
        article(
            unit, "Zanzibar", "Kestrel money.", audience=Audience.ORGANIZATION, organization="Acme", slug="zanzibar"
        )
        after = [suggest(unit, who, asked, "en") for who in (STRANGER, acme, AGENT)]
        assert after[0] == before[0]
        assert "zanzibar" in slugs(after[1])
        assert "kestrel" not in slugs(after[1])
        assert {"kestrel", "zanzibar"} <= set(slugs(after[2]))

    store.write_now(play)
