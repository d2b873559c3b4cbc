"""Sentences come from the catalogue of the reader's language, with facts written as that language writes them."""

from pathlib import Path

import pytest

from inbox.domain.problems import Misconfigured, Problem
from inbox.text.catalogues import compiled
from inbox.text.wording import Wording, load

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
ENGLISH = """
msgid "try.port"
msgstr "{where}: {port} is taken by {name}."
msgid "try.count"
msgid_plural "try.count"
msgstr[0] "{n} mail from {name}"
msgstr[1] "{n} mails from {name}"
"""
PERSIAN = """
msgid "try.port"
msgstr "{where}: {port} در اختیار {name} است."
msgid "try.count"
msgid_plural "try.count"
msgstr[0] "{n} نامه از {name}"
msgstr[1] "{n} نامه از {name}"
"""


@pytest.fixture
def wording(tmp_path: Path) -> Wording:
    for language, sentences in (("en", ENGLISH), ("fa", PERSIAN)):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "inbox.mo").write_bytes(compiled((HEADER + sentences).encode()))
    return load(tmp_path)


def test_facts_are_written_as_the_language_writes_them(wording: Wording) -> None:
    facts = {"where": "config.toml", "port": 8025, "name": "سارا"}
    assert wording.say("fa", "try.port", **facts) == "\u2068config.toml\u2069: ۸۰۲۵ در اختیار سارا است."
    assert wording.say("en", "try.port", **facts) == "config.toml: 8025 is taken by \u2068سارا\u2069."


def test_fractions_and_truths(wording: Wording) -> None:
    assert wording.say("fa", "try.port", where="", port=1.5, name=True) == ": ۱٫۵ در اختیار \u2068True\u2069 است."


def test_counts(wording: Wording) -> None:
    assert wording.plural("en", "try.count", 1, name="Sara") == "1 mail from Sara"
    assert wording.plural("en", "try.count", 3, name="Sara") == "3 mails from Sara"
    assert wording.plural("fa", "try.count", 3, name="سارا") == "۳ نامه از سارا"


def test_an_unknown_key_or_a_missing_fact_is_an_error(wording: Wording) -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        wording.say("fa", "no.such.key")
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        wording.plural("fa", "no.such.key", 2)
    with pytest.raises(KeyError, match="port"):
        wording.say("en", "try.port", where="", name="")


def test_an_unknown_language_gets_english_and_a_tag_is_understood(wording: Wording) -> None:
    assert wording.languages == ("en", "fa")
    assert wording.say("de", "try.port", where="x", port=1, name="y") == "x: 1 is taken by y."
    assert wording.plural("fa-IR", "try.count", 2, name="x").startswith("۲ نامه")


def test_a_problem_is_told_in_either_language(wording: Wording) -> None:
    problem = Misconfigured("try.port", where="config.toml: web.port", port="8025", name="nginx")
    assert wording.problem("en", problem) == "config.toml: web.port: 8025 is taken by nginx."
    assert "\u20688025\u2069 در اختیار" in wording.problem("fa", problem)


def test_telling_a_problem_never_raises_another(wording: Wording) -> None:
    assert wording.problem("fa", Problem("no.such.key", path="/x")) == "no.such.key: path=/x"
    assert wording.problem("fa", Problem("try.port")) == "try.port"


def test_a_folder_without_english_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"inbox\.mo"):
        load(tmp_path)
