"""Mail addresses out of a header: one reader for identity and for display, linear in its input (RFC 5322, 3.4)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email import charsets, encodedwords
from inbox.domain.happenings import Address
from inbox.text.cleaning import clean_header

MOST = 500

_SIMPLE = re.compile(
    rb"(?:([A-Za-z0-9_ .'-]*[A-Za-z0-9_.'-]) +)?<([A-Za-z0-9_.+=/'-]+@[A-Za-z0-9.-]+)>|([A-Za-z0-9_.+=/'-]+@[A-Za-z0-9.-]+)"
)
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|[^\"<>,;:()\\]+|\\.|.", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")
_FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f<>,;:()\[\]\\]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST = 320


def addresses(value: bytes) -> tuple[tuple[Address, ...], bool]:
    """The mailboxes of one field, at most 500, and whether all of it could be read.

    Groups (`name: a, b;`) count as their members. Addresses are in lower case with the domain in its ASCII form; names are
    decoded after the field is taken apart, so an encoded comma parts nothing.
    """
    simple = _SIMPLE.fullmatch(value)
    if simple:
        name, angle, bare = simple.groups()
        return (Address((angle or bare).decode("ascii").lower(), (name or b"").decode("ascii").strip("' ")),), True
    text = value.decode("ascii") if value.isascii() else charsets.decode(value)[0]
    found: list[Address] = []
    whole = True
    for mailbox in _mailboxes(text):
        made = mailbox.address()
        whole = whole and mailbox.angles < 2
        if made is None:
            whole = whole and mailbox.empty
        elif len(found) >= MOST:
            return tuple(found), False
        else:
            found.append(made)
    return tuple(found), whole


def grouped(value: bytes) -> bool:
    """Whether a field names a group (`name: a, b;`). In From nobody writes one (RFC 6854), and readers disagree whose mail it is then."""
    if b":" not in value or b";" not in value:
        return False
    text, depth, colon = value.decode("latin-1"), 0, False
    for piece in _TOKEN.findall(text):
        depth += 1 if piece in "(<" else -1 if piece in ")>" and depth else 0
        if depth == 0 and piece == ":":
            colon = True
        elif depth == 0 and piece == ";" and colon:
            return True
    return False


def normal(address: str) -> str:
    """An address as it is compared: lower case, the domain in its ASCII form; empty where it cannot be one."""
    local, at, domain = address.strip().rpartition("@")
    if not (local and at and domain) or len(address) > _LONGEST or _FORBIDDEN.search(domain):
        return ""
    quoted = local.startswith('"') and local.endswith('"') and len(local) > 2
    if _CONTROLS.search(local) or (not quoted and (_FORBIDDEN.search(local) or '"' in local or "@" in local)):
        return ""
    domain = ascii_domain(domain).lower()
    # Preparing a name for its ASCII form may turn a letter into a space.
    return "" if not domain or _FORBIDDEN.search(domain) else f"{local.lower()}@{domain}"


def ascii_domain(domain: str) -> str:
    """The domain in its ASCII form (RFC 5890); itself where it has none."""
    if domain.isascii():
        return domain.rstrip(".")
    try:
        return domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        clean = clean_header(domain)
        return clean if clean == domain else ascii_domain(clean)


@dataclass(slots=True)
class _Mailbox:
    """One mailbox while it is read."""

    phrase: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    angles: int = 0
    comments: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return self.angle is None and not "".join(self.phrase).strip()

    def address(self) -> Address | None:
        phrase = " ".join("".join(self.phrase).split())
        if self.angle is not None:
            address = normal("".join(self.angle).rpartition(":")[2])  # a source route (RFC 5322, 4.4) says nothing
            return Address(address, _readable(phrase or " ".join(self.comments))) if address else None
        words = phrase.replace(" @ ", "@").split(" ")
        found = [word for word in words if "@" in word]
        if len(found) != 1:
            return None
        address = normal(found[0])
        rest = " ".join(word for word in words if word != found[0])
        return Address(address, _readable(rest or " ".join(self.comments))) if address else None


def _mailboxes(text: str) -> Iterator[_Mailbox]:
    now, depth, within = _Mailbox(), 0, False
    for piece in _TOKEN.findall(text):
        if piece == "(" or (depth and piece == ")"):
            depth += 1 if piece == "(" else -1
        elif depth:
            now.comments.append(piece.strip())
        elif within:
            within = piece != ">"
            if within and now.angle is not None:
                now.angle.append(piece)
        elif piece == "<":
            # A second address in one mailbox hides the first from some readers; the last one is what servers use.
            now.angle, now.angles, within = [], now.angles + 1, True
        elif piece in ",;":
            yield now
            now = _Mailbox()
        elif piece == ":":
            now.phrase.clear()
        else:
            now.phrase.append(_unquoted(piece) if now.angle is None else "")
    yield now


def _unquoted(token: str) -> str:
    if len(token) > 1 and token[0] == token[-1] == '"':
        return _ESCAPE.sub(r"\1", token[1:-1])
    return token[1:] if token[0] == "\\" else token


def _readable(name: str) -> str:
    return clean_header(encodedwords.decode(name) if "=?" in name else name).strip("'\" ")
