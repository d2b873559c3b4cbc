"""Where we are in each folder, as a cursor that survives restarts, and what a mail is to the house."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.imap_bookmarks import Bookmark, Standing, first, read, written
from channels.email.imap_sizes import BATCH_BYTES, BIG, MOST, Listed, batches, sequence_set, windows
from inbox.domain.problems import Permanent
from inbox.ports.channel import Cursor

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_cursor_is_readable_json_and_comes_back_as_it_was() -> None:
    marks = {"INBOX": Bookmark(5, 40), "پشتیبانی": Bookmark(7, 0, until=12, backlog="answer")}
    cursor = written(marks)
    assert '"INBOX": {"uidvalidity": 5, "last_uid": 40}' in cursor
    assert "پشتیبانی" in cursor
    assert read(cursor) == marks
    assert read(None) == {}


@pytest.mark.parametrize(
    "text", ["nonsense", "[]", '{"INBOX": 4}', '{"INBOX": {"uid": 4}}', '{"INBOX": {"last_uid": 4}}']
)
def test_a_cursor_that_is_none_of_ours_is_refused_instead_of_starting_anew(text: str) -> None:
    with pytest.raises(Permanent, match=r"imap\.cursor"):
        read(Cursor(text))


def test_by_default_old_mail_is_left_alone() -> None:
    mark = first(5, 100, "new", NOW)
    assert mark.last_uid == 100
    assert mark.standing(101, NOW) is Standing.NEW


@pytest.mark.parametrize(("first_sync", "standing"), [("import", Standing.HISTORY), ("answer", Standing.FIRST_SYNC)])
def test_wanted_old_mail_is_marked_up_to_the_end_of_that_day(first_sync: str, standing: Standing) -> None:
    mark = first(5, 100, first_sync, NOW)
    assert mark.last_uid == 0
    assert mark.standing(100, NOW) is standing
    assert mark.at(60).standing(100, None) is standing
    assert mark.standing(101, NOW) is Standing.NEW


def test_after_new_uids_the_brake_is_on_and_mail_that_nobody_wanted_is_history() -> None:
    mark = first(5, 100, "new", NOW).at(120).renumbered(6, 121)
    assert (mark.uidvalidity, mark.last_uid) == (6, 0)
    assert mark.standing(3, NOW - timedelta(days=30)) is Standing.HISTORY
    assert mark.standing(110, NOW + timedelta(hours=1)) is Standing.FIRST_SYNC
    assert mark.standing(110, NOW - timedelta(hours=1)) is Standing.FIRST_SYNC  # the server's clock may be behind
    assert mark.standing(110, None) is Standing.FIRST_SYNC
    assert mark.standing(122, NOW - timedelta(days=30)) is Standing.NEW


def test_after_new_uids_of_a_mailbox_that_was_imported_whole_every_mail_is_under_the_brake() -> None:
    mark = first(5, 100, "import", NOW).at(100).renumbered(6, 100)
    assert mark.standing(1, datetime(1970, 1, 1, tzinfo=UTC)) is Standing.FIRST_SYNC


sizes = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 2 * BIG)), st.sampled_from(Standing)), max_size=50)


@given(sizes)
def test_batches_keep_the_order_fit_in_memory_and_never_mix(chosen: list[tuple[int | None, Standing]]) -> None:
    mails = [Listed(uid, size, standing) for uid, (size, standing) in enumerate(chosen, 1)]
    cut = list(batches(mails))
    assert [mail for batch in cut for mail in batch] == mails
    for batch in cut:
        assert len({mail.standing for mail in batch}) == 1
        assert len(batch) == 1 or not any(mail.big for mail in batch)
        assert len(batch) == 1 or sum(mail.size or 0 for mail in batch) <= BATCH_BYTES


def test_small_mails_fill_batches_of_four_hundred() -> None:
    cut = list(batches(Listed(uid, 100, Standing.NEW) for uid in range(1, 1001)))
    assert [len(batch) for batch in cut] == [MOST, MOST, 200]
    assert [len(window) for window in windows(range(1, 1001))] == [MOST, MOST, 200]


def test_larger_mails_fill_batches_of_four_megabytes() -> None:
    cut = list(batches(Listed(uid, BIG, Standing.NEW) for uid in range(1, 11)))
    assert [len(batch) for batch in cut] == [4, 4, 2]


@given(st.sets(st.integers(1, 60)))
def test_a_sequence_set_names_exactly_the_uids(chosen: set[int]) -> None:
    named: list[int] = []
    for run in filter(None, sequence_set(sorted(chosen)).split(",")):
        ends = [int(end) for end in run.split(":")]
        named += range(ends[0], ends[-1] + 1)
    assert named == sorted(chosen)
