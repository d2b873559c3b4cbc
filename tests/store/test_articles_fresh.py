"""What makes articles stale, on both databases: what is counted is what is listed, and who may not see a conversation learns nothing of it."""

from dataclasses import replace
from datetime import timedelta

from inbox.domain.acts import By
from inbox.domain.articles import About, Words
from inbox.domain.ids import AgentId, ArticleId, ConversationId, TeamId
from inbox.domain.scope import Scope
from inbox.pipeline import articles as verbs
from inbox.pipeline import articles_fresh
from inbox.pipeline.articles import Editor
from inbox.pipeline.articles_fresh import LISTS
from inbox.store import articles, articles_counted, articles_parts, articles_uncovered
from inbox.store import articles_fresh as rows
from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import NOW

OWNER = Editor.of(None, By("owner", via="command"))
TODAY = NOW.date()
HOUSE = Scope.house()


def write(unit: Unit, slug: str, body: str = "", language: str = "en", *, publish: bool = True) -> ArticleId:
    found = articles.find(unit, slug)
    if found is None:
        id = verbs.create(unit, OWNER, About(slug), language, Words(slug, body), NOW).id
    else:
        id = found.id
        verbs.save(unit, OWNER, id, language, Words(slug, body), NOW)
    if publish:
        verbs.publish(unit, OWNER, id, language, NOW)
    return id


def done(unit: Unit, reference: str, subject: str, *, team: TeamId | None = None, **values: object) -> ConversationId:
    who = unit.insert(t.contact, name="Lena", created_at=NOW)
    if not unit.execute(t.channel.select().where(t.channel.c.name == "support")).first():
        unit.add(t.channel, {"name": "support", "kind": "memory"})
    known = {
        "tags": [],
        "fields": [],
        "pinned": [],
        "state": "done",
        "done_at": NOW,
        "replied_at": NOW,
        "opened_at": NOW,
    }
    row = {
        **known,
        "channel": "support",
        "contact_id": who,
        "reference": reference,
        "subject": subject,
        "team_id": team,
    }
    return ConversationId(unit.insert(t.conversation, **(row | values)))


def test_links_that_lead_nowhere_are_those_of_what_readers_see(store: Store) -> None:
    def play(unit: Unit) -> None:
        one = write(unit, "one", "[x](article:two) [y](article:three) ![z](files/a.png)")
        write(unit, "two", "`[code](article:nowhere)`")
        assert [(dead.kind, dead.target) for dead in rows.dead(unit, 10)] == [("article", "three"), ("file", "a.png")]
        verbs.put_file(unit, OWNER, one, "a.png", "ab" * 32, 5, NOW)
        two = articles.find(unit, "two")
        assert two is not None
        verbs.change(unit, OWNER, two.id, replace(two.about, slug="deux"), NOW)
        assert [dead.target for dead in rows.dead(unit, 10)] == ["three"], "an address that it had leads to it"
        verbs.save(unit, OWNER, one, "en", Words("one", "[w](article:four)"), NOW)
        assert [dead.target for dead in rows.dead(unit, 10)] == ["three"], "a draft may lead nowhere"
        verbs.withdraw(unit, OWNER, one, "en", NOW)
        assert rows.dead(unit, 10) == []
        verbs.roll_back(unit, OWNER, one, "en", 1, NOW)
        verbs.remove(unit, OWNER, two.id, NOW)
        assert [dead.target for dead in rows.dead(unit, 10)] == ["three", "two"]

    store.write_now(play)


def test_drafts_wait_after_two_weeks_and_reviews_at_once(store: Store) -> None:
    def play(unit: Unit) -> None:
        write(unit, "fresh", publish=False)
        asked = write(unit, "asked", publish=False)
        verbs.ask(unit, OWNER, asked, "en", NOW)
        write(unit, "read")
        assert [one.id for one in rows.unread(unit, NOW, 10)] == [asked]
        later = NOW + rows.WAITS + timedelta(seconds=1)
        assert [one.standing.value for one in rows.unread(unit, later, 10)] == ["draft", "review"]
        assert rows.counts(unit, TODAY, TODAY, NOW, later)["drafts"] == 2

    store.write_now(play)


def test_a_language_is_lacking_where_another_can_be_read(store: Store) -> None:
    def play(unit: Unit) -> None:
        one, two = write(unit, "one"), write(unit, "two", language="fa")
        write(unit, "both")
        write(unit, "both", "دو", "fa")
        write(unit, "one", "یک", "fa", publish=False)
        write(unit, "none", publish=False)
        assert rows.lacking(unit, 10) == [(one, "fa"), (two, "en")]
        assert rows.counts(unit, TODAY, TODAY, NOW, NOW)["languages"] == 2

    store.write_now(play)


def test_what_people_read_and_wrote_about_all_the_same(store: Store) -> None:
    def play(unit: Unit) -> None:
        one, two = write(unit, "one"), write(unit, "two")
        for article, times in ((one, 2), (two, 3)):
            articles_counted.counted(unit, [article] * 5, "opened", TODAY)
            articles_counted.counted(unit, [article] * times, "left", TODAY)
        articles_counted.counted(unit, [one] * 9, "left", TODAY - timedelta(days=91))
        found = rows.left(unit, TODAY - timedelta(days=90), 10)
        assert [(each.id, each.left, each.opened) for each in found] == [(two, 3, 5), (one, 2, 5)]
        team = TeamId(unit.insert(t.team, name="care"))
        seen, hidden = done(unit, "B2BB", "seen", team=team), done(unit, "B3BB", "hidden")
        for matter in (seen, hidden):
            articles_parts.played(unit, matter, [one], "read", NOW)
        agent = AgentId(unit.insert(t.agent, handle="omid", name="Omid"))
        assert rows.behind(unit, HOUSE, [one])[one] == [("B3BB", "hidden"), ("B2BB", "seen")]
        assert rows.behind(unit, Scope.of_agent(agent, frozenset({team})), [one]) == {one: [("B2BB", "seen")]}

    store.write_now(play)


def test_no_article_covers_what_was_done_and_answered_and_had_no_part(store: Store) -> None:
    def play(unit: Unit) -> None:
        article = write(unit, "one")
        team = TeamId(unit.insert(t.team, name="care"))
        done(unit, "B2BB", "Invoice for the office", team=team)
        done(unit, "B3BB", "An invoice, please", tags=["billing"], fields=[["department", "sales"]])
        done(unit, "B4BB", "Not answered", replied_at=None)
        done(unit, "B5BB", "Long ago", done_at=NOW - timedelta(days=91))
        done(unit, "B6BB", "Open again", state="open")
        done(unit, "B7BB", "Brought in", history=True)
        for n, part in enumerate(("offered", "read", "linked", "solved")):
            articles_parts.played(unit, done(unit, f"C{n + 2}BB", "Covered"), [article], part, NOW)  # type: ignore[arg-type]  # each a part
        chat = done(unit, "B8BB", "")
        said = {"channel": "support", "sender": ["", ""], "to": [], "cc": [], "reply_to": [], "defects": [], "at": NOW}
        for text in ("Where is the invoice?", "Hello?"):
            unit.insert(t.message, conversation_id=chat, direction="inbound", text=text, **said)
        found = articles_uncovered.uncovered(unit, HOUSE, NOW - timedelta(days=90))
        assert {one.reference: one.asked for one in found} == {
            "B2BB": "Invoice for the office",
            "B3BB": "An invoice, please",
            "B8BB": "Where is the invoice?",
        }
        assert next(one for one in found if one.reference == "B3BB").department == "sales"
        agent = AgentId(unit.insert(t.agent, handle="omid", name="Omid"))
        theirs = articles_uncovered.uncovered(unit, Scope.of_agent(agent, frozenset({team})), NOW - timedelta(days=90))
        assert [one.reference for one in theirs] == ["B2BB"]
        fresh = articles_fresh.gather(unit, HOUSE, TODAY, NOW, 8)
        assert [(group.kind, group.about, group.count) for group in fresh.uncovered] == [("word", "invoice", 3)]

    store.write_now(play)


def test_what_is_counted_is_what_is_listed_and_a_list_can_be_asked_for_alone(store: Store) -> None:
    def play(unit: Unit) -> None:
        write(unit, "one", "[x](article:gone)")
        write(unit, "two", publish=False)
        articles_counted.missed(unit, "gift cards", "en", NOW)
        fresh = articles_fresh.gather(unit, HOUSE, TODAY, NOW + rows.WAITS * 2, 8)
        assert fresh.counts == {
            "overdue": 0,
            "left": 0,
            "missed": 1,
            "drafts": 1,
            "links": 1,
            "languages": 1,
            "uncovered": 0,
        }
        assert set(fresh.counts) == set(LISTS)
        assert [len(each) for each in (fresh.missed, fresh.drafts, fresh.links, fresh.languages)] == [1, 1, 1, 1]
        alone = articles_fresh.gather(unit, HOUSE, TODAY, NOW, 8, "missed")
        assert (len(alone.missed), alone.links, alone.languages) == (1, (), ())

    store.write_now(play)
