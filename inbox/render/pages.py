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

    def block(self, name: str, block: str, /, **facts: object) -> str:
        """One named block of that page, as it stands in the whole. KeyError where the page has none of that name."""
        context = self._environment.get_template(f"{name}.html.j2").new_context(facts)
        # A page begins with its imports and with those of what it extends; the first words of the whole come after them.
        next(self._environment.get_template(f"{name}.html.j2").root_render_func(context), None)
        return "".join(context.blocks[block][0](context))
