"""Articles on both databases: versions, what readers see, who may change it, what is found and in which order, and files there and back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from inbox.domain.acts import By
from inbox.domain.articles import AGENT, STRANGER, About, Article, Audience, Folder, Reader, Standing, Words
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.knowledge.files import read, written
from inbox.pipeline import articles as verbs
from inbox.pipeline import articles_filed as filed
from inbox.pipeline.articles import Editor
from inbox.store import (
    articles,
    articles_counted,
    articles_enclosed,
    articles_found,
    articles_read,
    audit,
    housekeeping,
    persons,
)
from inbox.store import tables as t
from inbox.store.articles import Asked
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import NOW

OWNER = Editor.of(None, By("owner", via="command"))
DIGEST = "ab" * 32


def agent(unit: Unit, handle: str, *, lead: bool = False) -> Editor:
    id = AgentId(unit.insert(t.agent, handle=handle, name=handle, lead=lead))
    return Editor.of(Agent(id, handle, handle, lead=lead), By("agent", id))


def article(
    unit: Unit, title: str, body: str = "", language: str = "en", *, keywords: tuple[str, ...] = (), **about: object
) -> Article:
    """A published one."""
    slug = str(about.pop("slug", ""))
    made = verbs.create(unit, OWNER, About(slug, **about), language, Words(title, body, keywords), NOW)  # type: ignore[arg-type]  # each as it is named
    verbs.publish(unit, OWNER, made.id, language, NOW)
    return articles.one(unit, made.id)


def found(unit: Unit, typed: str, language: str = "en", reader: Reader = STRANGER) -> list[str]:
    return [hit.words.title for hit in articles_found.search(unit, reader, typed, language)]


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        do()
    return caught.value.key


# -- versions ----------------------------------------------------------------------------------------------------------
def test_words_become_versions_and_readers_see_the_one_that_is_published(store: Store) -> None:
    def play(unit: Unit) -> None:
        made = verbs.create(unit, OWNER, About("", "billing"), "en", Words("Refunds", "Two weeks.\r\n"), NOW)
        assert (made.slug, made.text("en").standing) == ("refunds", Standing.DRAFT)  # type: ignore[union-attr]  # it was just written
        assert articles_found.published(unit, [made.id]) == {}
        assert verbs.publish(unit, OWNER, made.id, "en", NOW) == 1
        assert verbs.save(unit, OWNER, made.id, "en", Words("Refunds", "Two weeks."), NOW) is None, "nothing new"
        assert verbs.save(unit, OWNER, made.id, "en", Words("Refunds", "Ten days."), NOW) == 2
        assert articles_found.published(unit, [made.id])[made.id, "en"].body == "Two weeks.\n"
        assert articles.one(unit, made.id).texts[0].standing is Standing.DRAFT
        verbs.ask(unit, OWNER, made.id, "en", NOW)
        assert articles.one(unit, made.id).texts[0].standing is Standing.REVIEW
        verbs.publish(unit, OWNER, made.id, "en", NOW, seen=2)
        assert articles_found.published(unit, [made.id])[made.id, "en"].body == "Ten days.\n"
        assert verbs.roll_back(unit, OWNER, made.id, "en", 1, NOW) == 3
        assert articles_found.published(unit, [made.id])[made.id, "en"].body == "Two weeks.\n"
        told = [(one.number, one.words.body, one.as_number) for one in articles.versions(unit, made.id, "en")]
        assert told == [(3, "Two weeks.\n", 1), (2, "Ten days.\n", None), (1, "Two weeks.\n", None)]
        deeds = [(one.number, one.deed) for one in articles.happened(unit, made.id)]
        assert deeds == [(3, "rolled_back"), (2, "published"), (2, "asked"), (1, "published")]
        verbs.withdraw(unit, OWNER, made.id, "en", NOW)
        assert (found(unit, "refunds"), articles_found.published(unit, [made.id])) == ([], {})

    store.write_now(play)


def test_an_older_version_keeps_the_files_that_it_had(store: Store) -> None:
    def play(unit: Unit) -> None:
        def at(minute: int) -> datetime:
            return NOW + timedelta(minutes=minute)

        made = article(unit, "Refunds", "![words](files/plan.png)")
        verbs.put_file(unit, OWNER, made.id, "plan.png", DIGEST, 5, at(1))
        verbs.put_file(unit, OWNER, made.id, "form.pdf", DIGEST, 5, at(1))
        verbs.save(unit, OWNER, made.id, "en", Words("Refunds", "![better](files/plan.png)"), at(2))
        verbs.put_file(unit, OWNER, made.id, "plan.png", DIGEST[::-1], 6, at(3))
        verbs.remove_file(unit, OWNER, made.id, "form.pdf", at(3))
        verbs.save(unit, OWNER, made.id, "en", Words("Refunds", "Nothing to see."), at(4))
        verbs.publish(unit, OWNER, made.id, "en", at(4))
        verbs.remove_file(unit, OWNER, made.id, "plan.png", at(5))

        def had(number: int) -> list[tuple[str, str]]:
            version = articles.version(unit, made.id, "en", number)
            assert version is not None
            return [(file.name, file.digest) for file in articles_enclosed.as_of(unit, made.id, version)]

        assert had(1) == [("form.pdf", DIGEST), ("plan.png", DIGEST)]
        assert had(2) == [("form.pdf", DIGEST), ("plan.png", DIGEST)], (
            "it was written beside the picture that was there"
        )
        assert had(3) == []
        assert articles_enclosed.ever(unit, made.id, "plan.png", DIGEST[::-1][:20]) is not None
        assert articles_enclosed.ever(unit, made.id, "plan.png", "f" * 20) is None
        verbs.roll_back(unit, OWNER, made.id, "en", 1, at(6))
        assert [(one.name, one.digest) for one in articles_enclosed.files(unit, made.id)] == [("plan.png", DIGEST)]
        assert had(4) == [("plan.png", DIGEST)]
        verbs.remove(unit, OWNER, made.id, at(7))

    store.write_now(play)


def test_whoever_saved_meanwhile_is_not_written_over(store: Store) -> None:
    def play(unit: Unit) -> None:
        made = article(unit, "Refunds")
        verbs.save(unit, OWNER, made.id, "en", Words("Refunds", "Theirs"), NOW, seen=1)
        key = refused(lambda: verbs.save(unit, OWNER, made.id, "en", Words("Refunds", "Mine"), NOW, seen=1))
        assert key == "kb.changed_meanwhile"
        assert refused(lambda: verbs.publish(unit, OWNER, made.id, "en", NOW, seen=1)) == "kb.changed_meanwhile"

    store.write_now(play)


def test_agents_write_and_ask_and_those_who_lead_publish(store: Store) -> None:
    def play(unit: Unit) -> None:
        omid, sara = agent(unit, "omid"), agent(unit, "sara", lead=True)
        made = verbs.create(unit, omid, About("refunds"), "en", Words("Refunds", "Soon"), NOW)
        verbs.ask(unit, omid, made.id, "en", NOW)
        verbs.change(unit, omid, made.id, About("refunds", "billing", Audience.AGENTS), NOW)
        acts: list[Callable[[Editor], object]] = [
            lambda who: verbs.publish(unit, who, made.id, "en", NOW),
            lambda who: verbs.change(unit, who, made.id, About("refunds", "billing"), NOW),
            lambda who: verbs.put_file(unit, who, made.id, "form.pdf", DIGEST, 5, NOW),
            lambda who: verbs.put_file(unit, who, made.id, "form.pdf", DIGEST[::-1], 5, NOW),
            lambda who: verbs.remove_file(unit, who, made.id, "form.pdf", NOW),
            lambda who: verbs.save(unit, who, made.id, "en", Words("Refunds", "Later"), NOW),
            lambda who: verbs.roll_back(unit, who, made.id, "en", 2, NOW),
            lambda who: verbs.withdraw(unit, who, made.id, "en", NOW),
            lambda who: verbs.set_folder(unit, who, "billing", {"en": "Billing"}, 0, NOW),
            lambda who: verbs.remove(unit, who, made.id, NOW),
        ]
        for at, act in enumerate(acts):
            if at not in (2, 5):  # a further file, a further draft
                assert refused(lambda act=act: act(omid)) == "kb.leads_only", at  # type: ignore[misc]  # bound for this turn
            act(sara if at != 5 else omid)
        assert articles.find(unit, "refunds") is None
        kept = [(one.act, one.by) for one in audit.page(unit, 20) if one.name == "refunds"]
        assert kept[0] == ("article_removed", "sara")
        assert ("article_rolled_back", "sara") in kept
        assert ("article_added", "omid") in kept

    store.write_now(play)


def test_an_address_that_was_left_leads_on(store: Store) -> None:
    def play(unit: Unit) -> None:
        one, other = article(unit, "Refunds"), article(unit, "Other")
        verbs.change(unit, OWNER, one.id, replace(one.about, slug="بازگشت-وجه"), NOW)
        assert articles.find(unit, "refunds") == articles.find(unit, "بازگشت-وجه")
        assert articles.slugs(unit, ["refunds", "other", "gone"]) == {"refunds": "بازگشت-وجه", "other": "other"}
        taken = replace(other.about, slug="refunds")
        assert refused(lambda: verbs.change(unit, OWNER, other.id, taken, NOW)) == "kb.slug_taken"
        assert article(unit, "Refunds").slug == "refunds-2"
        back = verbs.change(unit, OWNER, one.id, one.about, NOW)
        assert (back.slug, back.former) == ("refunds", ("بازگشت-وجه",))

    store.write_now(play)


@pytest.mark.parametrize(
    ("about", "words", "key"),
    [
        (About("A b"), Words("T", ""), "kb.bad_slug"),
        (About("a", "../x"), Words("T", ""), "kb.bad_folder"),
        (About("a", "", Audience.ORGANIZATION), Words("T", ""), "kb.no_organization"),
        (About("a"), Words("  ", "x"), "kb.no_title"),
        (About("a"), Words("t" * 201, ""), "kb.title_too_long"),
        (About("a"), Words("T", "x" * 100_001), "kb.too_long"),
    ],
)
def test_what_cannot_be_kept_is_refused(store: Store, about: About, words: Words, key: str) -> None:
    def play(unit: Unit) -> None:
        assert refused(lambda: verbs.create(unit, OWNER, about, "en", words, NOW)) == key

    store.write_now(play)


def test_lists_are_narrowed_and_paged(store: Store) -> None:
    def play(unit: Unit) -> None:
        for at in range(5):
            article(unit, f"Page {at}", folder="a/b" if at % 2 else "a", tags=("x%_",) if at == 1 else ())
        draft = verbs.create(unit, OWNER, About("z", "zz"), "fa", Words("پیش‌نویس", ""), NOW)
        yesterday = replace(draft.about, review_on=date(2026, 1, 1))
        verbs.change(unit, OWNER, draft.id, yesterday, NOW)

        def slugs(**asked: object) -> list[str]:
            return [one.slug for one in articles.listing(unit, Asked(**asked))]  # type: ignore[arg-type]  # each as it is named

        assert slugs() == ["page-0", "page-2", "page-4", "page-1", "page-3", "z"]
        assert slugs(folder="a/b") == ["page-1", "page-3"]
        assert slugs(standing=Standing.DRAFT) == slugs(language="fa") == slugs(overdue=date(2026, 6, 1)) == ["z"]
        assert slugs(lacking="fa") == slugs(standing=Standing.PUBLISHED) == slugs(folder="a")
        assert (slugs(tag="x%_"), slugs(tag="x")) == (["page-1"], [])
        assert [one.slug for one in articles.listing(unit, Asked(), "page-4", 2)] == ["page-1", "page-3"]
        assert articles.count(unit, Asked(folder="a")) == 5
        assert articles.folders_in_use(unit, AGENT) == {"a": 3, "a/b": 2, "zz": 1}
        assert articles.folders_in_use(unit, STRANGER) == {"a": 3, "a/b": 2}

    store.write_now(play)


# -- found -------------------------------------------------------------------------------------------------------------
def test_titles_come_before_keywords_and_those_before_the_text(store: Store) -> None:
    def play(unit: Unit) -> None:
        article(unit, "Opening hours", "We may give a refund. " + "Other words. " * 20)
        article(unit, "Money back", "Ask us. " * 20, keywords=("refund",))
        article(unit, "A refund", "Ask us. " * 20)
        article(unit, "Parcels", "Ask us.")
        assert found(unit, "refund") == ["A refund", "Money back", "Opening hours"]
        assert found(unit, "refu") == ["A refund", "Money back", "Opening hours"], "the last word may be a beginning"
        assert found(unit, "refund hours")[0] == "Opening hours", "all words before some"
        assert found(unit, "refund elephants") == ["A refund", "Money back", "Opening hours"], (
            "some, where none has all"
        )
        assert found(unit, "elephants") == found(unit, ' " * : ( ') == found(unit, "") == []

    store.write_now(play)


def test_persian_is_found_however_it_is_typed(store: Store) -> None:
    def play(unit: Unit) -> None:
        article(unit, "بازگشت وجه چقدر طول می‌کشد؟", "تا ۱۰ روز کاری به کارت شما برمی‌گردد.", "fa")
        for typed in ("ميكشد", "می کشد", "می‌کشد", "بازگشت", "10 روز", "كاري"):
            assert found(unit, typed, "fa"), typed

    store.write_now(play)


def test_the_readers_language_comes_first_and_each_article_once(store: Store) -> None:
    def play(unit: Unit) -> None:
        both = article(unit, "VAT invoice")
        verbs.save(unit, OWNER, both.id, "fa", Words("فاکتور VAT", ""), NOW)
        verbs.publish(unit, OWNER, both.id, "fa", NOW)
        article(unit, "VAT VAT VAT")
        assert found(unit, "vat", "fa") == ["فاکتور VAT", "VAT VAT VAT"]
        assert sorted(found(unit, "vat", "en")) == ["VAT VAT VAT", "VAT invoice"]

    store.write_now(play)


def test_readers_find_what_is_for_them_and_published(store: Store) -> None:
    def play(unit: Unit) -> None:
        article(unit, "Refund for all")
        article(unit, "Refund inside", audience=Audience.AGENTS)
        article(unit, "Refund for Acme", audience=Audience.ORGANIZATION, organization="Acme")
        verbs.create(unit, OWNER, About(""), "en", Words("Refund draft", ""), NOW)
        acme, other = (Reader(organization=persons.organization_of(unit, name)) for name in ("Acme", "Other"))
        assert found(unit, "refund") == found(unit, "refund", reader=other) == ["Refund for all"]
        assert sorted(found(unit, "refund", reader=acme)) == ["Refund for Acme", "Refund for all"]
        assert len(found(unit, "refund", reader=AGENT)) == 3
        assert [one.title for one in articles_read.entries(unit, STRANGER)] == ["Refund for all"]

    store.write_now(play)


# -- counted -----------------------------------------------------------------------------------------------------------
def test_counts_are_kept_by_day_and_searches_without_result_without_names(store: Store) -> None:
    def play(unit: Unit) -> None:
        one, two, inner = article(unit, "One"), article(unit, "Two"), article(unit, "In", audience=Audience.AGENTS)
        today, before = date(2026, 11, 24), date(2026, 10, 1)
        for who, day in ((one, today), (two, today), (two, today), (two, before), (inner, today)):
            articles_counted.counted(unit, [who.id], "opened", day)
        articles_counted.counted(unit, [one.id, two.id], "shown", today)
        counts = articles_counted.counts(unit, [one.id, two.id], today)
        assert counts == {one.id: {"opened": 1, "shown": 1}, two.id: {"opened": 2, "shown": 1}}
        assert articles_counted.popular(unit, STRANGER, today) == [two.id, one.id]
        for typed in ("Gift Cards?", "gift cards", "کارت هديه", "a@b.example", "order 123456", "  "):
            articles_counted.missed(unit, typed, "en", NOW)
        told = [(each.words, each.count) for each in articles_counted.missing(unit, NOW - timedelta(days=1))]
        assert told == [("gift cards", 2), ("کارت هدیه", 1)]
        articles_counted.found_now(unit, "GIFT cards", "en")
        assert len(articles_counted.missing(unit, NOW)) == 1
        housekeeping.tidy(unit, NOW + housekeeping.SOUGHT - timedelta(days=1))
        assert len(articles_counted.missing(unit, NOW)) == 1
        housekeeping.tidy(unit, NOW + housekeeping.SOUGHT + timedelta(days=1))
        assert articles_counted.missing(unit, NOW) == []

    store.write_now(play)


# -- files -------------------------------------------------------------------------------------------------------------
def test_a_site_goes_out_as_files_and_comes_in_as_it_was(store: Store) -> None:
    def fill(unit: Unit) -> None:
        one = article(
            unit, 'A "title" +++', "+++\nx  \n", folder="a/b", tags=("t",), owner="sara", review_on=date(2027, 1, 2)
        )
        verbs.change(unit, OWNER, one.id, replace(one.about, slug="renamed"), NOW)
        verbs.save(unit, OWNER, one.id, "en", Words("Newer", "y"), NOW)
        verbs.ask(unit, OWNER, one.id, "en", NOW)
        verbs.save(unit, OWNER, one.id, "fa", Words("فارسی", "متن"), NOW)
        verbs.put_file(unit, OWNER, one.id, "a b.pdf", DIGEST, 5, NOW)
        article(unit, "For Acme", audience=Audience.ORGANIZATION, organization="Acme")
        verbs.set_folder(unit, OWNER, "a", {"en": "A", "fa": "الف"}, 3, NOW)

    def files(unit: Unit) -> dict[str, bytes]:
        found, folders, _ = filed.out(unit)
        return dict(written(found, folders))

    def empty(unit: Unit) -> None:
        for one in articles.every(unit):
            verbs.remove(unit, OWNER, one.id, NOW)
        for folder in articles_enclosed.folders(unit):
            articles_enclosed.set_folder(unit, Folder(folder.path))

    store.write_now(fill)
    before = store.read_now(files)
    assert {path.rpartition("/")[2] for path in before} == {
        "article.toml",
        "en.md",
        "en.draft.md",
        "fa.draft.md",
        "_folder.toml",
    }
    tree = read(before, ["a/b/renamed/files/a-b.pdf"])
    contents = {("a/b/renamed", "a-b.pdf"): (DIGEST, 5)}
    same = store.write_now(filed.take, OWNER, tree, contents, NOW)
    assert {one.what for one in same} == {"same"}
    store.write_now(empty)
    assert store.read_now(files) == {}
    with pytest.raises(filed.Rehearsed):
        store.write_now(filed.take, OWNER, tree, contents, NOW, rehearse=True)
    assert store.read_now(files) == {}
    assert {one.what for one in store.write_now(filed.take, OWNER, tree, contents, NOW)} == {"new"}
    assert store.read_now(files) == before
    assert store.read_now(filed.out)[2]["a/b/renamed"][0].digest == DIGEST
    assert store.read_now(found, "title") == ['A "title" +++']


def test_files_change_what_differs_and_leave_the_rest(store: Store) -> None:
    head = '+++\ntitle = "{}"\n+++\n'

    def take(**texts: str) -> list[str]:
        entries = {"a/article.toml": b'former = ["was"]', **{f"a/{k}.md": v.encode() for k, v in texts.items()}}
        return [one.what for one in store.write_now(filed.take, OWNER, read(entries), {}, NOW)]

    store.write_now(lambda unit: verbs.create(unit, OWNER, About("was"), "fa", Words("ماند", ""), NOW) and None)
    assert take(en=head.format("One")) == ["changed"]
    assert take(en=head.format("One")) == ["same"]
    assert take(en=head.format("Two")) == ["changed"]
    [one] = store.read_now(articles.every)
    assert (one.slug, one.former, [(t.language, t.latest, t.published) for t in one.texts]) == (
        "a",
        ("was",),
        [("en", 2, 2), ("fa", 1, None)],
    )


def test_a_folder_with_anything_wrong_is_not_taken_at_all(store: Store) -> None:
    store.write_now(lambda unit: article(unit, "Taken", slug="taken") and None)
    good = {"a/article.toml": b"", "a/en.md": b'+++\ntitle = "A"\n+++\n'}
    taken = {"d/article.toml": b'former = ["other"]', "d/en.md": good["a/en.md"]}
    store.write_now(lambda unit: article(unit, "Other", slug="other") and None)
    store.write_now(lambda unit: article(unit, "D", slug="d") and None)
    for more, path in (({"c/article.toml": b"x"}, "c/article.toml"), (taken, "d/article.toml")):
        tree = read({**good, **more})
        with pytest.raises(filed.NotTaken) as caught:
            store.write_now(filed.take, OWNER, tree, {}, NOW)
        assert caught.value.faults[0].path == path
        assert [one.slug for one in store.read_now(articles.every)] == ["d", "other", "taken"]
    with pytest.raises(Problem):
        store.write_now(filed.take, Editor(By("agent", AgentId(1)), leads=False), read(good), {}, NOW)
