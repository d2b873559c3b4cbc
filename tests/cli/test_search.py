"""`inbox search` and `inbox views`: what is found, what is told of a wrong filter, and the index filled anew."""

from pathlib import Path

from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.store import people, saved_views
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.store.rows import NOW, conversation, said


def filled(site: Path) -> None:
    """A conversation that says something, and an agent with a view."""

    def fill(unit: Unit) -> None:
        said(unit, conversation(unit), "سفارش نمی‌رسد and the invoice is wrong")
        people.put_agent(unit, Agent(AgentId(0), "sara", "Sara"))
        saved_views.keep(unit, people.roster(unit).agents[0].id, "Mine", "is:open assignee:me", None, NOW)

    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(fill)
    store.close()


def test_words_and_filters_find_a_conversation(inbox: Talk) -> None:
    assert inbox("list").code == 0
    filled(inbox.site)
    found = inbox("search", "نمیرسد", "وضعیت:باز", "foo:bar", "--format", "json")
    assert found.code == 0, found.err
    whole = found.json()
    assert [row["reference"] for row in whole["conversations"]] == ["K7Q2"]
    assert "نمی‌رسد" in whole["conversations"][0]["found"]
    assert (whole["count"], whole["whole"], whole["after"]) == (1, True, None)
    assert "foo:bar" in whole["refused"][0]
    told = inbox("search", "invoice", "is:nonsense")
    assert "K7Q2" in told.out
    assert "1 of 1." in told.out
    assert "is:nonsense" in told.out
    assert "Nothing was found." in inbox("search", "bicycle").out
    assert inbox("search", "x", "--after", "nonsense").code == 2


def test_views_are_listed_for_the_agent_who_keeps_them(inbox: Talk) -> None:
    assert "No views are kept" in inbox("views", "list").out
    filled(inbox.site)
    (view,) = inbox("views", "list", "--as", "sara", "--format", "json").json()
    assert (view["name"], view["query"]) == ("Mine", "is:open assignee:me")


def test_the_index_is_made_anew_and_verify_sees_where_it_differs(inbox: Talk) -> None:
    assert inbox("list").code == 0
    filled(inbox.site)
    store = Store("sqlite:///data/inbox.db", inbox.site)
    store.write_now(lambda unit: unit.connection.exec_driver_sql("INSERT INTO search(search) VALUES('delete-all')"))
    store.close()
    wrong = inbox("verify")
    assert "inbox migrate --reindex" in wrong.out
    assert wrong.code == 1
    assert inbox("migrate", "--reindex").code == 0
    assert inbox("search", "invoice", "--format", "json").json()["count"] == 1
    assert inbox("verify", "--format", "json").json()["search"] == {"messages": 1, "indexed": 1}
