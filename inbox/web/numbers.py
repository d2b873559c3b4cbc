"""Numbers of rows, as browsers send them: in an address or a field, where anything may stand."""

from starlette.requests import Request

LARGEST = 2**63 - 1
"""The largest number that a database gives a row."""


def number(typed: str | None) -> int | None:
    """The number; None for what can be none. Only 0 to 9 count: other digits are no number of ours."""
    if not typed or not typed.isascii() or not typed.isdigit() or len(typed) > len(str(LARGEST)):
        return None
    found = int(typed)
    return found if found <= LARGEST else None


def of_path(request: Request, name: str) -> int:
    """The number in the address of a request; 0, which nothing has, where it is none."""
    return number(request.path_params[name]) or 0
