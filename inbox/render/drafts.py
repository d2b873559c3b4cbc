"""Drafts: what is asked of template files as they are at this moment, and answered without anything else of the house.

Somebody is still writing them, so the question is answered in a limited process of its own: see `inbox.runtime.drafts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inbox.domain.facts import Facts
from inbox.domain.problems import Misconfigured
from inbox.render.examples import examples
from inbox.render.messages import Origin, Rendered, Templates
from inbox.render.shelf import PARTS_FOLDER

SHORT = {"ack": "acknowledgement", "ack-neutral": "acknowledgement-neutral"}
"""What people type for the longest names."""


@dataclass(frozen=True, slots=True)
class Look:
    """Asks for all templates: which there are, and everything that is wrong with them."""

    places: tuple[Path, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Try:
    """Asks for one message. `facts` None: those of the example of that number, counted from 0."""

    places: tuple[Path, ...]
    default: str
    name: str
    language: str
    variants: tuple[str, ...] = ()
    facts: Facts | None = None
    example: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: `level` is `error` or `warning`, the rest a problem's key and facts."""

    level: str
    key: str
    facts: Mapping[str, str]

    @classmethod
    def of(cls, problem: Misconfigured, level: str = "error") -> "Fault":
        """From a problem."""
        return cls(level, problem.key, {name: str(value) for name, value in problem.facts.items()})

    @property
    def where(self) -> str:
        """File and line."""
        return self.facts.get("where", "")


@dataclass(frozen=True, slots=True)
class Standing:
    """One template with its variants. `languages` by variant (empty: the plain one); `own` and `shipped`: whether files of
    the site and shipped ones belong to it."""

    name: str
    languages: Mapping[str, tuple[str, ...]]
    own: bool
    shipped: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question; of a message only as much as the faults left. `examples`: how many there are;
    `known`: whether there is anything of that name."""

    faults: tuple[Fault, ...] = ()
    templates: tuple[Standing, ...] = ()
    rendered: Rendered | None = None
    origins: tuple[Origin, ...] = ()
    examples: int = 0
    known: bool = True


def answer(question: Look | Try) -> Answer:
    """Read the files and say what they make."""
    templates = Templates(question.places, default=question.default)
    return _looked(templates) if isinstance(question, Look) else _tried(templates, question)


def full(name: str) -> str:
    """The template that is meant by a name or its short form: `ack` for `acknowledgement`."""
    return SHORT.get(name, name)


def about(faults: Sequence[Fault], name: str) -> list[Fault]:
    """Those of a template and its variants."""
    begins = tuple(f"templates/messages/{name}{after}" for after in ("/", "@"))
    return [one for one in faults if f"{one.where}/".startswith(begins)]


def _looked(templates: Templates) -> Answer:
    errors = tuple(Fault.of(one) for one in templates.check())
    warnings = tuple(Fault.of(one, "warning") for one in templates.warnings())
    plain = dict.fromkeys(name.partition("@")[0] for name in (*templates.names(), *_parts(templates)))
    return Answer(errors + warnings, tuple(_standing(templates, name) for name in sorted(plain)))


def _parts(templates: Templates) -> list[str]:
    return [name for name in templates.files.folders if name.partition("@")[0] == PARTS_FOLDER]


def _standing(templates: Templates, name: str) -> Standing:
    files = templates.files
    found: dict[str, set[str]] = {}
    origins = set()
    for file in files.all():
        folder = file.parent.parent
        plain, _, variant = folder.name.partition("@")
        if plain == name and folder.parent.name == "messages":
            found.setdefault(variant, set()).add(file.parent.name)
            origins.add(files.own(file))
    return Standing(
        name, {v: tuple(sorted(spoken)) for v, spoken in sorted(found.items())}, True in origins, False in origins
    )


def _tried(templates: Templates, asked: Try) -> Answer:
    cases = examples(asked.name, asked.language)
    facts = asked.facts or cases[asked.example if 0 <= asked.example < len(cases) else 0]
    wrong = [one for one in templates.faults(asked.name) if _spoken(one, asked.language)]
    faults = tuple(Fault.of(one) for one in wrong)
    try:
        origins = templates.origins(asked.name, asked.language, asked.variants)
        rendered = templates.message(asked.name, asked.language, facts, variants=asked.variants)
    except Misconfigured as problem:
        known = asked.name in {name.partition("@")[0] for name in templates.names()}
        return Answer(faults or (Fault.of(problem),), examples=len(cases), known=known)
    return Answer(faults, rendered=rendered, origins=origins, examples=len(cases))


def _spoken(problem: Misconfigured, language: str) -> bool:
    """Whether it is about files of that language, or of none."""
    folders = str(problem.facts["where"]).split("/")
    return len(folders) < 5 or folders[3] == language
