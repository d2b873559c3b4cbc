"""A page as it is read: its elements, its words, and the one who looks at it."""

from html.parser import HTMLParser

from inbox.domain.ids import AgentId
from tests.web.asking import Answer, Visitor
from tests.web.sites import OMID, Site

VOID = {"meta", "link", "img", "input", "br", "rect", "path", "circle"}


class Page(HTMLParser):
    """Checks that elements nest, and remembers them with their attributes and the text of the page."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(answer.text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        """All text, in one line."""
        return " ".join(" ".join(self.text).split())


async def inside(site: Site, agent: AgentId = OMID) -> Visitor:
    """Somebody who is signed in."""
    visitor = Visitor(site.app())
    assert (await visitor.sign_in(site.link(f"token-{agent}", agent))).status == 303
    return visitor
