"""Whatever becomes of a file of rules, hours or policies: it is taken over as a whole, or nothing that is decided changes,
now and after a restart."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.daemon.house import House
from inbox.daemon.playbooks import standing
from inbox.domain.people import Roster
from inbox.pipeline.playbook import Playbook
from inbox.rulebook.match import evaluate
from inbox.settings import load
from inbox.site import Site
from inbox.store import live
from inbox.testing import FakeClock
from tests.path.conftest import CONFIG, SHIPPED
from tests.store.databases import Copy
from tests.unit.rulebook.site import facts

FILES = ("10-machines.toml", "20-urgent.toml", "90-default.toml", "hours.toml", "policies.toml")
SPLINTERS = [
    *(
        b"[[rule]]\n",
        b"[[rule",
        b'name = "default"\n',
        b"then = 1\n",
        b'then.tag = "x"\n',
        b"when.text.mentions = []\n",
    ),
    *(
        b"format = 2\n",
        b'"',
        b"'''",
        b"=",
        b"#",
        b"\n",
        b"\x00",
        b"\xff",
        b"\xd9",
        b"\r",
        b"[" * 3000,
        b"a.b.c.d = 1\n",
    ),
    *(
        b"saturday = [1]\n",
        b'first_reply = "1d"\n',
        b"1979-13-45",
        b"9" * 400,
        b"inf",
        b"{ a = ",
        b'hours = "nobody"\n',
    ),
    *(
        b'then.assign = "agent:nobody"\n',
        b"final = true\n",
        b"on = []\n",
        b"enabled = false\n",
        b'zone = "Mars/Base"\n',
    ),
]
FACTS = [
    facts(text="The site is down", language="en"),
    facts(text="سایت قطع شد", language="fa", automatic="bulk"),
    facts(events=("message-received",), text="an invoice", sender="no-reply@x"),
]


@pytest.fixture(scope="module")
def site(copy_sqlite: Copy, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with the shipped rules as its own, and an empty database."""
    folder = tmp_path_factory.mktemp("broken")
    url = copy_sqlite(folder)
    config = CONFIG.format(url=url, channel="", more="", site="").partition("[channel.")[0]
    (folder / "config.toml").write_text(config, encoding="utf-8")
    shutil.copytree(SHIPPED, folder / "rules")
    return Site(folder)


@pytest.fixture(scope="module")
def house(site: Site) -> Iterator[House]:
    built = House.build(site, load(site), clock=FakeClock())
    yield built
    built.close()


def decided(book: Playbook) -> object:
    """All that decisions rest on, and some decisions."""
    return (
        [evaluate(book.rulebook, one) for one in FACTS],
        book.policies,
        {n: c.hours for n, c in book.calendars.items()},
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file and what it becomes."""
    name = draw(st.sampled_from(FILES))
    raw = (SHIPPED / name).read_bytes()
    for _ in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, len(raw))), draw(st.sampled_from([0, 0, 1, 2, 9, 80, 4000]))
        put = draw(st.one_of(st.sampled_from([b"", *SPLINTERS]), st.binary(max_size=4)))
        raw = raw[:start] + put + raw[start + length :]
    return name, raw


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=changes())
def test_a_broken_file_leaves_decisions_as_they_were(house: House, site: Site, changed: tuple[str, bytes]) -> None:
    name, raw = changed
    path: Path = site.rules / name
    before, good = house.playbook, decided(house.playbook)
    path.write_bytes(raw)
    try:
        problems = house.reload("files")
        state = house.store.read_now(live.state)
        again, wrong = standing(house.store, site, house.settings, Roster(), all_templates=False)
    finally:
        path.write_bytes((SHIPPED / name).read_bytes())
    assert state.live is not None
    assert state.live.revision == house.playbook.rulebook.revision
    assert [one.key for one in state.problems] == [one.key for one in problems] == [one.key for one in wrong]
    assert decided(house.playbook) == decided(again), "a start comes to the same"
    if problems:
        assert house.playbook is before
        assert decided(house.playbook) == good
    else:
        assert house.reload("files") == ()
        assert decided(house.playbook) == good
