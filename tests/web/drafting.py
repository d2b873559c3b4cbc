"""A site whose templates somebody is writing, behind the pages that show them."""

from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from inbox.runtime.drafts import ask
from inbox.web.app import app
from inbox.web.frame import Drafts
from tests.unit.render.places import SHIPPED, Place
from tests.web import rulebooks
from tests.web.sites import WORDING, Site


@dataclass(frozen=True, slots=True)
class Drafting:
    """`place`: the site's own templates folder."""

    site: Site
    place: Place

    @classmethod
    def on(cls, site: Site, folder: Path) -> "Drafting":
        """With an empty folder of its own."""
        return cls(site, Place(folder / "templates"))

    def app(self) -> ASGIApp:
        """The application, with the drafts read in real children."""
        site, drafts = self.site, Drafts((self.place.folder, SHIPPED), ask)
        return app(
            site.store,
            WORDING,
            site.options,
            site.clock,
            ready=lambda: True,
            playbook=rulebooks.book,
            drafts=drafts,
        )
