"""A list of people as it was pasted or lies in a file: addresses, one a line or in a table with other columns."""

from inbox.text import spreadsheets

HEADS = frozenset({"address", "addresses", "email", "e-mail", "mail", "نشانی", "نشانی‌ها", "ایمیل"})
MOST = 20_000


def whom(text: str) -> tuple[str, ...]:
    """What stands there of addresses, each once, in their order. Raises ValueError for what is no table, or too long a one."""
    found: dict[str, None] = {}
    for row in spreadsheets.read(text.encode()):
        for cell in row:
            for part in (one.strip() for one in cell.replace("؛", ";").split(";")):
                alone = len(row) == 1 and part.lower() not in HEADS
                if part and (alone or "@" in part or (":" in part and " " not in part)):
                    found[part] = None
    if len(found) > MOST:
        raise ValueError(f"more than {MOST}")
    return tuple(found)
