"""Problems as the API tells them: RFC 9457, with the house's key, its sentence in the caller's language, and its facts."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ValidationError
from starlette.responses import Response

from inbox.actions.action import Denied
from inbox.domain.problems import Problem, Temporary
from inbox.pipeline.reply import Stale
from inbox.text.wording import Wording
from inbox.web.api.models import ProblemDocument, Wrong

MEDIA = "application/problem+json"
MOST_WRONG = 20


class Answered(Exception):
    """The call ends here, with this status and problem; `wrong`: what is wrong where."""

    def __init__(
        self, status: int, problem: Problem, wrong: tuple[Wrong, ...] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(problem.key)
        self.status = status
        self.problem = problem
        self.wrong = wrong
        self.headers = dict(headers or {})


class Missing(Problem):
    """It is not there, or not for this caller."""


def status_of(problem: Problem) -> int:
    """How HTTP calls it."""
    if isinstance(problem, Stale):
        return 409
    if isinstance(problem, Missing):
        return 404
    if isinstance(problem, Denied):
        return 403
    if isinstance(problem, Temporary):
        return 503
    return 422


def told(wording: Wording, language: str, ended: Answered) -> Response:
    """The document."""
    problem, status = ended.problem, ended.status
    facts = {name: str(value) for name, value in problem.facts.items()}
    detail = wording.problem(language, problem)
    kind = f"urn:inbox:problem:{problem.key}"
    title = HTTPStatus(status).phrase
    told = ProblemDocument(
        type=kind, title=title, status=status, detail=detail, key=problem.key, facts=facts, errors=list(ended.wrong)
    )
    body = json.dumps(told.model_dump(), ensure_ascii=False).encode("utf-8", "replace")
    again = {"retry-after": "1"} if status == 503 else {}
    return Response(body, status, {"content-language": language, **again, **ended.headers}, MEDIA)


def wrong(error: ValidationError, root: str = "") -> tuple[Wrong, ...]:
    """What pydantic found, each with its place."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[:MOST_WRONG]
    return tuple(
        Wrong(pointer=root + "".join(f"/{_escaped(p)}" for p in one["loc"]), reason=one["msg"]) for one in found
    )


def _escaped(part: object) -> str:
    """RFC 6901."""
    return str(part).replace("~", "~0").replace("/", "~1")
