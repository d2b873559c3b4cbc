"""The description of the API: OpenAPI 3.1, made of the operations and of the models that check what comes and what goes."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from inbox.web.api.acting import LONGEST_KEY
from inbox.web.api.models import ProblemDocument
from inbox.web.api.operation import FARTHEST, Operation
from inbox.web.api.problems import MEDIA

VERSION = "1"
BASE = "/api/v1"
_ABOUT = """Reads and actions of an Inbox site. A token (`inbox tokens add`) is shown as `Authorization: Bearer`; what lies outside
of what it sees looks as if it did not exist. Problems are RFC 9457 documents whose `detail` is written in the language of
`Accept-Language` (en, fa). Lists have `next`, and a `Link` header. An action takes an `Idempotency-Key`, under which it is
done once, and an `If-Match` with a conversation's ETag."""
_WHY = {
    400: "No JSON.",
    401: "No token, or one that does not stand.",
    403: "The token does not reach so far, or its agent may not do this.",
    404: "Not there, or not for this token.",
    409: "Something newer was said that the author had not seen.",
    412: "The conversation has come to another version.",
    413: "Too large.",
    415: "Another type than the one that is taken.",
    422: "Not what is taken here, or not possible now.",
    429: "Too often.",
    503: "Cannot be done just now; try again.",
}
_PLACES: dict[str, dict[str, Any]] = {
    "reference": {"type": "string", "minLength": 4, "maxLength": 12, "pattern": "^[0-9A-Za-z]+$", "example": "K7Q2"},
    "name": {"type": "string", "minLength": 1, "maxLength": 63, "pattern": "^[a-z0-9._-]+$"},
    "id": {"type": "integer", "minimum": 1, "maximum": FARTHEST - 1},
}


def described(operations: Sequence[Operation], server: str) -> dict[str, Any]:
    """The whole document; `server`: the address of the site."""
    named, schemas = _schemas(operations)
    paths: dict[str, Any] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Inbox", "version": VERSION, "description": " ".join(_ABOUT.split())},
        "servers": [{"url": f"{server}{BASE}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": _parameters(),
            "responses": _problems(named[ProblemDocument]),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "`inbox tokens add`"}},
        },
    }


def _schemas(operations: Iterable[Operation]) -> tuple[dict[type[BaseModel], dict[str, Any]], dict[str, Any]]:
    """Where each model is described, and the descriptions."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(ProblemDocument, "serialization"): None}
    for one in operations:
        if one.body is not None:
            wanted[one.body, "validation"] = None
        if one.answer is not None:
            wanted[one.answer, "serialization"] = None
    found, whole = models_json_schema(list(wanted), ref_template="#/components/schemas/{model}")
    schemas = {name: _in_json(schema) for name, schema in whole["$defs"].items()}
    return {model: found[model, mode] for model, mode in wanted}, schemas


def _in_json(schema: Any) -> Any:
    """Bytes are sent in base64."""
    if isinstance(schema, dict):
        if schema.get("format") == "binary":
            return {"type": "string", "contentEncoding": "base64", "pattern": "^(?:[A-Za-z0-9+/]{4})*$"}
        return {name: _in_json(one) for name, one in schema.items()}
    return [_in_json(one) for one in schema] if isinstance(schema, list) else schema


def _operation(one: Operation, named: dict[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"{one.description} Reach: `{one.reach.value}`.".strip(),
        "parameters": [*_places(one), *_query(one), *_headers(one)],
        "responses": _responses(one, named),
    }
    if one.body is not None:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": named[one.body]}}}
    elif one.takes:
        made["requestBody"] = {"required": True, "content": {one.takes: {"schema": {"type": "string"}}}}
    return made


def _places(one: Operation) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": _PLACES[name]} for name in one.places]


def _query(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    whole = one.query.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.get("description", ""),
            "schema": _plain({k: v for k, v in schema.items() if k not in ("description", "title")}),
        }
        for name, schema in whole["properties"].items()
    ]


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """In an address there is no null: what is not said is left out."""
    others = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    return others[0] if others else schema


def _headers(one: Operation) -> list[dict[str, Any]]:
    if not one.acts:
        return []
    wanted = ("Once", "Version") if "reference" in one.places else ("Once",)
    return [{"$ref": f"#/components/parameters/{name}"} for name in wanted]


def _parameters() -> dict[str, Any]:
    """The headers that acts take."""
    key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"}
    once = "A key of yours: sent again with it, the act is not done again, and answered as the first time."
    held = "The ETag that the conversation must still have."
    tag = {"type": "string", "pattern": r'^(\*|"[0-9]+")$'}
    return {
        "Once": {"name": "Idempotency-Key", "in": "header", "description": once, "schema": key},
        "Version": {"name": "If-Match", "in": "header", "description": held, "schema": tag},
    }


def _problems(problem: dict[str, Any]) -> dict[str, Any]:
    """Each status that is none of success, told alike wherever it is one."""
    told = {"content": {MEDIA: {"schema": problem}}}
    return {f"Problem{status}": {"description": why, **told} for status, why in _WHY.items()}


def _responses(one: Operation, named: dict[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": one.summary}
    if one.answer is not None:
        good["content"] = {"application/json": {"schema": named[one.answer]}}
    elif one.gives:
        good["content"] = {one.gives: {"schema": {"type": "string"}}}
    others = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(_statuses(one))}
    return {str(one.status): good, **others}


def _statuses(one: Operation) -> set[int]:
    found = {401, 403, 422, 429, 503}
    if one.places:
        found.add(404)
    if one.body is not None or one.takes:
        found |= {400, 413, 415}
    if one.acts:
        found |= {404, 409, 412}
    return found
