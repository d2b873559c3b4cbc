"""A site's templates folder in a temporary place, written file by file."""

from pathlib import Path

from inbox.domain.problems import Misconfigured
from inbox.render import Templates

SHIPPED = Path(__file__).parents[3] / "templates"


class Place:
    """`templates/` of a site that is being written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, path: str, text: str) -> "Place":
        """One file below `messages/`."""
        file = self.folder / "messages" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return self

    def templates(self, default: str = "en") -> Templates:
        """This place before the shipped one."""
        return Templates([self.folder, SHIPPED], default=default)

    def findings(self, body: str, file: str = "body.txt.j2") -> list[Misconfigured]:
        """What `check` finds when the acknowledgement reads so."""
        self.write(f"acknowledgement/en/{file}", body)
        return self.templates().check()
