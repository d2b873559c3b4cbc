"""Addresses and folders: short names in Latin or Persian letters, safe in a URL and as the name of a folder."""

import re
import unicodedata
from urllib.parse import quote

from inbox.text.cleaning import strip_controls

HELP = "/help"
"""Where customers read articles."""
LONGEST = 80
"""Characters of an address or of one part of a folder's path; in Persian 160 bytes, of the 255 that a file system takes."""
DEEPEST = 6
"""Folders in one another."""
RESERVED = frozenset({"files", "new", "feed", "search", "folders", "freshness", "preview"})
"""What pages and the folders of files call something else."""
_APART = re.compile(r"[^\w]+|_+")
_ADDRESS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def page(language: str, slug: str) -> str:
    """Where customers read an article in a language."""
    return f"{HELP}/{language}/{quote(slug, safe='')}"


def slug_of(title: str) -> str:
    """An address for a title: its words in small letters with hyphens between them; "article" where it has none."""
    plain = unicodedata.normalize("NFKC", strip_controls(title)).lower()
    words = [word for word in _APART.split(unicodedata.normalize("NFC", plain)) if word]
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        made = longer
    return made if is_slug(made) else f"article-{made}" if is_slug(f"article-{made}") else "article"


def is_slug(name: str) -> bool:
    """Whether a name can be an address, or one part of a folder's path."""
    if not 0 < len(name) <= LONGEST or name in RESERVED or name != unicodedata.normalize("NFC", name).lower():
        return False
    return _ADDRESS.fullmatch(name) is not None and len(name.encode()) <= 240


def is_folder(path: str) -> bool:
    """Whether this is a folder's path; the empty one is that of all of them."""
    parts = path.split("/")
    return not path or (len(parts) <= DEEPEST and all(map(is_slug, parts)))
