"""What arguments of actions share: how large the number of a row may be, and what a new tag may look like."""

from typing import Annotated

from pydantic import Field, StringConstraints

LAST = 2**63 - 1
"""The largest number that a row can have: a larger one is no number of anything, and a database refuses it."""
MOST_TAGS = 50
"""Tags that come or go at once."""
Tags = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)], ...],
    Field(max_length=MOST_TAGS),
]
"""Tags as they may be made; those that are there, whatever they are, can be taken away."""
