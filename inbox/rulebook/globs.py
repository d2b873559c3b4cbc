"""Patterns with `*` for any run of characters: for addresses, file names and header values, in linear time, without regexes."""

from dataclasses import dataclass

from inbox.text.fold import fold


@dataclass(frozen=True, slots=True)
class Glob:
    """A folded pattern in the pieces between its stars; `*` is the only sign with a meaning."""

    pieces: tuple[str, ...]

    def fits(self, folded: str) -> bool:
        """Whether the whole of an already folded value fits the pattern."""
        first, *rest = self.pieces
        if not rest:
            return folded == first
        if not folded.startswith(first):
            return False
        *middle, last = rest
        at = len(first)
        # The leftmost place is always a right choice, since between two pieces anything may stand.
        for piece in middle:
            at = folded.find(piece, at)
            if at < 0:
                return False
            at += len(piece)
        return len(folded) - at >= len(last) and folded.endswith(last)


def glob(pattern: str) -> Glob:
    """`pattern` made ready: `"billing@*"` fits every address of that mailbox; letter case and Arabic ي ك make no difference."""
    return Glob(tuple(fold(pattern).split("*")))
