"""What holds for every command: options anywhere, two languages, exit codes, nothing but results on standard output."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from inbox.__main__ import main
from inbox.cli.app import build, called, command, fronted, option
from inbox.cli.context import chosen_language
from inbox.cli.groups import GROUPS
from inbox.domain.problems import Problem, Temporary
from inbox.site import catalogues
from inbox.text.wording import load
from tests.cli.talk import Talk
from tests.rig.daemon import command as installed
from tests.rig.daemon import environment

WORDING = load(catalogues())


def test_options_of_every_command_may_stand_anywhere() -> None:
    words = ["agents", "add", "sara", "--site", "x", "--format=json", "-q", "--name", "S"]
    assert fronted(words) == ["--site", "x", "--format=json", "-q", "agents", "add", "sara", "--name", "S"]
    assert fronted(["reply", "--", "--site", "x"]) == ["reply", "--", "--site", "x"]
    assert option(["--lang", "en", "--lang=fa", "list"], "--lang") == "fa"
    assert option(["--lang"], "--lang") is None


def test_the_site_may_be_named_before_and_after_the_command(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--site", str(site), "teams", "list", "--format", "json"]) == 0
    before = capsys.readouterr().out
    assert main(["teams", "list", "--format", "json", "--site", str(site)]) == 0
    assert capsys.readouterr().out == before == "[]\n"


def test_the_site_is_the_current_folder_where_none_is_named(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site)
    assert main(["agents", "list", "--format", "json"]) == 0
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_all_help_is_worded(language: str) -> None:
    pending = [command(WORDING, language)]
    seen = 0
    while pending:
        made = pending.pop()
        texts = [made.help, *(getattr(parameter, "help", None) for parameter in made.params)]
        assert not [text for text in texts if text and re.match(r"cli\.", text)], made.name
        assert made.help, made.name
        pending += getattr(made, "commands", {}).values()
        seen += 1
    assert seen > 15


def test_every_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["init", "-h"], ["agents", "add", "--help"]):
        assert main(words) == 0
        assert "Usage: inbox" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["fly"], ["agents", "add"], ["init"], ["--format", "xml", "check"], ["--lang", "de", "check"]]
)
def test_wrong_usage_ends_with_2(words: list[str], site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--site", str(site)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err


def test_a_broken_config_ends_with_2_and_every_sentence(site: Path, inbox: Talk) -> None:
    (site / "config.toml").write_text('[site]\nlanguage = "en"\nnam = 1\n[web]\nlistn = 2\n')
    said = inbox("agents", "list")
    assert (said.code, said.out) == (2, "")
    first, second = said.err.splitlines()
    assert first.startswith("config.toml:3: site: there is no key “nam” here. Perhaps you meant: name.")
    assert second.startswith("config.toml:5: web: there is no key “listn” here. Perhaps you meant: listen.")


def test_even_the_sentence_about_a_broken_config_is_in_the_sites_language(site: Path, inbox: Talk) -> None:
    (site / "config.toml").write_text('[site]\nlanguage = "fa"\nnam = 1\n')
    assert "وجود ندارد" in inbox("agents", "list").err
    assert "there is no key" in inbox("agents", "list", "--lang", "en").err


def test_what_may_pass_by_itself_ends_with_75(site: Path, inbox: Talk) -> None:
    with (site / "config.toml").open("r+") as file:
        text = file.read().replace("sqlite:///data/inbox.db", "postgresql://nobody@127.0.0.1:1/none")
        file.seek(0)
        file.write(text)
    said = inbox("agents", "list")
    assert said.code == 75
    assert said.err.startswith("The database could not be reached")


@pytest.mark.parametrize(("error", "code"), [(Temporary("store.busy"), 75), (Problem("store.not_migrated"), 2)])
def test_problems_have_their_exit_codes(
    error: Problem, code: int, inbox: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raise_it(*_: object) -> None:
        raise ExceptionGroup("several", [error, ExceptionGroup("inner", [error])])

    monkeypatch.setattr("inbox.cli.context.Context.roster", raise_it)
    said = inbox("agents", "list")
    assert said.code == code
    assert len(said.err.splitlines()) == 2


def test_a_mistake_of_ours_is_not_dressed_up_as_a_problem(inbox: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_it(*_: object) -> None:
        raise ExceptionGroup("several", [Problem("store.not_migrated"), ZeroDivisionError()])

    monkeypatch.setattr("inbox.cli.context.Context.roster", raise_it)
    with pytest.raises(ExceptionGroup):
        inbox("agents", "list")


@pytest.mark.parametrize(
    ("given", "env", "site", "chosen"),
    [
        ("fa", {"LANG": "en_US.UTF-8"}, "en", "fa"),
        (None, {"LANG": "fa_IR.UTF-8"}, "en", "fa"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "fa_IR"}, None, "en"),
        (None, {"LANG": "C.UTF-8"}, "fa", "fa"),
        (None, {"LANG": "de_DE.UTF-8"}, "fa", "fa"),
        (None, {}, None, "en"),
        ("xx", {}, None, "en"),
    ],
)
def test_the_language_is_chosen(given: str | None, env: dict[str, str], site: str | None, chosen: str) -> None:
    assert chosen_language(given, env, site, ("en", "fa")) == chosen


def test_each_shell_gets_a_script_and_answers(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        assert "_INBOX_COMPLETE" in capsys.readouterr().out
    asking = {"_INBOX_COMPLETE": "complete_bash", "COMP_WORDS": "inbox agents a", "COMP_CWORD": "2"}
    done = subprocess.run(
        [installed()], env=environment(asking), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["add"]


def test_a_pipe_that_is_closed_is_no_crash(site: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [installed(), "--help"], stdout=writing, stderr=subprocess.PIPE, env=environment(), timeout=60, check=False
    )
    os.close(writing)
    assert b"Traceback" not in done.stderr


def test_the_command_line_can_be_built_again_and_again() -> None:
    assert build() is not build()


def test_each_command_is_found_by_its_word_alone() -> None:
    everything = set(command(WORDING, "en").commands)
    assert sorted(word for group in GROUPS for word in group.words) == sorted(everything)
    for group in GROUPS:
        for word in group.words:
            assert set(command(WORDING, "en", word).commands) == set(group.words)
    assert set(command(WORDING, "en", "unheard-of").commands) == everything


def test_the_called_command_is_the_first_word_that_is_no_option() -> None:
    assert called(["--site", "list", "-q", "--lang=fa", "show", "K7Q2"]) == "show"
    assert called(["--help"]) == called([]) == ""
