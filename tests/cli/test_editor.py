"""Answers and notes written in an editor: what stands before their author, what cancels, and that no word is lost."""

import io
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from inbox.cli.editor import SCISSORS, chosen
from inbox.domain.ids import AgentId, ConversationId
from inbox.store import conversations, drafts, people
from inbox.store import tables as t
from inbox.store.drafts import Draft
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Said, Talk, at_terminal
from tests.web.sites import NOW, contact, conversation, message

REZA, MATTER = AgentId(1), ConversationId(1)
Write = Callable[[str], Path]


@pytest.fixture
def talk(inbox: Talk, site: Path) -> Talk:
    """A conversation with Lena by mail, a note in it, and Reza and Mina who answer."""

    def one(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        lena = contact(unit, "Lena", "lena@example.com")
        known = people.known(unit, "email", "lena@example.com")
        assert known is not None
        matter = conversation(unit, "K2BB", lena, version=0, subject="My order")
        conversations.add_participant(unit, matter, known[1].id, NOW, opened=True)
        message(unit, matter, "inbound", "Where is \x1b[31mit?", sender=["lena@example.com", "Lena"])
        message(unit, matter, "note", "She is angry.", at=NOW + timedelta(minutes=1))

    assert inbox("list").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(one)
    store.close()
    for handle in ("reza", "mina"):
        assert inbox("agents", "add", handle, "--name", handle.title(), "--address", f"{handle}@example.org").code == 0
    return inbox


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Chooses an editor: a script of the shell that has the file as $1. What it found there stands in the path that is given back."""

    def write(script: str) -> Path:
        path, had = tmp_path / "editor.sh", tmp_path / "had.txt"
        path.write_text(f'cp "$1" "{had}"\n{script}\n')
        monkeypatch.setenv("VISUAL", f"sh '{path}'")
        return had

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return write


@pytest.fixture
def type_(monkeypatch: pytest.MonkeyPatch, talk: Talk) -> Callable[..., Said]:
    """Runs a command as Reza at a terminal at which these answers are typed."""

    def run(*words: str, answers: str = "") -> Said:
        class Keys(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr(sys, "stdin", Keys(answers))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        return talk(*words, "--as", "reza")

    return run


def typed(text: str) -> str:
    """A script that writes a text above what is there."""
    return f'{{ echo "{text}"; cat "$1"; }} > "$1.new"\nmv "$1.new" "$1"'


def draft(site: Path, new: Draft | None = None) -> Draft | None:
    """Reza's draft; with a new one it is put there before."""
    store = Store("sqlite:///data/inbox.db", site)
    if new is not None:
        store.write_now(drafts.put, REZA, MATTER, new, NOW)
    found = store.read_now(drafts.of, REZA, MATTER)
    store.close()
    return found


def said(talk: Talk) -> list[tuple[str, str]]:
    """What was said since, and to whom."""
    found = talk("show", "K2BB", "--format", "json").json()["messages"]
    return [(one["message"]["direction"], one["message"]["reply_text"] or one["message"]["text"]) for one in found][2:]


def test_an_answer_is_written_with_the_conversation_before_its_author(
    talk: Talk, type_: Callable[..., Said], editor: Write, tmp_path: Path
) -> None:
    had = editor(typed("It left today."))
    told = type_("reply", "K2BB")
    assert told.code == 0, told.err
    assert said(talk) == [("outbound", "It left today.")]
    above, _, below = had.read_text().partition(SCISSORS)
    assert above.strip() == ""
    assert below.index("She is angry.") < below.index("Where is"), "the newest first"
    assert "My order" in below
    assert "\x1b" not in below
    assert all(line.startswith("#") for line in below.splitlines() if line)
    assert list(tmp_path.glob("inbox-*")) == [], "the file is gone with its last use"


def test_a_note_is_written_so_too(talk: Talk, type_: Callable[..., Said], editor: Write) -> None:
    editor(typed("Call her."))
    assert type_("note", "K2BB").code == 0
    assert said(talk) == [("note", "Call her.")]


@pytest.mark.parametrize("script", [":", f'echo "{SCISSORS}" > "$1"', ': > "$1"'])
def test_an_empty_text_says_nothing(talk: Talk, type_: Callable[..., Said], editor: Write, script: str) -> None:
    editor(script)
    told = type_("reply", "K2BB")
    assert (told.code, "Nothing was said" in told.err) == (1, True)
    assert said(talk) == []


def test_without_the_line_nothing_is_said_that_stood_below_it(
    talk: Talk, type_: Callable[..., Said], editor: Write
) -> None:
    editor(f'sed -i "/>8/d" "$1"\n{typed("It left today.")}')
    told = type_("reply", "K2BB")
    assert (told.code, "The line that parts your text" in told.err) == (2, True)
    assert said(talk) == []


def test_an_editor_that_fails_or_is_not_there_says_nothing(
    talk: Talk, type_: Callable[..., Said], editor: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(f"{typed('It left today.')}\nexit 3")
    assert "ended with 3" in type_("reply", "K2BB").err
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    assert "“no-such-editor” could not be started" in type_("reply", "K2BB").err
    monkeypatch.delenv("VISUAL")
    monkeypatch.delenv("EDITOR", raising=False)
    assert "set VISUAL or EDITOR" in type_("reply", "K2BB").err
    assert said(talk) == []


def test_what_is_refused_is_kept_as_a_draft_and_in_its_file(
    talk: Talk, type_: Callable[..., Said], editor: Write, site: Path, tmp_path: Path
) -> None:
    editor(typed("note: she is angry"))
    told = type_("reply", "K2BB")
    assert told.code == 2
    kept = draft(site)
    assert kept is not None
    assert (kept.text, kept.how) == ("note: she is angry", "reply")
    (file,) = tmp_path.glob("inbox-*/K2BB.txt")
    assert str(file) in told.err
    assert file.read_text().startswith("note: she is angry\n")
    assert said(talk) == []


def test_what_was_begun_on_the_page_is_the_beginning(
    talk: Talk, type_: Callable[..., Said], editor: Write, site: Path
) -> None:
    draft(site, Draft("Dear Lena,"))
    had = editor('sed -i "1s/$/ it left today./" "$1"')
    assert type_("reply", "K2BB").code == 0
    assert had.read_text().startswith("Dear Lena,\n")
    assert said(talk) == [("outbound", "Dear Lena, it left today.")]
    assert draft(site) is None


@pytest.mark.parametrize(("answer", "code", "sent"), [("n", 1, 0), ("y", 0, 1)])
def test_leaving_the_editor_is_no_order_to_send_what_was_begun(
    talk: Talk, type_: Callable[..., Said], editor: Write, site: Path, answer: str, code: int, sent: int
) -> None:
    draft(site, Draft("Dear Lena,"))
    editor(":")
    assert type_("reply", "K2BB", answers=f"{answer}\n").code == code
    assert len(said(talk)) == sent
    assert (draft(site) is None) == bool(sent)


def test_a_note_that_was_begun_is_no_beginning_of_an_answer(
    talk: Talk, type_: Callable[..., Said], editor: Write, site: Path
) -> None:
    draft(site, Draft("She lies.", "note"))
    had = editor(typed("note: for us"))
    told = type_("reply", "K2BB")
    assert "She lies." not in had.read_text()
    assert "is kept in" in told.err
    kept = draft(site)
    assert kept is not None
    assert (kept.text, kept.how) == ("She lies.", "note")


@pytest.mark.parametrize(("answer", "sent"), [("y", ["By Mina.", "By Reza."]), ("n", ["By Mina."])])
def test_who_was_overtaken_while_writing_sees_it_and_is_asked(
    talk: Talk, type_: Callable[..., Said], editor: Write, site: Path, answer: str, sent: list[str]
) -> None:
    elsewhere = f"'{sys.executable}' -m inbox reply K2BB 'By Mina.' --as mina --site '{site}' --quiet </dev/null"
    editor(f"{elsewhere} || exit 9\n{typed('By Reza.')}")
    told = type_("reply", "K2BB", answers=f"{answer}\n")
    assert told.code == (0 if answer == "y" else 2), told.err
    assert "By Mina." in told.err
    assert "Is it to be said all the same?" in told.err
    assert [words for _, words in said(talk)] == sent
    kept = draft(site)
    assert (kept.text if kept else "") == ("" if answer == "y" else "By Reza.")


def test_a_letter_that_is_refused_stays_in_its_file(
    talk: Talk, type_: Callable[..., Said], editor: Write, tmp_path: Path
) -> None:
    editor(typed("Hello"))
    told = type_("write", "new@example.net")
    assert (told.code, "A mail needs a subject." in told.err) == (2, True)
    (file,) = tmp_path.glob("inbox-*/letter.txt")
    assert str(file) in told.err
    assert type_("write", "new@example.net", "--subject", "Hi").code == 0


def test_words_with_a_forwarded_one_and_a_promised_time_are_written_too(
    talk: Talk, type_: Callable[..., Said], editor: Write
) -> None:
    editor(typed("Can you look?"))
    assert type_("forward", "K2BB", "out@example.net").code == 0
    assert type_("promise", "K2BB", "2 days").code == 0
    assert type_("followup", "K2BB", "--subject", "Once more").code == 0
    assert [words.splitlines()[0] for _, words in said(talk)] == ["Can you look?", "Can you look?"]


def test_nobody_is_asked_to_write_where_nobody_types(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, editor: Write
) -> None:
    had = editor(typed("It left today."))
    monkeypatch.setattr(sys, "stdin", io.StringIO("From a pipe."))
    assert talk("reply", "K2BB", "--as", "reza").code == 0
    assert said(talk) == [("outbound", "From a pipe.")]
    assert not had.exists()


def test_an_editor_is_chosen_as_people_say_it() -> None:
    assert chosen({"VISUAL": "code --wait", "EDITOR": "vi"}) == ("code", "--wait")
    assert chosen({"VISUAL": "", "EDITOR": "vi"}) == ("vi",)
    assert chosen({"VISUAL": "'open", "EDITOR": "vi"}) == ("vi",)
    assert chosen({}) == ()


def test_a_person_at_a_real_terminal_writes_in_their_editor(talk: Talk, editor: Write, site: Path) -> None:
    had = editor(typed("It left today."))
    words = ["reply", "K2BB", "--as", "reza", "--site", str(site)]
    code, screen = at_terminal(words, [], site, env={"VISUAL": f"sh '{had.with_name('editor.sh')}'"})
    assert code == 0, screen
    assert said(talk) == [("outbound", "It left today.")]
