"""What agents prove themselves with, on both databases: each proof is taken once, also by two at the same moment."""

from datetime import timedelta

import pytest

from inbox.domain.acts import Act, By
from inbox.domain.ids import AgentId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.pipeline import staff
from inbox.store import audit, credentials, entry, people
from inbox.store.housekeeping import tidy
from inbox.store.store import Store
from tests.store.race import race
from tests.store.rows import NOW

OWNER = By("owner", via="command")


@pytest.fixture
def sara(store: Store) -> AgentId:
    return store.write_now(staff.put, Agent(AgentId(0), "sara", "Sara", "Sara@acme.example"), OWNER, NOW)


def test_an_account_is_found_by_handle_and_address_whatever_the_case(store: Store, sara: AgentId) -> None:
    for name in ("sara", "SARA ", "sara@ACME.example"):
        account = store.read_now(credentials.named, name)
        assert account is not None
        assert account.agent == sara
        assert (account.password, account.totp, account.totp_step, account.password_at) == ("", "", 0, None)
        assert "sara" in repr(account)
    for name in ("", "  ", "zeno", "%", "sar_"):
        assert store.read_now(credentials.named, name) is None


def test_a_password_and_a_key_live_side_by_side(store: Store, sara: AgentId) -> None:
    store.write_now(credentials.set_totp, sara, "KEY", 5, ["one", "two"])
    store.write_now(credentials.set_password, sara, "hash", NOW)
    account = store.read_now(credentials.of, sara)
    assert account is not None
    assert (account.password, account.totp, account.totp_step, account.password_at) == ("hash", "KEY", 5, NOW)
    assert "hash" not in repr(account)
    assert store.read_now(credentials.without_password) == set()
    store.write_now(credentials.clear_totp, sara)
    account = store.read_now(credentials.of, sara)
    assert account is not None
    assert (account.password, account.totp) == ("hash", "")
    assert store.read_now(credentials.recovery_left, sara) == 0


def test_of_two_who_bring_the_same_proof_at_once_one_gets_in(store: Store, other: Store, sara: AgentId) -> None:
    store.write_now(credentials.set_totp, sara, "KEY", 5, ["one"])
    store.write_now(entry.add_pass, "reset", "link", sara, NOW)
    for work in (
        lambda unit: credentials.take_step(unit, sara, 6),
        lambda unit: credentials.take_recovery(unit, sara, "one", NOW),
        lambda unit: entry.spend(unit, "link", NOW, "reset") is not None,
    ):
        assert sorted(race((store, work), (other, work))) == [False, True]
    assert not store.write_now(credentials.take_step, sara, 6)
    assert store.write_now(credentials.take_step, sara, 7)


def test_a_link_is_good_for_its_purpose_and_its_time(store: Store, sara: AgentId) -> None:
    over = store.write_now(entry.add_pass, "invite", "link", sara, NOW)
    assert over == NOW + timedelta(hours=72)
    assert store.read_now(entry.holder, "link", NOW, "reset", "code") is None
    assert store.read_now(entry.holder, "link", over, "invite") is None
    assert store.read_now(entry.holder, "link", NOW, "invite") == sara
    store.write_now(staff.set_disabled, Agent(sara, "sara", "Sara", "Sara@acme.example"), True, OWNER, NOW)
    assert store.read_now(entry.holder, "link", NOW, "invite") is None
    with pytest.raises(Problem, match=r"people\.disabled"):
        store.write_now(staff.pass_for, Agent(sara, "sara", "Sara", disabled=True), "invite", "other", OWNER, NOW)


def test_sessions_end_by_their_key_for_their_owner_alone(store: Store, sara: AgentId) -> None:
    for digest, whose in (("a" * 64, sara), ("b" * 64, sara), ("c" * 64, None)):
        store.write_now(entry.begin, whose, entry.From(digest, "", "Firefox", "192.0.2.1", "password"), NOW)
    assert [one.key for one in store.read_now(entry.held, sara, NOW)] in (["a" * 16, "b" * 16], ["b" * 16, "a" * 16])
    assert not store.write_now(entry.end_session, sara, "c" * 16)
    assert not store.write_now(entry.end_session, sara, "%")
    assert store.write_now(entry.end_session, sara, "a" * 16)
    assert store.write_now(entry.end_sessions, sara, "b" * 64) == 0
    assert len(store.read_now(entry.held, None, NOW)) == 1
    assert store.write_now(entry.end_sessions, None) == 1


def test_what_is_over_is_tidied_away_by_the_daemon(store: Store, sara: AgentId) -> None:
    store.write_now(entry.begin, sara, entry.From("a" * 64), NOW)
    store.write_now(entry.add_pass, "code", "link", sara, NOW)
    assert store.write_now(tidy, NOW) == 0
    assert store.write_now(tidy, NOW + entry.SESSION_LASTS + timedelta(seconds=1)) == 2


def test_a_change_of_role_ends_sessions_and_a_change_of_name_does_not(store: Store, sara: AgentId) -> None:
    known = store.read_now(people.roster).agent("sara")
    assert known is not None
    store.write_now(entry.begin, sara, entry.From("a" * 64), NOW)
    store.write_now(entry.begin, sara, entry.From("b" * 64), NOW)
    renamed = Agent(sara, "sara", "Sara A", "Sara@acme.example")
    store.write_now(staff.put, renamed, OWNER, NOW)
    assert len(store.read_now(entry.held, sara, NOW)) == 2
    store.write_now(
        staff.put, Agent(sara, "sara", "Sara A", "Sara@acme.example", admin=True), OWNER, NOW, keep="b" * 64
    )
    assert [one.digest for one in store.read_now(entry.held, sara, NOW)] == ["b" * 64]
    visitor = store.read_now(entry.visitor, "b" * 64, NOW)
    assert visitor is not None
    assert (visitor.administers, visitor.ops, visitor.lead) == (True, True, False)


def test_a_page_that_was_open_for_long_gives_no_role_back(store: Store, sara: AgentId) -> None:
    before = Agent(sara, "sara", "Sara", "Sara@acme.example", admin=True)
    store.write_now(staff.put, Agent(sara, "sara", "Sara", "Sara@acme.example", disabled=True), OWNER, NOW)
    store.write_now(staff.rename, before, "Sara A", OWNER, NOW)
    store.write_now(staff.edit, Agent(sara, "sara", "Sara B", "Sara@acme.example"), OWNER, NOW)
    known = store.read_now(people.roster).agent("sara")
    assert known is not None
    assert (known.name, known.role, known.disabled) == ("Sara B", "agent", True)
    store.write_now(staff.set_disabled, before, False, OWNER, NOW)
    known = store.read_now(people.roster).agent("sara")
    assert known is not None
    assert (known.role, known.disabled) == ("agent", False)


def test_the_log_tells_who_and_whom_and_has_pages(store: Store, sara: AgentId) -> None:
    for n in range(5):
        store.write_now(audit.record, Act.REFUSED, By("nobody", address=f"192.0.2.{n}"), NOW, about=sara, name="code")
    newest = store.read_now(audit.page, 3)
    assert [one.address for one in newest] == ["192.0.2.4", "192.0.2.3", "192.0.2.2"]
    rest = store.read_now(audit.page, 10, newest[-1].id)
    assert [(one.act, one.about, one.detail) for one in rest] == [
        ("refused", "sara", ()),
        ("refused", "sara", ()),
        ("agent_added", "sara", ("agent",)),
    ]
    assert len(store.read_now(audit.page, 10, None, sara)) == 6
    assert store.read_now(audit.page, 10, None, AgentId(sara + 1)) == []
