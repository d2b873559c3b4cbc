"""Numbers in addresses and forms: read as digits, bounded before anybody asks the store for them."""

from starlette.requests import Request

FARTHEST = 2**62
"""Beyond it there is no number of anything, and a database would refuse it."""
_DIGITS = 19


def number(typed: str) -> int | None:
    """What stands there; None for what is no number of anything."""
    if not typed.isascii() or not typed.isdigit() or len(typed) > _DIGITS or int(typed) > FARTHEST:
        return None
    return int(typed)


def of_path(request: Request, name: str) -> int:
    """The number in the address of a request; 0, which nothing has, where it is none."""
    return number(request.path_params[name]) or 0
