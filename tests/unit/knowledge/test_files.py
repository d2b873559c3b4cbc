"""Articles as files: whatever was written is read again as it was, and what is wrong is told with its line, all of it at once."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.domain.articles import LANGUAGES, About, Audience, Folder, Words
from inbox.knowledge import canonical
from inbox.knowledge.addresses import is_folder, is_slug, slug_of
from inbox.knowledge.files import Filed, FiledText, read, stored_name, written

STRANGE = "aZ9 \t\n\r+\"\\'=[]#%\u200c\u200f\u202e\x00\x1b\x7f\u2028\ufeff\uffff\ud800سلامي‌ةۀ۱٢…😀"
TEXTS = st.text(st.one_of(st.sampled_from(STRANGE), st.characters(codec=None)), max_size=60)
BODIES = st.lists(st.one_of(TEXTS, st.sampled_from(["+++", "+++ ", "# T  ", "", "  ", "\r\n", "title = 1"]))).map(
    "\n".join
)
WORDS = st.builds(Words, TEXTS, BODIES, st.lists(TEXTS, max_size=4).map(tuple)).map(canonical.words)
TITLED = WORDS.map(lambda one: one if one.title else Words("T", one.body, one.keywords))
FILED_TEXTS = st.one_of(
    st.builds(FiledText, TITLED),
    st.builds(FiledText, st.none(), TITLED, st.booleans()),
    st.builds(FiledText, TITLED, TITLED, st.booleans()),
)
SLUGS = TEXTS.map(slug_of)
ABOUT = st.builds(
    About,
    SLUGS,
    st.lists(SLUGS, max_size=3).map("/".join),
    st.sampled_from([Audience.PUBLIC, Audience.AGENTS]),
    tags=st.lists(TEXTS, max_size=4).map(lambda some: canonical.several(tuple(some), canonical.MOST_TAGS)),
    owner=st.sampled_from(["", "sara"]),
    review_on=st.one_of(st.none(), st.dates()),
)
ARTICLES = st.builds(Filed, ABOUT, st.dictionaries(st.sampled_from(LANGUAGES), FILED_TEXTS, min_size=1))
FOLDERS = st.builds(
    Folder,
    st.lists(SLUGS, min_size=1, max_size=3).map("/".join),
    st.dictionaries(st.sampled_from(LANGUAGES), TEXTS.map(canonical.line).filter(bool)),
    st.integers(-9999, 9999),
)


@given(st.lists(ARTICLES, max_size=4, unique_by=lambda one: one.about.slug), st.lists(FOLDERS, max_size=2))
@example([Filed(About("a"), {"fa": FiledText(Words("+++", "+++\ntitle = 1\n+++\n"))})], [])
@example([Filed(About("بازگشت-وجه", "مالی"), {"fa": FiledText(Words('«"\\»', "خط  \nدوم\n", ("می‌شود",)))})], [])
def test_what_is_written_is_read_as_it_was(articles: list[Filed], folders: list[Folder]) -> None:
    folders = list({one.path: one for one in folders}.values())
    files = dict(written(articles, folders))
    tree = read(files)
    assert tree.faults == ()
    assert sorted(tree.articles, key=lambda one: one.place) == sorted(articles, key=lambda one: one.place)
    assert list(tree.folders) == sorted(folders, key=lambda one: one.path)
    assert dict(written(tree.articles, tree.folders)) == files


@given(WORDS)
def test_the_canonical_form_is_reached_at_once(words: Words) -> None:
    assert canonical.words(words) == words


@given(BODIES)
def test_line_ends_of_other_systems_change_nothing(text: str) -> None:
    body = canonical.body(text)
    files = dict(written([Filed(About("a"), {"en": FiledText(Words("T", body))})], []))
    theirs = {path: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for path, content in files.items()}
    assert read(theirs).articles == read(files).articles


@given(TEXTS)
def test_every_title_gives_an_address(title: str) -> None:
    assert is_slug(slug_of(title))


@given(TEXTS)
def test_the_name_of_a_file_is_found_at_once(name: str) -> None:
    assert stored_name(stored_name(name)) == stored_name(name)


def test_addresses_are_short_names_and_nothing_else() -> None:
    assert slug_of("How long do refunds take?") == "how-long-do-refunds-take"
    assert slug_of("  بازگشت وجه چقدر طول می‌کشد؟ ") == "بازگشت-وجه-چقدر-طول-می-کشد"
    assert slug_of("New") == "article-new"
    for bad in ("", "A", "a b", "a/b", "..", "a--b", "-a", "a_b", "new", "files", "x" * 81, "a\u200cb"):
        assert not is_slug(bad), bad
    assert is_folder("")
    assert is_folder("billing/بازگشت")
    for bad in ("/a", "a/", "a//b", "../a", "a/b/c/d/e/f/g"):
        assert not is_folder(bad), bad


HEAD = '+++\ntitle = "T"\n+++\n'
WRONG: dict[str, tuple[str | bytes, int, str]] = {
    "a/en.md": ("Hello", 1, "kb.file.no_head"),
    "b/en.md": ('+++\ntitle = "T"\nbody', 1, "kb.file.open_head"),
    "c/en.md": ("\n+++\ntitle = \n+++\n", 3, "kb.file.toml"),
    "d/en.md": ('+++\ntitle = "T"\ncolour = 1\n+++\n', 3, "kb.file.unknown"),
    "e/en.md": ("+++\n\n\ntitle = 7\n+++\n", 4, "kb.file.line"),
    "f/en.md": ("+++\nkeywords = []\n+++\n", 1, "kb.file.no_title"),
    "g/en.md": ('+++\ntitle = "T"\nkeywords = "x"\n+++\n', 3, "kb.file.list"),
    "h/de.md": (HEAD, 0, "kb.file.language"),
    "i/en.md": ('+++\ntitle = "T"\nreview = true\n+++\n', 2, "kb.file.review"),
    "j/en.md": (b'+++\ntitle = "\xff"\n', 2, "kb.file.encoding"),
    "k/article.toml": ('audience = "all"', 1, "kb.file.audience"),
    "l/article.toml": ('tags = []\naudience = "organization"', 2, "kb.file.organization"),
    "m/article.toml": ("review_on = 2027-01-01T00:00:00", 1, "kb.file.date"),
    "n/article.toml": ("\nwho = 1", 2, "kb.file.unknown"),
    "O/article.toml": ("", 0, "kb.bad_slug"),
    "p/_folder.toml": ('[title]\nde = "T"', 1, "kb.file.titles"),
    "q/notes.md": ("x", 0, "kb.file.strange"),
    "r/x/en.md": (HEAD, 0, "kb.file.no_article"),
    "s/article.toml": ("", 0, "kb.file.no_words"),
    "t/en.md": (HEAD + "x" * 100_001, 0, "kb.too_long"),
}


def test_everything_that_is_wrong_is_told_with_its_line() -> None:
    entries = {path: text if isinstance(text, bytes) else text.encode() for path, (text, _, _) in WRONG.items()}
    homes = {f"{path[0]}/article.toml": b"" for path in WRONG if path[0] not in "kmnOpr" or path[0] == "l"}
    told = {one.path: (one.line, one.problem.key) for one in read({**homes, **entries}).faults}
    wanted = {path: (line, key) for path, (_, line, key) in WRONG.items()}
    assert {path: told.get(path) for path in wanted} == wanted


def test_two_articles_do_not_share_an_address() -> None:
    entries = {"a/x/article.toml": b"", "a/x/en.md": HEAD.encode(), "b/x/article.toml": b"", "b/x/en.md": HEAD.encode()}
    [fault] = read(entries).faults
    assert (fault.path, fault.problem.key, fault.problem.facts["other"]) == ("b/x/article.toml", "kb.file.twice", "a/x")


@pytest.mark.parametrize("path", ["a/files/b c.png", "a/files/../x", "a/x.png", "files/x.png", "a/files/x/y.png"])
def test_files_that_lie_wrong_are_told(path: str) -> None:
    entries = {"a/article.toml": b"", "a/en.md": HEAD.encode()}
    assert [one.path for one in read(entries, [path]).faults] == [path]
    assert read(entries, ["a/files/b-c.png"]).articles[0].files == ("b-c.png",)


def test_what_languages_share_is_written_once_and_in_one_order() -> None:
    about = About("refunds", "billing", Audience.ORGANIZATION, "Acme", ("money",), "sara", date(2027, 5, 1))
    text = FiledText(Words("Refunds", "Soon.\n", ("money back",)), Words("Refunds", "Sooner.\n"), asked=True)
    files = dict(
        written([Filed(about, {"en": text}, ("old",))], [Folder("billing", {"fa": "مالی", "en": "Billing"}, 2)])
    )
    assert {path: content.decode() for path, content in files.items()} == {
        "billing/_folder.toml": 'position = 2\n\n[title]\nen = "Billing"\nfa = "مالی"\n',
        "billing/refunds/article.toml": (
            'audience = "organization"\norganization = "Acme"\ntags = ["money"]\nowner = "sara"\n'
            'review_on = 2027-05-01\nformer = ["old"]\n'
        ),
        "billing/refunds/en.md": '+++\ntitle = "Refunds"\nkeywords = ["money back"]\n+++\n\nSoon.\n',
        "billing/refunds/en.draft.md": '+++\ntitle = "Refunds"\nreview = true\n+++\n\nSooner.\n',
    }
