"""Ratings: which surveys there are, their scales, and a customer's answer as an event of the conversation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from inbox.domain.choices import Offer

How = Literal["link", "button", "page"]
"""By what it was given: the link of a letter, a button in a chat, the portal."""
_ANEW = re.compile(r"rate:([0-9]{1,18}):anew")
_PRESSED = re.compile(r"rate:([0-9]{1,18}):([0-9]{1,2})")


class Survey(StrEnum):
    """What is asked: how one matter went, or whether they would recommend us."""

    CSAT = "csat"
    NPS = "nps"

    @property
    def scores(self) -> range:
        """What can be answered, the worst first."""
        return range(1, 6) if self is Survey.CSAT else range(11)

    @property
    def scale(self) -> int:
        """The highest score."""
        return self.scores[-1]


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one survey in a period. `given`: how many answers of each score came in it; `asked` in it, and of those `answered`,
    whenever that was."""

    survey: Survey
    given: Mapping[int, int]
    asked: int = 0
    answered: int = 0

    @property
    def n(self) -> int:
        """How many answers."""
        return sum(self.given.values())

    @property
    def average(self) -> float | None:
        """Of the scores; None where nobody answered."""
        return sum(score * count for score, count in self.given.items()) / self.n if self.n else None

    @property
    def satisfied(self) -> float | None:
        """Of CSAT: the share of 4 and 5 among what was given, 0 to 1."""
        return self._count(4, 5) / self.n if self.n and self.survey is Survey.CSAT else None

    @property
    def nps(self) -> float | None:
        """Of NPS: the percentage of 9 and 10 less that of 0 to 6, -100 to 100."""
        if not self.n or self.survey is not Survey.NPS:
            return None
        return 100 * (self._count(9, 10) - self._count(*range(7))) / self.n

    @property
    def response(self) -> float | None:
        """The share of those asked who answered, 0 to 1; None where nobody was asked."""
        return self.answered / self.asked if self.asked else None

    def _count(self, *scores: int) -> int:
        return sum(self.given.get(score, 0) for score in scores)


FACES: Mapping[int, str] = {1: "😞", 2: "🙁", 3: "😐", 4: "🙂", 5: "😀"}
"""What stands before the scores of CSAT."""


@dataclass(frozen=True, slots=True)
class Rated:
    """The customer answered a survey, or changed their answer: the latest counts. It is no message: nobody's wait ends or begins."""

    kind: Literal["rated"]
    survey: Survey
    score: int
    scale: int
    comment: str
    how: How


@dataclass(frozen=True, slots=True)
class Press:
    """A score that stands on a button, and the survey that it answers."""

    survey: int
    score: int

    @property
    def data(self) -> str:
        """As it stands in a button: `rate:17:4`."""
        return f"rate:{self.survey}:{self.score}"


@dataclass(frozen=True, slots=True)
class Change:
    """The button by which an answer can be given anew."""

    survey: int

    @property
    def data(self) -> str:
        """As it stands in a button: `rate:17:anew`."""
        return f"rate:{self.survey}:anew"


def change(data: str) -> Change | None:
    """Whether the data of a button asks for the scores once more."""
    found = _ANEW.fullmatch(data)
    return None if found is None else Change(int(found[1]))


def press(data: str) -> Press | None:
    """What the data of a button stands for; None for whatever is no score of ours."""
    found = _PRESSED.fullmatch(data)
    return None if found is None else Press(int(found[1]), int(found[2]))


def offers(survey: Survey, id: int, shown: Mapping[int, str]) -> tuple[Offer, ...]:
    """The buttons, in order; `shown`: each score as people write it."""
    return tuple(
        Offer(f"{FACES[score]} {shown[score]}" if survey is Survey.CSAT else shown[score], Press(id, score).data)
        for score in survey.scores
    )
