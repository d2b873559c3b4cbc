"""A table of the config checked against its option class, with errors that name the key and offer the nearest right one."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from inbox.domain.problems import Misconfigured

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], table: Mapping[str, Any], where: str) -> M:
    """The table as an instance of `model`, defaults filled in. `where` names the table in error messages.

    Raises Misconfigured for the first thing that is wrong: `config.unknown_key` (facts `name`, `suggestion`),
    `config.missing_key` (`name`) or `config.bad_value` (`name`, `reason`). A validator that has a sentence of its own
    raises `PydanticCustomError` with the catalogue key as its type and the facts as its context.
    """
    try:
        return model.model_validate(dict(table))
    except ValidationError as error:
        raise _told(model, error, where) from None


def _told(model: type[BaseModel], error: ValidationError, where: str) -> Misconfigured:
    """Unknown keys first: a misspelt key is often also the reason why another one is missing."""
    first = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    path = [str(part) for part in first["loc"]]
    name = path[-1] if path else ""
    place = ".".join([where, *path[:-1]])
    if first["type"] == "extra_forbidden":
        known = _keys(_table(model, path[:-1]) or model)
        return Misconfigured("config.unknown_key", where=place, name=name, suggestion=_nearest(name, known))
    if first["type"] == "missing":
        return Misconfigured("config.missing_key", where=place, name=name)
    facts = first.get("ctx", {})
    if "." in first["type"]:
        # A table may be wrong as a whole; it is then the place, and not a key in the table above.
        place = ".".join([where, *path]) if _table(model, path) else place
        return Misconfigured(first["type"], where=place, **{"name": name, **facts})
    reason = str(facts["error"]) if "error" in facts else first["msg"]
    return Misconfigured("config.bad_value", where=place, name=name, reason=reason)


def _nearest(name: str, known: list[str]) -> str:
    """The known key that was probably meant; all of them where none is near."""
    import difflib  # here, for whoever mistyped a key

    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return close[0] if close else ", ".join(known)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _table(model: type[BaseModel], path: list[str]) -> type[BaseModel] | None:
    """The class of the table at `path` below `model`; None where no table stands there, but a value."""
    found: type[BaseModel] | None = model
    for part in path:
        if found is None or part not in found.model_fields:
            # A position in a list, or a name in a table of tables: the class stays that of the key above.
            continue
        found = next(iter(_classes(found.model_fields[part].annotation)), None)
    return found


def _classes(annotation: Any) -> list[type[BaseModel]]:
    """The option classes that an annotation such as `Smtp | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [kind for part in getattr(annotation, "__args__", ()) for kind in _classes(part)]
