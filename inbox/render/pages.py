"""The house's own web pages: trusted files, every value escaped, every name that is missing an error."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from inbox.render import filters
from inbox.render.folding import Folded
from inbox.text.wording import Wording


class Pages:
    """The pages under some folders, the first that has a file wins. With `wording` each language has its own compiled pages, in
    which what they say each time alike stands already; the facts then name one of its languages."""

    def __init__(self, places: Sequence[Path], wording: Wording | None = None) -> None:
        options: dict[str, Any] = {
            "loader": FileSystemLoader([str(place) for place in places]),
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "auto_reload": False,
        }
        self._of = (
            {one: Folded(wording, one, autoescape=True, **options) for one in wording.languages} if wording else {}
        )
        self._plain = Environment(autoescape=True, **options)
        for environment in (self._plain, *self._of.values()):
            environment.filters.update(filters.PAGES)

    def render(self, name: str, /, **facts: object) -> str:
        """The page `<name>.html.j2`. Its filters read `language`, `zone` and `now` from the facts."""
        return self._environment(facts).get_template(f"{name}.html.j2").render(facts)

    def block(self, name: str, block: str, /, **facts: object) -> str:
        """One named block of that page, as it stands in the whole. KeyError where the page has none of that name."""
        template = self._environment(facts).get_template(f"{name}.html.j2")
        context = template.new_context(facts)
        # A page begins with its imports and with those of what it extends; the first words of the whole come after them.
        next(template.root_render_func(context), None)
        return "".join(context.blocks[block][0](context))

    def _environment(self, facts: Mapping[str, object]) -> Environment:
        return self._of[str(facts["language"])] if self._of else self._plain
