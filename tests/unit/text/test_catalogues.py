"""The shipped catalogues are complete, alike, compiled, and well written."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from inbox.text.catalogues import compiled

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "inbox" / "locale"
LANGUAGES = ("en", "fa")
PROBLEMS = {
    "Problem",
    "Temporary",
    "Permanent",
    "Gone",
    "Credentials",
    "Throttled",
    "Unreachable",
    "LockedOut",
    "Unreadable",
    "Misconfigured",
}


def source(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "inbox.po"


def sentences(language: str) -> dict[str, tuple[str, ...]]:
    """Key -> its sentence, or its sentences by count."""
    found: dict[str, tuple[str, ...]] = {}
    for message in read_po(BytesIO(source(language).read_bytes()), abort_invalid=True):
        if not message.id:
            continue
        key, told = (message.id, message.string) if isinstance(message.id, str) else (message.id[0], message.string)
        found[key] = (told,) if isinstance(told, str) else tuple(told or ())
    return found


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(language: str) -> None:
    po = source(language)
    assert po.with_suffix(".mo").read_bytes() == compiled(po.read_bytes()), (
        "run python -m inbox.text.catalogues inbox/locale"
    )


def test_both_have_the_same_keys() -> None:
    assert set(sentences("en")) == set(sentences("fa"))


def test_both_have_the_same_facts() -> None:
    english, persian = sentences("en"), sentences("fa")
    for key in english:
        expected = set().union(*map(placeholders, english[key])) - {"n"}
        assert set().union(*map(placeholders, persian[key])) - {"n"} == expected, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_every_fact_has_a_plain_name(language: str) -> None:
    for key, told in sentences(language).items():
        assert all(sentence.strip() for sentence in told), key
        assert all(name.isidentifier() for sentence in told for name in placeholders(sentence)), key


def test_a_key_is_either_plain_or_counted_in_both() -> None:
    english, persian = sentences("en"), sentences("fa")
    assert all((len(english[key]) > 1) == (len(persian[key]) > 1) for key in english)


def test_persian_is_written_with_persian_letters() -> None:
    for key, told in sentences("fa").items():
        wrong = set("".join(told)) & set("يكةىـ٠١٢٣٤٥٦٧٨٩0123456789?;")
        bare = re.sub(r"\{\w+\}|`[^`]*`|[A-Za-z][\w.:/#=<>\[\]-]*", "", "".join(told))
        assert not wrong & set(bare), f"{key}: {wrong & set(bare)}"


def test_a_key_standing_twice_or_without_a_sentence_is_refused() -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    with pytest.raises(ValueError, match=r"twice: a\.b"):
        compiled((header + 'msgid "a.b"\nmsgstr "x"\n\nmsgid "a.b"\nmsgstr "y"\n').encode())
    with pytest.raises(ValueError, match=r"a\.b"):
        compiled((header + 'msgid "a.b"\nmsgstr ""\n').encode())


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Where, key and facts of each problem that the code makes with a literal key."""
    for path in [*sorted((ROOT / "inbox").rglob("*.py")), *sorted((ROOT / "channels").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PROBLEMS:
                match node.args:
                    case [ast.Constant(value=str(key))]:
                        facts = {word.arg or "**" for word in node.keywords}
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", key, facts


def test_every_problem_that_the_code_raises_has_its_sentence_and_facts() -> None:
    known = {key: placeholders(" ".join(told)) for key, told in sentences("en").items()}
    every = list(raised())
    assert every
    assert [f"{where}: no sentence for {key}" for where, key, _ in every if key not in known] == []
    lacking = [(where, key, known[key] - facts) for where, key, facts in every if key in known and "**" not in facts]
    assert [f"{where}: {key} lacks {missing}" for where, key, missing in lacking if missing] == []
