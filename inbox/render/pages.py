"""The house's own web pages: trusted files, every value escaped, every name that is missing an error."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inbox.render import filters


class Pages:
    """The pages under some folders, the first that has a file wins."""

    def __init__(self, places: Sequence[Path]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader([str(place) for place in places]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(filters.PAGES)

    def render(self, name: str, /, **facts: object) -> str:
        """The page `<name>.html.j2`. Its filters read `language`, `zone` and `now` from the facts."""
        return self._environment.get_template(f"{name}.html.j2").render(facts)
