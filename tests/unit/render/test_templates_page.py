"""What docs/templates.md shows is what happens."""

import re
from pathlib import Path

from inbox.render.examples import examples
from inbox.render.files import SIZE_CAP
from inbox.render.parts import DEPTH
from inbox.render.running import LOOP_CAP, OUTPUT_CAP
from inbox.runtime.drafts import Limits
from tests.unit.render.places import SHIPPED, Place
from tools.reference import with_tables

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_template_says_what_stands_below_it(tmp_path: Path) -> None:
    written, _ = blocks("jinja")
    (said,) = blocks("text")
    place = Place(tmp_path).write("outage/en/body.txt.j2", written)
    templates = place.templates()
    assert templates.check() == []
    assert templates.message("outage", "en", examples("outage", "en")[0]).text + "\n" == said


def test_the_part_changes_the_end_of_every_shipped_message(tmp_path: Path) -> None:
    _, part = blocks("jinja")
    templates = Place(tmp_path).write("_parts/fa/closing.txt.j2", part).templates()
    assert templates.check() == []
    for name in ("acknowledgement", "acknowledgement-neutral", "promise-notice", "proved", "transcript"):
        assert "ارادتمند، " in templates.message(name, "fa", examples(name, "fa")[0]).text


def test_the_shipped_parts_are_told() -> None:
    rows = re.findall(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)?) \| [^|]+ \|$", PAGE, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    there = {file.name.partition(".")[0] for file in (SHIPPED / "messages" / "_parts").rglob("*.j2")}
    assert there <= told


def test_the_tables_are_what_the_code_says() -> None:
    assert with_tables(PAGE) == PAGE, "run `make docs`"


def test_the_limits_are_those_that_hold() -> None:
    plain = " ".join(PAGE.split())
    assert f"{SIZE_CAP // 1024} KB, says at most {OUTPUT_CAP // 1024} KB" in plain
    assert f"at most {LOOP_CAP:,} turns" in plain
    assert DEPTH == 3, "the page says three deep"
    assert (Limits().seconds, f"{Limits().memory_mb} MB" in plain) == (4, True)
