"""Which file is taken, and what the shipped messages say."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.facts import AcknowledgementFacts, AnswerFacts, NeutralFacts, ReplyFacts, chosen_by_rules, facts_of
from inbox.domain.problems import Misconfigured
from inbox.render import Templates
from inbox.render.examples import examples
from inbox.render.files import Files
from inbox.render.shelf import Shelf
from inbox.text.bidi import FSI, PDI
from tests.unit.render.places import SHIPPED, Place

TEHRAN = ZoneInfo("Asia/Tehran")
SHIPPED_NAMES = (
    "acknowledgement",
    "acknowledgement-neutral",
    "agent-digest",
    "agent-handed-up",
    "agent-notice",
    "agent-page",
    "agent-report",
    "broadcast",
    "courtesy",
    "outage-news",
    "promise-notice",
    "promised",
    "proof",
    "proved",
    "reply",
    "sign-in",
    "statement",
    "still-there",
    "survey",
    "survey-nps",
    "transcript",
)
WHOLE = tuple(name for name in SHIPPED_NAMES if name not in ("promised", "courtesy"))
"""Without the sentence that stands among an agent's words."""
EVERY = [(name, language) for name in WHOLE for language in ("en", "fa")]


def told(language: str, **more: Any) -> AcknowledgementFacts:
    """Facts of an acknowledgement that promises an answer."""
    facts = AcknowledgementFacts(
        language=language,
        zone=TEHRAN,
        brand="Acme",
        reference="K7Q2",
        promise_kind="answer",
        due_at=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
        contact_name="Lena",
        subject="Re: My order",
    )
    return replace(facts, **more)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


# -- which file --------------------------------------------------------------------------------------------------------
def test_the_sites_own_file_comes_before_the_shipped_one(place: Place) -> None:
    place.write("acknowledgement/en/body.txt.j2", "Own words for {{ reference }}.")
    assert place.templates().message("acknowledgement", "en", told("en")).text == "Own words for K7Q2."


def test_own_words_never_stand_beside_shipped_html_or_chat_words(place: Place) -> None:
    place.write("acknowledgement/en/body.txt.j2", "Own words.")
    rendered = place.templates().message("acknowledgement", "en", told("en"))
    assert (rendered.html, rendered.chat) == (None, "Own words.")
    assert rendered.subject == "Re: My order"


def test_variants_are_asked_in_their_order_and_then_the_plain_name(place: Place) -> None:
    for variant in ("@support", "@billing", ""):
        place.write(f"acknowledgement{variant}/en/body.txt.j2", f"words of {variant or 'plain'}")

    def say(*variants: str) -> str:
        return place.templates().message("acknowledgement", "en", told("en"), variants=variants).text

    assert say("billing", "support") == "words of @billing"
    assert say("other", "support") == "words of @support"
    assert say("other", "") == "words of plain"


def test_a_variant_in_another_language_does_not_hide_the_plain_one(place: Place) -> None:
    place.write("acknowledgement@vip/en/body.txt.j2", "only English")
    rendered = place.templates().message("acknowledgement", "fa", told("fa"), variants=("vip",))
    assert rendered.language == "fa"
    assert "پاسخ می‌دهیم" in rendered.text


def test_the_sites_language_is_the_last_resort_and_dates_follow_it(place: Place) -> None:
    rendered = place.templates(default="fa").message("acknowledgement", "de", told("de"))
    assert rendered.language == "fa"
    assert "سه‌شنبه ۳ آذر ساعت ۱۰:۳۰" in rendered.text


def test_a_template_that_does_not_exist_is_named(place: Place) -> None:
    with pytest.raises(Misconfigured) as caught:
        place.templates().message("nothing", "en", told("en"))
    assert caught.value.key == "template.missing"


# -- what is checked ---------------------------------------------------------------------------------------------------
def test_the_shipped_templates_pass_their_check() -> None:
    templates = Templates([SHIPPED])
    assert templates.names() == SHIPPED_NAMES
    assert templates.check() == []
    assert Templates([SHIPPED], default="fa").check() == []


def test_an_unknown_name_is_found_in_a_branch_that_no_example_takes(place: Place) -> None:
    (finding,) = place.findings("Hello\n{% if brand == 'never' %}{{ referense }}{% endif %}")
    assert finding.key == "template.unknown_variable"
    assert finding.facts["where"] == "templates/messages/acknowledgement/en/body.txt.j2:2"
    assert finding.facts["suggestion"] == "reference"


def test_a_template_that_works_for_some_facts_only_is_found(place: Place) -> None:
    (finding,) = place.findings("Hello\n\nby {{ due_at|moment }}")
    assert (finding.key, finding.facts["where"]) == (
        "template.failed",
        "templates/messages/acknowledgement/en/body.txt.j2:3",
    )


def test_the_neutral_form_cannot_name_anybody(place: Place) -> None:
    place.write("acknowledgement-neutral/en/body.txt.j2", "Hello {{ contact_name }}, about {{ subject }}")
    assert [f.facts["name"] for f in place.templates().check()] == ["contact_name", "subject"]


def test_everything_wrong_is_found_at_once(place: Place) -> None:
    place.write("outage/fa/body.txt.j2", "{{ brand }}")
    place.write("outage/fa/body.md", "x")
    place.write("acknowledgement/en/body.txt.j2", "{% if %}")
    place.write("acknowledgement@vip/en/body.html.j2", "{{ 2*2 }}")
    assert [f.key for f in place.templates().check()] == [
        "template.syntax",
        "template.not_allowed",
        "template.unknown_file",
        "template.missing",
    ]


def test_the_check_and_its_first_use_read_a_file_together_once(place: Place) -> None:
    file = place.write("acknowledgement/en/body.txt.j2", "Hello").folder / "messages/acknowledgement/en/body.txt.j2"
    shelf = Shelf(Files([place.folder]))
    shelf.parsed(file)
    file.unlink()
    assert shelf.run(shelf.compiled(file), {"language": "en"}, {}) == "Hello"


def test_what_is_as_we_ship_it_is_not_checked_again(place: Place) -> None:
    shipped = (SHIPPED / "messages/reply/en/body.txt.j2").read_text(encoding="utf-8")
    place.write("reply/en/body.txt.j2", shipped)
    place.write("outage/en/body.txt.j2", "{{ brand }}")
    templates = place.templates()
    assert templates.check() == []
    assert [templates.files.named(one) for one in templates._shelf._compiled] == [
        "templates/messages/outage/en/body.txt.j2"
    ]


def test_a_part_of_the_site_may_go_into_anything_so_all_is_checked(place: Place) -> None:
    place.write("_parts/en/closing.txt.j2", "{{ nobody_gives_this }}\n")
    templates = place.templates()
    found = {one.key for one in templates.check()}
    assert found == {"template.unknown_in_part"}
    assert len(templates._shelf._parsed) > 100


def test_a_file_that_is_no_text_is_named(place: Place) -> None:
    place.write("acknowledgement/en/body.txt.j2", "")
    (place.folder / "messages/acknowledgement/en/body.txt.j2").write_bytes(b"\xff\xfe\x00")
    assert [f.key for f in place.templates().check()] == ["template.unreadable"]


# -- what the shipped ones say -----------------------------------------------------------------------------------------
def test_english_says_who_what_and_when() -> None:
    rendered = Templates([SHIPPED]).message("acknowledgement", "en", told("en"))
    assert "(reference K7Q2)" in rendered.text
    assert "by Tuesday 24 November, 10:30 (Tehran time)" in rendered.text
    assert "reply to this message" in rendered.text


def test_persian_says_it_with_its_own_digits_and_the_reference_in_latin_ones() -> None:
    rendered = Templates([SHIPPED]).message("acknowledgement", "fa", told("fa"))
    assert f"(شمارهٔ پیگیری {FSI}K7Q2{PDI})" in rendered.text
    assert "تا سه‌شنبه ۳ آذر ساعت ۱۰:۳۰ (به وقت تهران) پاسخ می‌دهیم." in rendered.text
    assert not set("يك") & set(rendered.text)


def test_after_hours_tells_when_work_starts() -> None:
    closed = {"open_now": False, "opens_at": datetime(2026, 11, 24, 5, 0, tzinfo=UTC)}
    english = Templates([SHIPPED]).message("acknowledgement", "en", told("en", **closed)).text
    persian = Templates([SHIPPED]).message("acknowledgement", "fa", told("fa", **closed)).text
    assert "We start again Tuesday 24 November, 08:30, and will reply by 10:30 (Tehran time)." in english
    assert "سه‌شنبه ۳ آذر از ساعت ۰۸:۳۰ پیگیری می‌کنیم و تا ساعت ۱۰:۳۰ (به وقت تهران) پاسخ می‌دهیم" in persian


def test_unsure_promises_news_and_no_answer() -> None:
    english = Templates([SHIPPED]).message("acknowledgement", "en", told("en", promise_kind="update")).text
    persian = Templates([SHIPPED]).message("acknowledgement", "fa", told("fa", promise_kind="update")).text
    assert "not sure of" in english
    assert "reply by" not in english
    assert "مطمئن نیستیم" in persian
    assert "پاسخ می‌دهیم" not in persian


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_shipped_message_is_short_whole_and_the_right_way_round(name: str, language: str) -> None:
    templates = Templates([SHIPPED])
    direction = "rtl" if language == "fa" else "ltr"
    for facts in examples(name, language):
        rendered = templates.message(name, language, facts)
        assert rendered.subject
        assert "\n" not in rendered.subject
        assert "{" not in rendered.text + rendered.chat + (rendered.html or "")
        assert rendered.text.count(FSI) == rendered.text.count(PDI)
        assert f'<html lang="{language}" dir="{direction}">' in (rendered.html or "")
        assert not re.search(r"<(p|div|blockquote|body)(?![^>]* dir=)", rendered.html or "")
        if name.startswith("acknowledgement"):
            offered = len(getattr(facts, "articles", ()))
            known = getattr(facts, "asset", None) is not None
            assert sum(bool(line.strip()) for line in rendered.text.splitlines()) <= 6 + offered + bool(offered) + known
            assert "K7Q2" in rendered.text
            assert "K7Q2" in rendered.chat


def test_both_languages_of_each_shipped_template_use_the_same_facts() -> None:
    assert Templates([SHIPPED]).warnings() == []


def test_a_language_that_leaves_out_what_the_other_says_is_a_warning(place: Place) -> None:
    place.write("outage/en/body.txt.j2", "{{ brand }} {% if due_at is not none %}{{ due_at|moment }}{% endif %}")
    place.write("outage/fa/body.txt.j2", '{% include "closing" %}')
    (warning,) = place.templates().warnings()
    assert (warning.key, warning.facts["names"]) == ("template.differs", "due_at")
    assert warning.facts["where"] == "templates/messages/outage/fa/body.txt.j2"
    assert warning.facts["other"] == "templates/messages/outage/en/body.txt.j2"


def test_a_fact_of_a_lists_items_counts_as_well(place: Place) -> None:
    place.write(
        "transcript/fa/chat.txt.j2",
        "{{ reference }} {{ brand }} {% if shortened %}{% endif %}{% for line in lines %}{% endfor %}",
    )
    assert {str(one.facts["names"]) for one in place.templates().warnings()} == {".name, .ours, .text"}


def test_files_saved_later_change_nothing_and_texts_can_stand_in_for_them(place: Place) -> None:
    place.write("acknowledgement/en/body.txt.j2", "first")
    templates = place.templates()
    place.write("acknowledgement/en/body.txt.j2", "second")
    assert templates.message("acknowledgement", "en", told("en")).text == "first"
    kept = templates.files.kept()
    assert kept == {"templates/messages/acknowledgement/en/body.txt.j2": "first"}
    again = Templates([place.folder, SHIPPED], given=kept)
    assert again.message("acknowledgement", "en", told("en")).text == "first"
    assert again.check() == []
    assert Templates([place.folder, SHIPPED], given={}).message("reply", "en", examples("reply", "en")[0]).text


def test_the_neutral_form_says_nothing_of_the_person_even_when_told(place: Place) -> None:
    rendered = place.templates().message(
        "acknowledgement-neutral", "en", told("en", contact_name="Lena", subject="Secret")
    )
    assert "Lena" not in str(rendered)
    assert "Secret" not in str(rendered)


def test_an_acknowledgement_of_ones_own_needs_no_neutral_form_of_its_own(place: Place) -> None:
    place.write("outage/en/body.txt.j2", "We know.")
    rendered = place.templates().message("outage-neutral", "en", told("en"), variants=("support",))
    assert rendered == place.templates().message("acknowledgement-neutral", "en", told("en"))


def test_a_reply_is_the_agents_words_with_a_name_below_them() -> None:
    facts = examples("reply", "en")[0]
    assert isinstance(facts, ReplyFacts)
    rendered = Templates([SHIPPED]).message("reply", "en", facts)
    assert rendered.text.startswith(f"{facts.text}\n\nKind regards,\nSara Mohammadi\nSupport · Example Store\n")
    assert rendered.text.endswith("> Hello,\n> where is my order?")
    assert rendered.chat == facts.text


def test_html_paragraphs_have_each_their_own_direction() -> None:
    facts = ReplyFacts(
        language="en",
        zone=TEHRAN,
        brand="Acme",
        reference="K7Q2",
        text="Hello <b>\n\nسلام، رسید OK",
        agent_name="Sara",
    )
    html = Templates([SHIPPED]).message("reply", "en", facts).html or ""
    assert re.search(r'<p dir="ltr"[^>]*>Hello &lt;b&gt;</p>\s*<p dir="rtl"[^>]*>سلام، رسید OK</p>', html)


def test_which_facts_a_template_gets_follows_from_its_name() -> None:
    assert facts_of("outage") is AnswerFacts
    assert facts_of("acknowledgement@vip") is AcknowledgementFacts
    assert facts_of("outage-neutral@vip") is NeutralFacts
    assert facts_of("reply-warm") is ReplyFacts


def test_a_rule_answers_with_what_it_can_fill() -> None:
    names = ("acknowledgement", "outage", "still-there", "reply", "reply-warm", "outage-neutral", "outage@vip", "proof")
    assert [name for name in names if chosen_by_rules(name)] == ["acknowledgement", "outage", "still-there"]


def test_who_is_asked_whether_they_are_there_is_told_since_when(place: Place) -> None:
    answered, *_ = [one for one in examples("still-there", "fa") if isinstance(one, AnswerFacts) and one.replied_at]
    assert "دوشنبه ۲ آذر به شما پاسخ دادیم" in place.templates().message("still-there", "fa", answered).text
    assert "چندی است" in place.templates().message("still-there", "fa", replace(answered, replied_at=None)).chat


def test_an_acknowledgement_costs_little() -> None:
    templates, facts = Templates([SHIPPED]), told("fa")
    best = 1.0
    for _ in range(20):
        started = time.process_time()
        for _ in range(50):
            templates.message("acknowledgement", "fa", facts, variants=("support", "first", "standard"))
        best = min(best, (time.process_time() - started) / 50)
    assert best < 0.000_6, f"{best * 1e6:.0f} microseconds"


@pytest.mark.parametrize(("quoted", "direction"), [("سلام، کجاست؟", "rtl"), ("Where is it?", "ltr")])
def test_what_is_quoted_keeps_its_own_direction(quoted: str, direction: str) -> None:
    facts = examples("reply", "fa")[0]
    assert isinstance(facts, ReplyFacts)
    html = Templates([SHIPPED]).message("reply", "fa", replace(facts, quoted_text=quoted)).html or ""
    assert f'<blockquote dir="{direction}"' in html


def test_a_paragraph_without_letters_runs_as_the_words_around_it() -> None:
    facts = examples("reply", "fa")[0]
    assert isinstance(facts, ReplyFacts)
    html = Templates([SHIPPED]).message("reply", "fa", replace(facts, text="...\n\n123")).html or ""
    assert html.count('<p dir="rtl" style="margin:0 0 1em;text-align:start">') >= 2
    assert '<p dir="ltr"' not in html


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_no_two_sentences_run_together_and_no_letter_needs_anything_from_outside(name: str, language: str) -> None:
    for facts in examples(name, language):
        rendered = Templates([SHIPPED]).message(name, language, facts)
        assert not re.search(r"[.؟!](?=[\u0600-\u06ffA-Z])", rendered.text)
        html = re.sub(r"https://(?:inbox|help)\.example/[\w/]+", "", rendered.html or "")  # our own pages
        assert not re.search(r"<(?:link|img|script|style|iframe|form)\b|url\(|https?:", html)
        assert 'name="color-scheme" content="light only"' in html
        assert "background:#ffffff" in html
