"""Files that are wanted, and what came of each: on its own channel, in the order in which they fall due, once."""

from dataclasses import replace

from inbox.domain.happenings import Attachment
from inbox.domain.ids import ChannelName
from inbox.store import collecting, messages
from inbox.store.store import Store
from tests.store.rows import MAIL, NOW, conversation, later
from tests.store.test_messages import SAID, add

WANTED = Attachment("a.ogg", "audio/ogg", 0, state="wanted", remote="f1")


def test_a_file_is_wanted_until_it_is_here_or_gone(store: Store) -> None:
    from_two = replace(SAID, attachments=(Attachment("b", "image/png", 1), WANTED, replace(WANTED, remote="f2")))
    message = store.write_now(add, store.write_now(conversation), from_two)
    first, second = store.read_now(collecting.due, MAIL, NOW, 10)
    assert (first.remote, second.remote, first.tries) == ("f1", "f2", 0)
    assert store.read_now(collecting.due, ChannelName("other"), NOW, 10) == []
    store.write_now(collecting.later, first.id, later(hours=1), "why")
    assert [w.id for w in store.read_now(collecting.due, MAIL, NOW, 10)] == [second.id]
    assert [store.write_now(collecting.gone, second.id, "why") for _ in range(2)] == [True, False]
    assert store.read_now(collecting.next_due, MAIL) == later(hours=1)
    assert [store.write_now(collecting.here, first.id, "d" * 64, 7, NOW) for _ in range(2)] == [True, False]
    assert store.read_now(collecting.next_due, MAIL) is None
    files = sorted(store.read_now(messages.attachments, [message]), key=lambda one: one.file.remote)
    assert [(f.file.state, f.file.size, f.blob) for f in files] == [
        ("here", 1, None),
        ("here", 7, "d" * 64),
        ("gone", 0, None),
    ]
