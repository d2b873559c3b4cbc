"""vCards read and written: 4.0 (RFC 6350), 3.0 (RFC 2426) and, read only, 2.1 as telephones write it."""

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Version = Literal["3.0", "4.0"]
FOLDED = 75
"""Bytes of a line, its end apart (RFC 6350, 3.2)."""
MOST_LINES = 2_000
"""Lines of one card that are read: what stands behind them is a picture that nobody cut."""
LONGEST_LINE = 64 * 1024
"""Characters of an unfolded line that is read: a longer one is a picture."""
_LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;(?:\"[^\"]*\"|[^\":;])*)*):(?P<value>.*)", re.DOTALL
)
_PARAMETER = re.compile(r";((?:\"[^\"]*\"|[^\";])*)")
_VALUES = re.compile(r"(?:\"[^\"]*\"|[^,\"])+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B")


@dataclass(frozen=True, slots=True)
class Card:
    """One person. `messengers`: `kind:address`; `more`: what is written down of them, by name."""

    name: str = ""
    mails: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()
    messengers: tuple[str, ...] = ()
    organization: str = ""
    role: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""
    note: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: Mapping[str, tuple[str, ...]]
    value: str

    def parts(self, cut: str) -> list[str]:
        """The parts between cuts that no backslash stands before, as they were meant."""
        found, begins = list[str](), 0
        for one in re.finditer(rf"\\.|{re.escape(cut)}", self.value, re.DOTALL):
            if one[0] == cut:
                found.append(self.value[begins : one.start()])
                begins = one.end()
        return [_plain(one) for one in (*found, self.value[begins:])]

    @property
    def first(self) -> int:
        """How much it is preferred, 1 most (RFC 6350, 5.3; `TYPE=pref` before it)."""
        given = self.parameters.get("PREF", ("",))[0]
        if given.isascii() and given.isdigit():
            return int(given)
        return 1 if "pref" in (one.lower() for one in self.parameters.get("TYPE", ())) else 101


def read(content: bytes) -> list[Card]:
    """The cards of a file, in order. ValueError for what is none."""
    lines = list(_lines(_text(content)))
    if not any(_is(line, "BEGIN", "VCARD") for line in lines):
        raise ValueError("no BEGIN:VCARD")
    return [_card(card) for card in _cards(lines)]


def _text(content: bytes) -> str:
    """UTF-8 or UTF-16 as a mark says; letters of another charset stand behind quoted-printable, or are what Windows wrote."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256" if b"\xc7" in content else "cp1252", "replace")


def _lines(text: str) -> Iterator[str]:
    """Unfolded (RFC 6350, 3.2); quoted-printable goes on behind a `=` at the end of a line (2.1)."""
    whole = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and whole:
            whole += line[1:]
        elif whole.endswith("=") and _quoted(whole):
            whole = whole[:-1] + line
        else:
            if whole:
                yield whole
            whole = line
    if whole:
        yield whole


def _quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _is(line: str, name: str, value: str) -> bool:
    return line.strip().upper() == f"{name}:{value}"


def _cards(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines of each card; a card within a card (2.1 AGENT) is not told."""
    depth, card = 0, list[str]()
    for line in lines:
        if _is(line, "BEGIN", "VCARD"):
            depth += 1
            card = [] if depth == 1 else card
        elif _is(line, "END", "VCARD"):
            depth = max(0, depth - 1)
            if depth == 0:
                yield card
                card = []
        elif depth == 1 and len(card) < MOST_LINES:
            card.append(line)
    if card:
        yield card  # a file that was cut off: what there is of its last card


def _card(lines: Iterable[str]) -> Card:
    found: dict[str, list[_Property]] = {}
    for line in lines:
        one = _property(line)
        if one is not None:
            found.setdefault(one.name, []).append(one)

    def several(name: str) -> list[_Property]:
        return sorted(found.get(name, []), key=lambda one: one.first)

    def text(name: str) -> str:
        return next((words for one in several(name) if (words := _line(_plain(one.value)))), "")

    named = next(iter(several("N")), None)
    more = {
        one.parameters["NAME"][0]: _plain(one.value) for one in several("X-INBOX-FIELD") if "NAME" in one.parameters
    }
    return Card(
        name=text("FN") or (_called(named) if named else "") or text("NICKNAME"),
        mails=_each(one.value for one in several("EMAIL")),
        telephones=_each(_plain(one.value) for one in several("TEL")),
        messengers=_each(one.value for one in several("IMPP")),
        organization=next((_line(one.parts(";")[0]) for one in several("ORG")), ""),
        role=text("TITLE") or text("ROLE"),
        categories=_each(part for one in several("CATEGORIES") for part in one.parts(",")),
        language=text("LANG").lower().partition("-")[0],
        note="\n".join(_plain(one.value).strip() for one in several("NOTE")),
        more=more,
    )


def _called(name: _Property) -> str:
    """Family, given, further names, what stands before and after (RFC 6350, 6.2.2), in the order in which they are said."""
    family, given, further, before, after = [*name.parts(";"), *[""] * 5][:5]
    return _line(" ".join((before, given, further, family, after)))


def _property(line: str) -> _Property | None:
    match = _LINE.match(line) if len(line) <= LONGEST_LINE else None
    if match is None:
        return None
    parameters: dict[str, tuple[str, ...]] = {}
    for written in _PARAMETER.findall(match["parameters"]):
        name, sign, value = written.partition("=")
        if not sign:  # 2.1: the name of a parameter may be left out
            name, value = ("ENCODING" if name.upper() in _ENCODINGS else "TYPE"), name
        values = tuple(part.strip('"') for part in _VALUES.findall(value))
        parameters[name.upper()] = (*parameters.get(name.upper(), ()), *values)
    value = match["value"]
    if parameters.get("ENCODING", ("",))[0].upper() == "QUOTED-PRINTABLE":
        value = _unquoted(value, parameters.get("CHARSET", ("utf-8",))[0])
    return _Property(match["name"].upper(), parameters, value)


def _unquoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8"))
    try:
        return raw.decode(charset if charset.lower() in ("utf-8", "iso-8859-1", "windows-1256", "cp1256") else "utf-8")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda one: "\n" if one[1] in "nN" else one[1], value)


def _line(value: str) -> str:
    return " ".join(value.split())


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for value in values if (one := _line(value.removeprefix("tel:")))))


# -- written -----------------------------------------------------------------------------------------------------------
def written(cards: Iterable[Card], version: Version = "4.0") -> str:
    """The file."""
    return "".join(_folded(line) for card in cards for line in _written(card, version))


def _written(card: Card, version: Version) -> Iterator[str]:
    yield from ("BEGIN:VCARD", f"VERSION:{version}", f"FN:{_escaped(card.name)}")
    first, _, last = card.name.rpartition(" ")
    yield f"N:{_escaped(last)};{_escaped(first)};;;"
    pref = ";TYPE=pref" if version == "3.0" else ";PREF=1"
    for name, values in (("EMAIL", card.mails), ("TEL", card.telephones), ("IMPP", card.messengers)):
        for number, value in enumerate(values):
            yield f"{name}{pref if number == 0 and len(values) > 1 else ''}:{_flat(value)}"
    if card.organization:
        yield f"ORG:{_escaped(card.organization)}"
    if card.role:
        yield f"TITLE:{_escaped(card.role)}"
    if card.categories:
        yield f"CATEGORIES:{','.join(map(_escaped, card.categories))}"
    if card.language and version == "4.0":  # 3.0 has no such property
        yield f"LANG:{card.language}"
    for name, value in card.more.items():
        yield f"X-INBOX-FIELD;NAME={name}:{_escaped(value)}"
    yield "END:VCARD"


def _escaped(value: str) -> str:
    plain = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _flat(value: str) -> str:
    return "".join(value.splitlines())


def _folded(line: str) -> str:
    """At most `FOLDED` bytes a line, and no letter cut in two."""
    rows, row, size = list[str](), "", 0
    for letter in line:
        width = len(letter.encode("utf-8"))
        if size + width > FOLDED:
            rows, row, size = [*rows, row], " ", 1
        row, size = row + letter, size + width
    return "\r\n".join([*rows, row]) + "\r\n"
