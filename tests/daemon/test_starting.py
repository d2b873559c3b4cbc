"""A start loads no more than it needs: what takes long to import is there only for those who use it."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from tests.daemon.sites import MailChannel, Shed, blank
from tests.rig.daemon import environment, run

SELDOM = {
    "aiosmtpd": "mail is handed to us",
    "aiosmtplib": "mail is sent by SMTP",
    "alembic": "a migration is pending",
    "argon2": "somebody signs in with a password",
    "authlib": "somebody signs in elsewhere",
    "babel": "an amount or the name of a zone is told",
    "dkim": "mail is signed",
    "fpdf": "something is printed",
    "holidays": "a country's holidays are reckoned for the first time",
    "joserfc": "a key is sealed or opened",
    "markdown_it": "an article is shown",
    "nh3": "a mail or an article is shown",
    "phonenumbers": "a number is read",
    "psycopg": "the store is on PostgreSQL",
    "re2": "a rule or a field has a pattern",
    "rich": "a table is shown on a terminal",
    "segno": "an authenticator is set up",
    "sqlalchemy.dialects.postgresql": "the store is on PostgreSQL",
    "xlsxwriter": "a spreadsheet is written",
    "channels.email.letter": "a mail is read, by a child",
    "inbox.demo": "the demo is played",
}
"""What is not loaded before that."""
BUILT = """
import json, sys
from pathlib import Path
import inbox.__main__, inbox.cli.run, channels.email.channel
from inbox.daemon.house import House
from inbox.settings import load
from inbox.site import Site
site = Site(Path(sys.argv[1]))
house = House.build(site, load(site))
print(json.dumps([sorted(sys.modules), len(house.playbook.calendars["support"].hours.holidays)]))
house.close()
"""
READING = """
import json, sys
import inbox.runtime.parser_child, channels.email.adapter, channels.telegram.adapter
print(json.dumps(sorted(sys.modules)))
"""
OF_THE_HOUSE = {
    "sqlalchemy",
    "jinja2",
    "starlette",
    "limits",
    "inbox.store",
    "inbox.pipeline",
    "inbox.web",
    "inbox.daemon",
    "channels.email.compose",
}
"""What a child that reads has no use for."""
HEAP = 64 * 1024 * 1024
"""Bytes of the address space that glibc keeps for a thread's own heap (HEAP_MAX_SIZE, malloc/arena.c)."""


def said(words: str, *given: str) -> list[object]:
    told = subprocess.run(
        [sys.executable, "-c", words, *given], env=environment(), capture_output=True, text=True, check=True
    )
    found = json.loads(told.stdout)
    assert isinstance(found, list)
    return found


def test_a_site_that_ran_before_starts_without_what_few_use(tmp_path: Path) -> None:
    site = blank(tmp_path / "site")
    assert run("migrate", "--site", str(site), cwd=site).code == 0
    said(BUILT, str(site))
    loaded, holidays = said(BUILT, str(site))
    assert isinstance(loaded, list)
    assert not SELDOM.keys() & set(loaded)
    assert isinstance(holidays, int)
    assert holidays > 300, "they are there all the same"


def test_all_threads_of_a_house_have_one_heap(sites: Shed) -> None:
    daemon = sites.site(MailChannel()).start()
    assert heaps_besides(daemon.pid) == 0


def heaps_besides(pid: int) -> int:
    """How many heaps a process has but its first one: each lies at a multiple of 64 MB that glibc has reserved for it."""
    found = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (\S+)", Path(f"/proc/{pid}/maps").read_text(), re.MULTILINE)
    parts = [(int(begin, 16), int(end, 16), mode) for begin, end, mode in found]
    return sum(
        begin % HEAP == 0 and mode == "rw-p" and (end, begin + HEAP, "---p") == rest
        for (begin, end, mode), rest in pairwise(parts)
    )


def test_a_child_that_reads_loads_nothing_of_the_house() -> None:
    assert not OF_THE_HOUSE & set(map(str, said(READING)))
