"""Offers as buttons under a message: as many in a row as can be read there."""

from collections.abc import Sequence
from typing import Any

from inbox.domain.choices import Offer

ROW = 28
"""Letters that fit side by side on a narrow telephone, all buttons of a row together."""
MOST = 3
"""Buttons in one row."""


def keyboard(offers: Sequence[Offer]) -> dict[str, Any]:
    """The parameter `reply_markup`. A label that is longer than a row has a row of its own."""
    rows: list[list[Offer]] = []
    for offer in offers:
        if rows and _fits([*rows[-1], offer]):
            rows[-1].append(offer)
        else:
            rows.append([offer])
    return {"inline_keyboard": [[{"text": one.label, "callback_data": one.data} for one in row] for row in rows]}


def _fits(row: list[Offer]) -> bool:
    """Buttons of a row are equally wide: the longest label decides."""
    return len(row) <= MOST and max(len(one.label) for one in row) * len(row) <= ROW
