"""The shipped threshold against the questions whose answer is known: what is offered is right, and most of what has an answer is offered it."""

from bench.suggestions import RIGHT, judge, precision, questions
from inbox.pipeline.playbook import Suggesting


def test_what_the_first_answer_would_offer_is_right_in_both_languages() -> None:
    asked = questions()
    assert {one.language for one in asked} == {"en", "fa"}
    judged, above = judge(asked), Suggesting().above
    for language in ("en", "fa"):
        theirs = [one for one in judged if one.asked.language == language]
        offered, right = precision(theirs, above)
        answerable = sum(bool(one.asked.article) for one in theirs)
        assert right >= RIGHT * offered
        assert right >= 2 / 3 * answerable
