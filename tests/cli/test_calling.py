"""Calls at the command line: logged in a conversation or where the number belongs, and what is wrong is told."""

from contextlib import closing
from pathlib import Path

from inbox.store import conversations, messages, phone_calls
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk


def test_a_call_is_logged_with_its_recording_and_shown(inbox: Talk, site: Path) -> None:
    config = site / "config.toml"
    written = config.read_text("utf-8") if config.exists() else ""
    config.write_text(f'{written}\n[channel.phone]\nkind = "phone"\n', encoding="utf-8")
    assert inbox("agents", "add", "reza", "--name", "Reza", "--address", "reza@example.org").code == 0
    (site / "talk.wav").write_bytes(b"RIFF" * 9)
    call = ("call", "--number", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "--length", "3:20", "--recording", str(site / "talk.wav"))
    told = inbox(*call, "--text", "Wants a refund", "--as", "reza", "--format", "json")
    assert told.code == 0, told.err
    reference = str(told.json()["reference"])
    shown = inbox("show", reference).out
    assert "Call from" in shown
    assert "Wants a refund" in shown
    with closing(Store("sqlite:///data/inbox.db", site)) as store:

        def seconds(unit: Unit) -> list[int | None]:
            id = conversations.by_reference(unit, reference)
            assert id is not None
            said = [one.id for one in messages.of(unit, id)]
            return [one.seconds for one in phone_calls.of_messages(unit, said).values()]

        assert store.read_now(seconds) == [200]
    again = inbox("call", reference, "--out", "--outcome", "busy", "--as", "reza")
    assert again.code == 0, again.err
    assert inbox("warn", reference, "--as", "reza").code == 2, "a telephone carries no text"


def test_without_a_telephone_channel_that_is_told(inbox: Talk) -> None:
    assert inbox("agents", "add", "reza", "--name", "Reza", "--address", "reza@example.org").code == 0
    told = inbox("call", "--number", "09121234567", "--as", "reza")
    assert told.code == 2
    assert "phone.md" in told.err
