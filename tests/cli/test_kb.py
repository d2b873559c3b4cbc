"""`inbox kb`: articles go out as files and come in again; what is wrong is told by file and line, and then nothing is taken."""

import os
from pathlib import Path

import pytest

from inbox.__main__ import main
from tests.cli.talk import Talk

PICTURE = b"\x89PNG\r\n\x1a\n picture"
ARTICLES = {
    "billing/_folder.toml": '[title]\nen = "Billing"\nfa = "صورت‌حساب"\n',
    "billing/refunds/article.toml": 'audience = "public"\ntags = ["money"]\nowner = "sara"\nreview_on = 2026-01-01\n',
    "billing/refunds/en.md": '+++\ntitle = "How long do refunds take?"\n+++\n\nTen days, see [hours](article:hours).\n',
    "billing/refunds/fa.md": '+++\ntitle = "بازگشت وجه چقدر طول می‌کشد؟"\n+++\n\n![رسید](files/receipt.png)  \nده روز.\n',
    "billing/refunds/fa.draft.md": '+++\ntitle = "بازگشت وجه"\nreview = true\n+++\n\nنه روز.\n',
    "hours/article.toml": 'audience = "agents"\n',
    "hours/en.md": '+++\ntitle = "Hours of work"\n+++\n\nFrom nine. [Gone](article:gone), ![lost](files/lost.png)\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two articles, as somebody wrote them."""
    root = tmp_path / "articles"
    for name, text in ARTICLES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "billing/refunds/files").mkdir()
    (root / "billing/refunds/files/receipt.png").write_bytes(PICTURE)
    (root / ".git").mkdir()
    (root / ".git/config").write_text("x")
    (root / "README.md").write_text("Articles")
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_comes_in_goes_out_as_it_was_and_into_another_site_too(inbox: Talk, folder: Path, tmp_path: Path) -> None:
    tried = inbox("kb", "import", str(folder), "--dry-run").out
    assert "It would be 2 new" in tried
    assert inbox("kb", "list", "--format", "json").json() == []
    assert "2 new, 0 changed, 0 as they were." in inbox("kb", "import", str(folder)).out
    assert "0 new, 0 changed, 2 as they were." in inbox("kb", "import", str(folder)).out
    out = tmp_path / "out"
    assert "2 articles were written" in inbox("kb", "export", str(out)).out
    wanted = {name: text.encode() for name, text in ARTICLES.items()}
    assert contents(out) == {**wanted, "billing/refunds/files/receipt.png": PICTURE}
    other, again = tmp_path / "other", tmp_path / "again"
    assert main(["init", str(other), "--yes", "--quiet"]) == 0
    assert main(["--site", str(other), "kb", "import", str(out)]) == 0
    assert main(["--site", str(other), "kb", "export", str(again)]) == 0
    assert contents(again) == contents(out)


def test_an_export_brings_an_older_one_up_to_date_and_leaves_what_is_not_ours(
    inbox: Talk, folder: Path, tmp_path: Path
) -> None:
    inbox("kb", "import", str(folder))
    out = tmp_path / "out"
    inbox("kb", "export", str(out))
    for name, text in {"notes.txt": "mine", "old/article.toml": "", "old/en.md": "x", "old/files/a.pdf": "x"}.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    inbox("kb", "export", str(out))
    assert (out / "notes.txt").exists()
    assert not (out / "old").exists()


def test_lists_and_searches(inbox: Talk, folder: Path) -> None:
    inbox("kb", "import", str(folder))
    listed = inbox("kb", "list").out
    assert "hours" in listed
    assert "en published, fa in review" in listed
    assert "منتشرشده" in inbox("kb", "list", "--lang", "fa").out
    assert [one["slug"] for one in inbox("kb", "list", "--folder", "billing", "--format", "json").json()] == ["refunds"]
    assert [one["slug"] for one in inbox("kb", "list", "--state", "review", "--format", "json").json()] == ["refunds"]
    assert "How long do refunds take?" in inbox("kb", "search", "refund").out
    assert inbox("kb", "search", "بازگشت", "وجه", "--format", "json").json()[0]["language"] == "fa"
    assert "Hours of work" in inbox("kb", "search", "hours").out
    hidden = inbox("kb", "search", "work", "--public")
    assert (hidden.code, hidden.out) == (1, "No article says that.\n")


def test_what_is_not_well_is_told(inbox: Talk, folder: Path) -> None:
    assert inbox("kb", "check").out == "All articles are well.\n"
    inbox("kb", "import", str(folder))
    told = inbox("kb", "check", "--format", "json")
    assert told.code == 1
    assert sorted((one["slug"], one["what"], one["note"]) for one in told.json()) == [
        ("hours", "file", "lost.png"),
        ("hours", "language", "fa"),
        ("hours", "link", "gone"),
        ("hours", "nobody", ""),
        ("refunds", "overdue", "2026-01-01"),
        ("refunds", "owner", "sara"),
    ]
    assert "leads to an article that is not there" in inbox("kb", "check").out


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_taken(inbox: Talk, folder: Path) -> None:
    (folder / "billing/refunds/en.md").write_text('+++\ntitle = "T"\ncolour = 1\n+++\n')
    (folder / "hours/en.md").write_text("Hello\n")
    (folder / "hours/notes.txt").write_text("x")
    (folder / "hours/en.draft.md").symlink_to(folder / "README.md")
    told = inbox("kb", "import", str(folder))
    assert told.code == 1
    assert "billing/refunds/en.md:3" in told.out
    assert "“colour” is no key here" in told.out
    assert "hours/en.md:1" in told.out
    assert "hours/notes.txt" in told.out
    assert "hours/en.draft.md" in told.out
    assert "4 things are wrong. Nothing was taken in" in told.out
    assert inbox("kb", "list", "--format", "json").json() == []
    assert "cannot be read" in inbox("kb", "import", str(folder / "nowhere")).err


def test_what_is_no_file_of_ours_is_told_and_never_read(inbox: Talk, folder: Path) -> None:
    """A pipe is waited for, folders without end and lists in lists without end break what reads them."""
    os.mkfifo(folder / "hours/fa.md")
    deep = folder
    for _ in range(400):
        deep = deep / "d"
        deep.mkdir()
    (deep / "en.md").write_text("x")
    (folder / "billing/refunds/article.toml").write_text("tags = " + "[" * 40_000)
    (folder / "billing/_folder.toml").write_text("position = " + "9" * 9_000)
    (folder / "billing/refunds/fa.md").write_text("+++\n" + "#" * 100_001 + "\n+++\n")
    told = inbox("kb", "import", str(folder))
    assert (told.code, told.err) == (1, "")
    for wrong in ("hours/fa.md", f"{'d/' * 8}d", "refunds/article.toml:1", "_folder.toml:1", "refunds/fa.md:2"):
        assert wrong in told.out, told.out
    assert inbox("kb", "list", "--format", "json").json() == []


@pytest.mark.parametrize("link", ["billing", "billing/refunds", "billing/refunds/files", "billing/refunds/en.md"])
def test_an_export_follows_no_link_out_of_its_folder(inbox: Talk, folder: Path, tmp_path: Path, link: str) -> None:
    inbox("kb", "import", str(folder))
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("theirs")
    (out / link).parent.mkdir(parents=True)
    (out / link).symlink_to(elsewhere / "kept" if link.endswith(".md") else elsewhere)
    told = inbox("kb", "export", str(out))
    assert told.code != 0
    assert str(out / link) in told.err
    assert contents(elsewhere) == {"kept": b"theirs"}


def test_an_agent_who_does_not_lead_takes_nothing_in(inbox: Talk, folder: Path) -> None:
    inbox("agents", "add", "omid", "--name", "Omid")
    inbox("agents", "add", "sara", "--name", "Sara", "--lead")
    assert "for leads and admins" in inbox("kb", "import", str(folder), "--as", "omid").err
    assert inbox("kb", "import", str(folder), "--as", "sara").code == 0


def test_freshness_tells_how_much_there_is_and_what(inbox: Talk, folder: Path) -> None:
    assert "Everything is fresh." in inbox("kb", "freshness").out
    inbox("kb", "import", str(folder))
    told = inbox("kb", "freshness").out
    for line in (
        "Reviews overdue: 1",
        "Links that lead nowhere: 2",
        "Not in a language yet: 1",
        "Drafts and reviews that wait: 1",
    ):
        assert line in told
    assert "article: gone" in told
    found = inbox("kb", "freshness", "--list", "links", "--format", "json").json()
    assert found["counts"] == {"links": 2}
    assert [(row["list"], row["what"], row["note"]) for row in found["rows"]] == [
        ("links", "hours", "article: gone"),
        ("links", "hours", "file: lost.png"),
    ]
    wrong = inbox("kb", "freshness", "--list", "stale")
    assert (wrong.code, "There is no list stale" in wrong.err) == (2, True)


def test_what_is_suggested_is_measured_where_answers_are_known(inbox: Talk) -> None:
    told = inbox("kb", "measure")
    assert "No conversation is known yet" in told.out
    [first, *_] = inbox("kb", "measure", "--days", "30", "--format", "json").json()
    assert first == {"above": 0.2, "known": 0, "offered": 0, "right": 0, "share": None}
