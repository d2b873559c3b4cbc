"""Metrics: what a clock measures, and the target that it may have."""

from dataclasses import dataclass
from enum import StrEnum

from inbox.text.durations import Duration


class Metric(StrEnum):
    """What a clock measures.

    first_reply: the customer's first message until the first public reply of a person. next_reply: the oldest message
    that nobody has answered until such a reply. resolution: the first message until done, without the time that we
    waited for the customer. update: from one public reply to the next, while the matter is not done.
    """

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLUTION = "resolution"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Target:
    """How long, and the name of the hours on which working time is counted."""

    duration: Duration
    hours: str
