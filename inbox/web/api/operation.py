"""An operation of the API: its address, who may call it, what it takes and what it answers; routes and description are made of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.requests import Request
from starlette.responses import Response

from inbox.domain.access import Caller, Reach
from inbox.web.frame import House

FARTHEST = 2**53
"""Numbers from here on are no ids: JSON has no larger whole ones that every program reads alike."""


class Query(BaseModel):
    """What an address may carry behind its question mark, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        """No database takes NUL."""
        if not isinstance(given, dict):
            return given
        return {name: one.replace("\0", "") if isinstance(one, str) else one for name, one in given.items()}


class Paged(Query):
    """One page: how much, and from where on."""

    limit: int = Field(default=50, ge=1, le=100, description="How many, at most.")
    cursor: str = Field(default="", max_length=200, description="`next` or `prev` of another page.")


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was let in."""

    house: House
    request: Request
    caller: Caller
    language: str
    now: datetime
    query: Any
    """What the operation's `query` made of it; None where it takes none."""
    body: bytes = b""

    @property
    def say(self) -> Callable[..., str]:
        """A sentence of the catalogue in the language of the caller."""
        return partial(self.house.wording.say, self.language)

    def named(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name]).replace("\0", "")

    def number(self, name: str) -> int:
        """A part of the path that is a number; 0, which nothing has, for what is none."""
        typed = self.named(name)
        found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 17 else 0
        return found if found < FARTHEST else 0


@dataclass(frozen=True, slots=True)
class Operation:
    """`takes`: the type of a body that is no JSON, `gives`: of an answer that is none; `acts`: it takes a key against doing it
    twice, and may be held to a version."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    summary: str
    run: Callable[[Call], Awaitable[Response]]
    reach: Reach = Reach.READ
    description: str = ""
    query: type[Query] | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    takes: str = ""
    gives: str = ""
    acts: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))
