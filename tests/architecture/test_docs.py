"""The docs say what is there: every command, every decision, links that lead somewhere, and code that runs elsewhere too."""

import re
import tomllib
from pathlib import Path
from textwrap import indent

import pytest

from inbox.cli.app import command
from inbox.settings import parse
from inbox.site import catalogues
from inbox.text.wording import load
from tests.architecture.house import ROOT
from tools.pages import api, commands
from tools.working import with_lists

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LONGEST = 40  # lines of a decision


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    return path.read_text("utf-8")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", read(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), f"{named(page)} links to {target}"
        assert not anchor or anchor in anchors(read(place)), f"{named(page)} links to {target}"


def test_keys_and_filters_are_told_as_they_are() -> None:
    page = read(ROOT / "docs" / "working.md")
    assert with_lists(page) == page, "run `make docs`"


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = (target.partition("#")[0] for target in LINK.findall(read(page)) if not re.match(r"[a-z]+:", target))
        todo += [(page.parent / link).resolve() for link in links if link]
    assert [named(page) for page in PAGES if page not in seen] == []


def test_the_description_of_the_api_is_what_a_site_serves() -> None:
    assert read(ROOT / "docs" / "openapi.json") == api(), "run `make docs`"


def test_the_page_of_commands_is_what_the_command_line_says() -> None:
    assert read(ROOT / "docs" / "commands.md") == commands(), "run `make docs`"


def words() -> set[str]:
    return set(command(load(catalogues()), "en").commands)


def test_every_command_stands_in_the_readme() -> None:
    readme = read(ROOT / "README.md")
    assert [word for word in sorted(words()) if f"`inbox {word}" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_shows_a_command_that_does_not_exist(page: Path) -> None:
    shown = [called.split()[0] for called in re.findall(r"`inbox ([a-z][a-z ]*)", read(page))]
    for kind, block in FENCE.findall(read(page)):
        if kind in ("sh", "console"):
            shown += re.findall(r"^(?:\$ )?(?:\.venv/bin/)?inbox ([a-z]+)", block, re.MULTILINE)
    assert sorted(set(shown) - words()) == []


def test_every_target_of_make_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named_ones = {target for page in PAGES for target in re.findall(r"`make ([a-z-]+)", read(page))}
    assert {"run", "test", "docs"} <= named_ones
    assert named_ones - targets == set()


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_is_short_and_names_its_price(page: Path) -> None:
    text = read(page)
    assert re.match(rf"# {page.name[:4]} · ", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Price"]
    assert 10 <= text.count("\n") <= LONGEST


def test_decisions_are_numbered_without_gaps_and_all_listed() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = read(ROOT / "docs" / "decisions" / "README.md")
    assert [page.name for page in DECISIONS if f"]({page.name})" not in listed] == []


def test_the_code_on_the_page_about_channels_stands_in_the_example() -> None:
    example = ROOT / "docs" / "examples" / "postbox"
    sources = "\n".join(read(path) for path in sorted(example.iterdir()) if path.suffix in (".py", ".toml"))
    blocks = [block for kind, block in FENCE.findall(read(ROOT / "docs" / "write-a-channel.md")) if kind != "sh"]
    assert len(blocks) >= 4
    lost = [block for block in blocks if not any(indent(block, " " * depth) in sources for depth in (0, 4, 8))]
    assert lost == [], "a page's code begins at the margin, whatever its depth in the file"


def test_the_floors_of_the_page_are_those_that_are_enforced() -> None:
    settings = tomllib.loads(read(ROOT / "pyproject.toml"))
    [contract] = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    enforced = [sorted(re.findall(r"\w+", layer)) for layer in contract["layers"]]
    rows = re.findall(r"^\| \d+ \| (.+) \|$", read(ROOT / "docs" / "architecture.md"), re.MULTILINE)
    assert [sorted(re.findall(r"`(\w+)`", row)) for row in rows] == enforced


def configurations() -> list[str]:
    """The configurations that the pages for operators show."""
    blocks = [block for page in PAGES if page.parent.name == "operations" for block in FENCE.findall(read(page))]
    return [block for kind, block in blocks if kind == "toml"]


@pytest.mark.parametrize("shown", configurations(), ids=range(len(configurations())))
def test_a_configuration_that_a_page_shows_is_one(shown: str) -> None:
    assert parse(shown).site.name
