"""A site finds its files, its own first, and keeps one secret."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inbox.domain.problems import Problem
from inbox.settings import StoreOptions, database
from inbox.site import Site, catalogues, shipped_defaults


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_templates_and_macros_are_looked_for_in_the_site_and_then_in_what_is_shipped(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", tmp_path / "shipped")
    assert site.templates == (tmp_path / "site" / "templates", tmp_path / "shipped" / "templates")
    assert site.macros == (tmp_path / "site" / "rules" / "macros", tmp_path / "shipped" / "rules" / "macros")


def test_rules_are_the_sites_own_as_a_whole_or_the_shipped_ones(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", tmp_path / "shipped")
    assert site.rules == tmp_path / "shipped" / "rules"
    (tmp_path / "site" / "rules").mkdir(parents=True)
    assert site.rules == tmp_path / "site" / "rules"


def test_the_checkout_is_a_site_that_looks_in_one_place_only() -> None:
    site = Site(shipped_defaults())
    assert site.config.is_file()
    assert len(site.templates) == 1
    assert (site.rules / "hours.toml").is_file()
    assert (catalogues() / "fa" / "LC_MESSAGES" / "inbox.mo").is_file()


def test_a_relative_folder_counts_from_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    site = Site(Path("here"))
    monkeypatch.chdir("/")
    assert site.root == tmp_path / "here"


def test_files_are_told_from_the_sites_folder_on(tmp_path: Path) -> None:
    site = Site(tmp_path / "site", tmp_path / "shipped")
    assert site.named(tmp_path / "site" / "rules" / "10-a.toml") == "rules/10-a.toml"
    assert site.named(tmp_path / "shipped" / "rules" / "10-a.toml") == "rules/10-a.toml"
    assert site.named(Path("/etc/x")) == "/etc/x"


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    secret = site.secret()
    assert len(secret) == 32
    assert Site(tmp_path).secret() == secret
    assert mode(tmp_path / "data") == 0o700
    assert mode(tmp_path / "data" / "secret") == 0o600
    assert os.listdir(tmp_path / "data") == ["secret"]
    assert Site(tmp_path.with_name("other")).root.exists() is False, "naming a site makes nothing"


def test_many_that_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: Site(tmp_path).secret(), range(32)))
    assert len(secrets) == 1
    assert os.listdir(tmp_path / "data") == ["secret"]


def test_a_damaged_secret_is_never_used(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (site.data / "secret").write_bytes(b"short")
    with pytest.raises(Problem) as caught:
        site.secret()
    assert (caught.value.key, caught.value.facts["size"]) == ("site.secret_damaged", 5)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        Site(tmp_path / "file").secret()
    assert caught.value.key == "site.not_writable"


@pytest.mark.parametrize(
    ("source", "env"),
    [({"env": "DB_PASSWORD"}, {"DB_PASSWORD": "p@ss/word"}), ({"file": "db"}, {}), ({"credential": "db"}, {})],
)
def test_the_password_of_the_database_joins_its_address_only_when_it_is_opened(
    source: dict[str, str], env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "db").write_text("p@ss/word\n")
    for name, value in {**env, "CREDENTIALS_DIRECTORY": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    options = StoreOptions(url="postgresql://inbox@db.example/inbox", password=source)
    assert database(options, tmp_path) == "postgresql://inbox:p%40ss%2Fword@db.example/inbox"
    assert "p@ss" not in repr(options)


def test_a_database_without_password_is_left_as_it_is(tmp_path: Path) -> None:
    assert database(StoreOptions(), tmp_path) == "sqlite:///data/inbox.db"


def test_a_password_that_is_not_there_is_told_by_its_source(tmp_path: Path) -> None:
    options = StoreOptions(url="postgresql://inbox@db.example/inbox", password={"file": "nowhere"})
    with pytest.raises(Problem) as caught:
        database(options, tmp_path)
    assert (caught.value.key, str(caught.value.facts["source"])) == ("config.secret_unreadable", "file:nowhere")
