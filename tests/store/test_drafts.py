"""What an agent has begun: one text for each conversation, gone when it is empty, and in the other one after a merge."""

import sqlalchemy as sa

from inbox.domain.ids import AgentId
from inbox.store import drafts, merging
from inbox.store import tables as t
from inbox.store.drafts import Draft
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import NOW, conversation, later


def agents(unit: Unit) -> tuple[AgentId, AgentId]:
    """Two of us."""
    first, second = (unit.insert(t.agent, handle=name, name=name) for name in ("reza", "mina"))
    return AgentId(first), AgentId(second)


def test_one_draft_for_each_agent_and_conversation(store: Store) -> None:
    reza, mina = store.write_now(agents)
    matter = store.write_now(conversation)
    first = Draft("سلام", "note", "email:a@x", ("b@x",), "done")
    store.write_now(drafts.put, reza, matter, first, NOW)
    assert store.read_now(drafts.of, mina, matter) is None
    found = store.read_now(drafts.of, reza, matter)
    assert found == Draft("سلام", "note", "email:a@x", ("b@x",), "done", NOW)
    store.write_now(drafts.put, reza, matter, Draft("Hello"), later(seconds=3))
    assert store.read_now(drafts.of, reza, matter) == Draft("Hello", at=later(seconds=3))
    store.write_now(drafts.put, reza, matter, Draft(" \n"), later(seconds=6))
    assert store.read_now(drafts.of, reza, matter) is None


def test_a_draft_goes_with_the_conversation_that_is_merged(store: Store) -> None:
    reza, mina = store.write_now(agents)
    gone, into = store.write_now(conversation), store.write_now(conversation, "M4TR")
    for agent in (reza, mina):
        store.write_now(drafts.put, agent, gone, Draft("of the one"), NOW)
    store.write_now(drafts.put, mina, into, Draft("of the other"), NOW)
    store.write_now(merging.move, gone, into)
    texts = [store.read_now(drafts.of, agent, into) for agent in (reza, mina)]
    assert [one.text for one in texts if one] == ["of the one", "of the other"]
    assert store.read_now(lambda unit: unit.execute(sa.select(sa.func.count()).select_from(t.draft)).scalar_one()) == 2
