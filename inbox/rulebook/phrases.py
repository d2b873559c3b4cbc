"""Questions about words: whether phrases stand in the subject or in the newly written text."""

from inbox.rulebook import values
from inbox.rulebook.names import Names
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.text.fold import words


def _mentioned(reading: Reading, run: str, scope: str) -> bool:
    """Whether the words `run` (folded, run together) stand in the scope from one word border to another."""
    if scope != "body" and _stands(reading.subject.run, reading.subject.borders, run):
        return True
    return scope != "subject" and _stands(reading.body.run, reading.body.borders, run)


def _stands(text: str, borders: frozenset[int], run: str) -> bool:
    # The same answer as Searchable.mentions, for a phrase that was folded once, when the rules were loaded.
    at = text.find(run)
    while at >= 0:
        if at in borders and at + len(run) in borders:
            return True
        at = text.find(run, at + 1)
    return False


def mentions(scope: str) -> Builder:
    """Whether any of the phrases stands in the scope: "text" (subject or body), "subject" or "body"."""

    def build(_name: str, value: object, _names: Names) -> Question:
        sought = [(phrase, "".join(words(phrase))) for phrase in values.phrases(value)]

        def ask(reading: Reading) -> Answer:
            for phrase, run in sought:
                if _mentioned(reading, run, scope):
                    return True, phrase
            return False, ""

        return ask

    return build


def mentions_all(scope: str) -> Builder:
    """Whether every one of the phrases does; the first missing one is what was seen."""

    def build(_name: str, value: object, _names: Names) -> Question:
        sought = [(phrase, "".join(words(phrase))) for phrase in values.phrases(value)]

        def ask(reading: Reading) -> Answer:
            missing = next((phrase for phrase, run in sought if not _mentioned(reading, run, scope)), None)
            return missing is None, missing or ""

        return ask

    return build
