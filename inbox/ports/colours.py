"""One accent, readable everywhere: whatever colour a brand has, its letters and the letters on it keep their contrast."""

from collections.abc import Callable, Sequence

READABLE = 4.6
"""A little above the contrast that WCAG 2.2 (1.4.3) asks of text: colours are rounded."""
_WHITE, _INK = (255.0, 255.0, 255.0), (16.0, 20.0, 24.0)
_DIMMEST_LIGHT, _BRIGHTEST_DARK = (239.0, 238.0, 234.0), (39.0, 44.0, 50.0)
"""The grounds of the style sheets on which the accent is hardest to read."""

Colour = Sequence[float]


def accented(selector: str, accent: str) -> str:
    """The style rules that give an element `--accent` (a ground, and letters) and `--on-accent`, in light and in dark."""
    own = [float(int(accent[at : at + 2], 16)) for at in (1, 3, 5)]
    light = _shades(own, _DIMMEST_LIGHT, (0.0, 0.0, 0.0))
    dark = _shades(own, _BRIGHTEST_DARK, _WHITE)
    return f"{selector}{{{light}}}\n@media (prefers-color-scheme: dark){{{selector}{{{dark}}}}}\n"


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _shades(own: Colour, ground: Colour, towards: Colour) -> str:
    accent = _moved(own, towards, lambda colour: contrast(colour, ground) >= READABLE)
    on = _WHITE if contrast(accent, _WHITE) >= READABLE else _INK
    return f"--accent:{_hex(accent)};--on-accent:{_hex(on)}"


def _moved(colour: Colour, towards: Colour, good: Callable[[Colour], bool]) -> Colour:
    """The colour, moved by the fewest twentieths that are good; black and white are good on their grounds."""
    steps = ([one + (other - one) * n / 20 for one, other in zip(colour, towards, strict=True)] for n in range(21))
    return next(step for step in steps if good(step))


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(one):02x}" for one in colour)


def _luminance(colour: Colour) -> float:
    parts = [one / 255 for one in colour]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
