"""Laying the demo's site into a folder: its config, the shipped rules with those of the shop, and its tables."""

import shutil
from pathlib import Path

from inbox.domain.problems import Problem
from inbox.site import Site
from inbox.store.migrate import migrate
from inbox.store.store import Store

FILES = Path(__file__).parent / "site"
PEOPLE = FILES / "people.toml"
URL = "sqlite:///data/inbox.db"


def lay(site: Site, port: int) -> None:
    """The site's files and empty tables. Raises Problem where the folder holds anything or cannot be written."""
    try:
        site.root.mkdir(parents=True, exist_ok=True)
        if any(site.root.iterdir()):
            raise Problem("cli.demo.not_empty", folder=site.root)
        shutil.copytree(
            site.shipped / "rules", site.root / "rules", ignore=shutil.ignore_patterns("__pycache__", "tests")
        )
        shutil.copy(FILES / "25-shop.toml", site.root / "rules")
        with (site.root / "rules" / "policies.toml").open("a", encoding="utf-8") as policies:
            policies.write((FILES / "policies.toml").read_text(encoding="utf-8"))
        config = (FILES / "config.toml").read_text(encoding="utf-8").replace(":8025", f":{port}")
        if not port:  # any that is free: nobody knows yet where its pages are found
            config = "".join(line for line in config.splitlines(keepends=True) if not line.startswith("public_url"))
        site.config.write_text(config, encoding="utf-8")
    except OSError as error:
        raise Problem("site.not_writable", path=error.filename or site.root, reason=error.strerror) from error
    _ = site.data
    store = Store(URL, site.root)
    try:
        migrate(store)
    finally:
        store.close()
