"""The pen that writes on pages: the one file that knows fpdf2, and with it how letters are joined and lines are turned."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from inbox.text.bidi import Direction, direction_within
from inbox.text.cleaning import strip_controls

if TYPE_CHECKING:
    from fpdf.fonts import TTFFont

MARGIN, LINE = 14.0, 4.6
"""Millimetres, like all lengths here."""
INK, GREY, LINKED, RULE, FILL = (26, 28, 30), (92, 96, 102), (11, 87, 208), (200, 204, 208), (241, 243, 245)
MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""The date of making that every file has, so that the same sheet is the same bytes."""
_FONT = "Vazirmatn"
_HERE = Path(__file__).parent
_HAIR, _SPARE = 0.01, MARGIN / 2
_UNKNOWN = "\ufffd"


class Pen:
    """Writes on the pages of one document that is read `around`. Places are counted from the upper left corner."""

    def __init__(self, title: str, language: str, around: Direction, *, wide: bool) -> None:
        from fpdf import FPDF  # here, for it takes a third of a second, and most who start print nothing

        logging.getLogger("fpdf").setLevel(logging.WARNING)
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        self._around = around
        self._made = made = FPDF(orientation="landscape" if wide else "portrait", format="A4")
        made.set_creation_date(MADE)
        made.set_margins(MARGIN, MARGIN)
        made.set_auto_page_break(False)
        made.c_margin = 0
        made.add_font(_FONT, "", _HERE / "Vazirmatn-Regular.ttf")
        made.add_font(_FONT, "B", _HERE / "Vazirmatn-Bold.ttf")
        made.set_title(title)
        made.set_lang(language)
        made.set_draw_color(*RULE)
        made.set_fill_color(*FILL)
        made.set_line_width(0.2)
        self._measured: dict[tuple[str, str, float], float] = {}
        self.use(10)
        self._letters = frozenset(cast("TTFFont", made.current_font).cmap)

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self._made.epw

    @property
    def bottom(self) -> float:
        """Where the last line of a page ends: below it stands the number."""
        return self._made.h - MARGIN - 2 * LINE

    @property
    def foot(self) -> float:
        """Where the number of a page stands."""
        return self._made.h - MARGIN - LINE

    @property
    def page(self) -> int:
        """The number of the page that is written on; 0 before the first."""
        return self._made.page

    def turn(self) -> None:
        """A new page."""
        self._made.add_page()

    def back(self, page: int) -> None:
        """Write on a page that is there already."""
        self._made.page = page

    def use(self, size: float, *, bold: bool = False, ink: tuple[int, int, int] = INK) -> None:
        """Letters of so many points from here on."""
        self._made.set_font(_FONT, "B" if bold else "", size)
        self._made.set_text_color(*ink)

    def clean(self, text: str) -> str:
        """The text in letters that the font has; what it lacks is shown as missing. Line ends stay."""
        plain = strip_controls(text).replace("\r", "").replace("\t", " ")
        return "".join(one if ord(one) in self._letters or one == "\n" else _UNKNOWN for one in plain)

    def width(self, text: str) -> float:
        """How wide a text is that stands on one line."""
        key = (text, self._made.font_style, self._made.font_size_pt)
        if key not in self._measured:
            self._direct(text)
            self._measured[key] = max(map(self._made.get_string_width, text.split("\n")))
        return self._measured[key]

    def lines(self, text: str, width: float) -> int:
        """How many lines it takes."""
        if self._fits(text, width):
            return 1
        self._direct(text)
        height = self._made.multi_cell(width, LINE, text, dry_run=True, output="HEIGHT")
        return round(cast(float, height) / LINE)

    def write(
        self, text: str, x: float, y: float, width: float, *, height: float = LINE, end: bool = False, link: str = ""
    ) -> None:
        """The text from there downwards, on the side where reading begins, or at the `end`."""
        self._direct(text)
        right = (self._around == "rtl") != end
        # A line is broken by the sum of its letters, which is a little more than the line that they make; and `cell`, which
        # breaks none, sets the marks above Persian letters beside them.
        spare = _SPARE if self._fits(text, width) else 0
        self._made.set_xy(x - spare if right else x, y)
        align = "R" if right else "L"
        self._made.multi_cell(width + spare, height, text, align=align, link=link, new_x="LEFT", new_y="NEXT")

    def rule(self, x: float, y: float, width: float) -> None:
        """A thin line."""
        self._made.line(x, y, x + width, y)

    def ground(self, x: float, y: float, width: float, height: float) -> None:
        """A tinted ground."""
        self._made.rect(x, y, width, height, style="F")

    def file(self) -> bytes:
        """All that was written."""
        return bytes(self._made.output())

    def _fits(self, text: str, width: float) -> bool:
        return "\n" not in text and self.width(text) <= width + _HAIR

    def _direct(self, text: str) -> None:
        """A text in a document that is read the other way keeps its own way."""
        way = direction_within(text, self._around)
        self._made.set_text_shaping(True, direction=way)
