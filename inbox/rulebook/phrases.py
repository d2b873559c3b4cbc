"""Questions about words: whether phrases stand in the subject or in the newly written text."""

from inbox.rulebook import values
from inbox.rulebook.names import Names
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.text.fold import words
from inbox.text.mentions import Searchable


def mentions(scope: str) -> Builder:
    """Whether any of the phrases stands in the scope: "text" (subject or body), "subject" or "body"."""

    def build(_name: str, value: object, _names: Names) -> Question:
        sought = _prepared(value)

        def ask(reading: Reading) -> Answer:
            for text in reading.texts(scope):
                run = text.run
                for phrase, wanted in sought:
                    if wanted in run and _stands(text, wanted):
                        return True, phrase
            return False, ""

        return ask

    return build


def mentions_all(scope: str) -> Builder:
    """Whether every one of the phrases does; the first missing one is what was seen."""

    def build(_name: str, value: object, _names: Names) -> Question:
        sought = _prepared(value)

        def ask(reading: Reading) -> Answer:
            texts = reading.texts(scope)
            for phrase, wanted in sought:
                if not any(_stands(text, wanted) for text in texts):
                    return False, phrase
            return True, ""

        return ask

    return build


def _prepared(value: object) -> list[tuple[str, str]]:
    """Each phrase with its words folded and run together, as they stand in a prepared text."""
    return [(phrase, "".join(words(phrase))) for phrase in values.phrases(value)]


def _stands(text: Searchable, wanted: str) -> bool:
    # The same answer as Searchable.mentions, for a phrase that was folded once, when the rules were loaded.
    at = text.run.find(wanted)
    while at >= 0:
        if at in text.borders and at + len(wanted) in text.borders:
            return True
        at = text.run.find(wanted, at + 1)
    return False
