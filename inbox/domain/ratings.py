"""Ratings: which surveys there are, their scales, and a customer's answer as an event of the conversation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from inbox.domain.choices import Offer

How = Literal["link", "button", "page"]
"""By what it was given: the link of a letter, a button in a chat, the portal."""
_PRESSED = re.compile(r"rate:(\d{1,18}):(\d{1,2})")


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
