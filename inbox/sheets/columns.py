"""How wide the columns of a table are on paper: as wide as what stands in them, and where that is too wide, text gives way."""

from collections.abc import Sequence

NARROWEST = 14.0
"""Millimetres: no column wants less."""


def widths(wanted: Sequence[float], text: Sequence[bool], inner: float) -> list[float]:
    """The width of each column, by what it wants and whether it is text, which can be broken; together at most `inner`."""
    wanted = [max(NARROWEST, one) for one in wanted]
    spare = inner - sum(wanted)
    return _given(wanted, spare, text) if spare >= 0 else _taken(wanted, -spare, text, inner)


def _given(wanted: Sequence[float], spare: float, text: Sequence[bool]) -> list[float]:
    """What is left over goes to text, but never so much that the numbers of a row are far from its name."""
    whole = sum(one for one, takes in zip(wanted, text, strict=True) if takes)
    share = min(spare / whole, 1.0) if whole else 0.0
    return [one * (1 + share) if takes else one for one, takes in zip(wanted, text, strict=True)]


def _taken(wanted: Sequence[float], missing: float, text: Sequence[bool], inner: float) -> list[float]:
    """What is missing is taken from text as far as it can give, then from all alike."""
    least = [
        max(NARROWEST, min(one, inner / len(wanted))) if is_text else one
        for one, is_text in zip(wanted, text, strict=True)
    ]
    can = sum(one - low for one, low in zip(wanted, least, strict=True))
    if can >= missing:
        return [one - missing * (one - low) / can for one, low in zip(wanted, least, strict=True)]
    whole = sum(least)
    return [one * inner / whole for one in least]
