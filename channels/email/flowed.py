"""Flowed text (RFC 3676): lines that a mail program broke for the way are joined again."""


def unflowed(text: str, delsp: bool = False) -> str:
    """`text` with soft line breaks joined and space-stuffing undone; quoted lines flow only within their depth."""
    told: list[str] = []
    open_depth = -1
    pieces: list[str] = []
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        soft = body.endswith(" ") and body != "-- "
        if open_depth != depth and pieces:
            told.append(_quoted(open_depth, pieces))
            pieces = []
        pieces.append(body[:-1] if soft and delsp else body)
        open_depth = depth
        if not soft:
            told.append(_quoted(depth, pieces))
            pieces, open_depth = [], -1
    if pieces:
        told.append(_quoted(open_depth, pieces))
    return "\n".join(told)


def _quoted(depth: int, pieces: list[str]) -> str:
    joined = "".join(pieces)
    return f"{'>' * depth} {joined}" if depth else joined
