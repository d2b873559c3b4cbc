"""`inbox templates`: listed, checked, explained and previewed."""

import re
from pathlib import Path

import pytest

from inbox.store import tables as t
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.cli.talk import Talk
from tests.web.sites import contact, conversation, message

MARKS = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def write(site: Path, path: str, text: str) -> None:
    file = site / "templates" / "messages" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


@pytest.fixture
def asked(inbox: Talk, site: Path) -> Talk:
    """A question is here, and an agent."""

    def question(unit: Unit) -> None:
        unit.add(t.channel, {"name": "support", "kind": "email"})
        matter = conversation(unit, "Z9ZZ", contact(unit, "خانم نگار سهرابی", "n@example.ir"), subject="Where is it?")
        message(unit, matter, "inbound", "My parcel <b>has not come.")

    assert inbox("agents", "add", "sara", "--name", "Sara Mohammadi").code == 0
    store = Store("sqlite:///data/inbox.db", site)
    store.write_now(question)
    store.close()
    return inbox


def test_the_list_tells_languages_variants_where_from_and_faults(inbox: Talk, site: Path) -> None:
    write(site, "acknowledgement@support/en/body.txt.j2", "Hi {{ contact_nam }}")
    write(site, "outage/en/body.txt.j2", "We know.")
    rows = {row["name"]: row for row in inbox("templates", "list", "--format", "json").json()}
    assert list(rows)[-1] == "_parts"
    ack = rows["acknowledgement"]
    assert (ack["variants"], ack["origin"], ack["faults"]) == (["@support"], ["own", "shipped"], 1)
    assert (rows["outage"]["languages"], rows["outage"]["origin"]) == (["en"], ["own"])
    assert (rows["reply"]["languages"], rows["reply"]["origin"], rows["reply"]["faults"]) == (
        ["en", "fa"],
        ["shipped"],
        0,
    )
    assert "the site's own, shipped" in inbox("templates", "list").out
    assert "از خود سایت" in inbox("templates", "list", "--lang", "fa").out


def test_check_tells_every_fault_with_its_line_and_what_was_meant(inbox: Talk, site: Path) -> None:
    assert inbox("templates", "check").out.startswith("No faults in ")
    write(site, "outage/en/body.txt.j2", "We know.\n{{ refrence }}\n")
    write(site, "outage/fa/body.txt.j2", "{% if %}")
    said = inbox("templates", "check")
    assert said.code == 1
    first, second = said.out.splitlines()
    assert first == (
        "error: templates/messages/outage/en/body.txt.j2:2: this template is not given anything called “refrence”. "
        "Perhaps you meant: reference."
    )
    assert second.startswith("error: templates/messages/outage/fa/body.txt.j2:1: ")
    (row, _) = inbox("templates", "check", "--format", "json").json()
    assert (row["level"], row["problem"]) == ("error", "template.unknown_variable")


def test_two_languages_that_say_different_things_are_a_warning_here_and_in_check(inbox: Talk, site: Path) -> None:
    write(site, "outage/en/body.txt.j2", "{{ brand|bdi }} {{ reference|bdi }}")
    write(site, "outage/fa/body.txt.j2", "{{ brand|bdi }}")
    said = inbox("templates", "check")
    assert said.code == 0
    assert said.out.startswith("warning: templates/messages/outage/fa/body.txt.j2: does not say reference, which ")
    assert inbox("templates", "check", "--strict").code == 1
    assert "does not say reference" in inbox("check").out


def test_the_reference_tells_facts_and_filters(inbox: Talk) -> None:
    said = inbox("templates", "vars", "ack")
    assert said.out.startswith("acknowledgement is given AcknowledgementFacts:\n")
    assert re.search(r"^due_at +an instant, or none", said.out, re.MULTILINE)
    rows = {row["name"]: row for row in inbox("templates", "vars", "reply", "--format", "json").json()}
    assert rows["agent_name"]["example"] == "Sara Mohammadi"
    assert rows["quoted_at"]["example"].startswith("2026-11-23T")
    assert "1,250,000" in inbox("templates", "vars", "--filters").out
    assert "۱۲۵٬۰۰۰ تومان" in inbox("templates", "vars", "--filters", "--lang", "fa").out
    assert inbox("templates", "vars").code == 2
    unknown = inbox("templates", "vars", "replly")
    assert (unknown.code, "acknowledgement-neutral" in unknown.err) == (2, True)


def test_a_preview_tells_all_forms_and_where_they_come_from(inbox: Talk, site: Path) -> None:
    said = inbox("templates", "preview", "ack", "--lang", "fa")
    assert said.code == 0
    words = said.out.translate(MARKS)
    assert "body.txt: templates/messages/acknowledgement/fa/body.txt.j2 (همراه برنامه)" in words
    assert "خانم نگار سهرابی گرامی، پیام شما رسید (شمارهٔ پیگیری K7Q2)." in words
    assert '<html lang="fa" dir="rtl">' in words
    write(site, "acknowledgement@support/fa/body.txt.j2", "از خود ما {{ reference }}\n")
    own = inbox("templates", "preview", "ack", "--lang", "fa", "--channel", "support").out.translate(MARKS)
    assert "(از خود سایت, @support)" in own
    assert "از خود ما K7Q2" in own
    assert inbox("templates", "preview", "ack@support", "--lang", "fa", "--part", "text").out == "از خود ما K7Q2\n"


def test_one_form_is_printed_alone_and_examples_can_be_chosen(inbox: Talk) -> None:
    assert inbox("templates", "preview", "proof", "--part", "subject").out == "Your code for Example Store · کد شما\n"
    assert "not sure of" in inbox("templates", "preview", "ack", "--example", "2", "--part", "chat").out
    made = inbox("templates", "preview", "reply", "--format", "json").json()
    assert made["rendered"]["chat"] == "Your order left our warehouse today."
    assert made["origins"][0]["own"] is False


def test_a_broken_draft_tells_its_line_and_leaves_exit_code_1(inbox: Talk, site: Path) -> None:
    write(site, "reply/en/body.txt.j2", "{{ text }}\n{{ agent_nam }}\n")
    said = inbox("templates", "preview", "reply")
    assert said.code == 1
    assert "reply/en/body.txt.j2:2: this template is not given anything called “agent_nam”" in said.out
    assert inbox("templates", "preview", "reply", "--lang", "fa").code == 0, "another language is another draft"


def test_a_conversation_lends_its_facts_as_they_are_now(asked: Talk) -> None:
    said = asked("templates", "preview", "reply", "--of", "z9zz", "--as", "sara", "--part", "text").out
    assert "Sara Mohammadi\n" in said
    assert "wrote:\n> My parcel <b>has not come." in said
    ack = asked("templates", "preview", "ack", "--of", "Z9ZZ", "--part", "text").out.translate(MARKS)
    assert "Hello Ms نگار سهرابی," in ack
    assert "(reference Z9ZZ)" in ack
    html = asked("templates", "preview", "reply", "--of", "Z9ZZ", "--part", "html").out
    assert "&lt;b&gt;has not come" in html
    assert asked("templates", "preview", "ack", "--of", "NNNN").code == 2
    assert asked("outbox", "--format", "json").out.strip() == "[]", "nobody was told"
