"""Finding a command by a few letters of it: folded words of either language, at their beginning, within, or in their order."""

from collections.abc import Iterable

from inbox.text.fold import squeeze, words

NOT = 0


def closeness(typed: str, names: Iterable[str]) -> int:
    """How well something of these names answers to what was typed: 0 not at all, then the more the better.

    Nothing typed answers to everything alike. Every word that was typed has to be found.
    """
    sought = words(typed)
    if not sought:
        return 1
    return max((_in(sought, name) for name in names), default=NOT)


def _in(sought: list[str], name: str) -> int:
    there, run = words(name), squeeze(name)
    found = [_word(one, there, run) for one in sought]
    return NOT if NOT in found else min(found) * 10 + (there[:1] != [] and there[0].startswith(sought[0]))


def _word(one: str, there: list[str], run: str) -> int:
    if one in there:
        return 4
    if any(word.startswith(one) for word in there):
        return 3
    if one in run:
        return 2
    letters = iter(run)
    return 1 if len(one) > 1 and all(letter in letters for letter in one) else NOT
