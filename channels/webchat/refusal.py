"""How the face says no: a status, the key of a sentence, and the facts in it."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from inbox.ports.face import Front


class Refused(Exception):
    """A request that is not fulfilled. `wait`: seconds after which the same one may be."""

    def __init__(self, status: int, key: str, /, wait: int = 0, **facts: object) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.wait = wait
        self.facts = facts

    @property
    def headers(self) -> Mapping[str, str]:
        """When to come again, and that nothing may be kept of it."""
        kept = {"cache-control": "no-store"}
        return {**kept, "retry-after": str(self.wait)} if self.wait else kept


BUSY_WAIT = 5
"""Seconds after which a visitor may try again where the house cannot store anything now."""


def busy() -> Refused:
    """The house cannot take it now; why is for its own people to read."""
    return Refused(503, "webchat.busy", wait=BUSY_WAIT)


def answer(front: Front, language: str, refused: Refused) -> Response:
    """The refusal as JSON: `error` for programs, `message` for people."""
    told = {"error": refused.key, "message": sentence(front, language, refused)}
    return JSONResponse(told, refused.status, headers=dict(refused.headers))


def sentence(front: Front, language: str, refused: Refused) -> str:
    """What a person reads of it."""
    return front.say(language, refused.key, **refused.facts)
