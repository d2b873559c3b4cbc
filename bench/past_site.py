"""A site with a past: conversations, decisions and replies made up, as its rules decided them; for measurements and tests."""

from datetime import datetime, timedelta
from pathlib import Path

from bench import past
from inbox.__main__ import main
from inbox.cli.context import Chosen, Context
from inbox.cli.rulebooks import laid
from inbox.daemon import playbooks
from inbox.site import catalogues
from inbox.store.store import Store
from inbox.text.wording import load

UNTIL = (past.FIRST + past.SPAN + timedelta(days=30)).date().isoformat()
SINCE = past.FIRST.date().isoformat()
LIVE = datetime.fromisoformat("2026-02-28T12:00:00+00:00")


def with_past(site: Path, rules: int = 12, decisions: int = 300) -> None:
    """So many rules in place of the shipped ones, live since before the first of so many decisions."""
    for file in (site / "rules").glob("[0-9][0-9]-*.toml"):
        file.unlink()
    for name, text in past.rules(rules).items():
        (site / name).write_text(text, "utf-8")
    assert main(["list", "--site", str(site), "--quiet"]) == 0
    store = Store("sqlite:///data/inbox.db", site)
    try:
        store.write_now(past.people)
        context = Context(Chosen(site), load(catalogues()), "en")
        found = laid(context, None)
        context.close()
        store.write_now(playbooks.keep, found.book, "start", LIVE)
        past.fill(store, found.book.rulebook, found.book.terms, decisions)
    finally:
        store.close()
