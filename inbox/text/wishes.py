"""The languages that a browser says its reader wants."""


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header (RFC 9110, 12.5.4), the best first; at most ten are looked at."""
    wishes: list[tuple[float, str]] = []
    for part in header.split(",")[:10]:
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=")) if quality.strip() else 1.0
        except ValueError:
            continue
        if 0 < weight <= 1:
            wishes.append((weight, tag.strip()))
    return [tag for _, tag in sorted(wishes, key=lambda wish: -wish[0])]
