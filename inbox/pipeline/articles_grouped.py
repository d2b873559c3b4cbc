"""What conversations are about, by what several of them share: a word of what was asked, a tag, a department, at last a team. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inbox.domain.ids import TeamId
from inbox.store.articles_uncovered import Uncovered
from inbox.text.fold import fold_spaced
from inbox.text.telling import root, telling

WORDS = 12
"""Telling words of what was asked that are looked at."""
MOST_GROUPS = 12
EVERYWHERE = 0.5
"""A word that more of them share, where they are many, tells nothing."""
MANY = 20
TOGETHER = 0.5
"""A second word names a group where so many of it share it."""

Kind = Literal["word", "tag", "department", "team", "rest"]
KINDS: tuple[Kind, ...] = ("word", "tag", "department", "team", "rest")
Label = tuple[Kind, str]
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Group:
    """Conversations about one thing: what they share, and they themselves, the latest first."""

    kind: Kind
    about: str
    matters: tuple[Uncovered, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.matters)


def grouped(matters: Sequence[Uncovered], teams: Mapping[TeamId, str]) -> list[Group]:
    """The largest first; each conversation in one group. What shares nothing with another is grouped by its team, then left over."""
    roots: dict[str, str] = {}
    every = [_labels(one, roots) for one in matters]
    sharing = _sharing(every)
    labels = [tuple(label for label in several if label in sharing) for several in every]
    groups: list[Group] = []
    left = dict.fromkeys(range(len(matters)))
    while len(groups) < MOST_GROUPS and sharing:
        label = max(sharing, key=lambda one: (len(sharing[one]), -KINDS.index(one[0]), one[1]))
        inside = sorted(sharing[label])
        if len(inside) < 2:
            break
        groups.append(Group(label[0], _named(label, inside, matters, labels, roots), tuple(matters[n] for n in inside)))
        for n in inside:
            del left[n]
            for other in labels[n]:
                sharing[other].discard(n)
    return [*sorted(groups, key=lambda one: -one.count), *_by_team([matters[n] for n in left], teams)]


def _labels(one: Uncovered, roots: dict[str, str]) -> tuple[Label, ...]:
    """All that it may share with others, words by their roots."""
    said = [roots.setdefault(word, root(word)) for word in telling(one.asked, WORDS)]
    found: list[Label] = [("word", word) for word in dict.fromkeys(said)]
    found += [("tag", tag) for tag in one.tags]
    found += [("department", one.department)] if one.department else []
    return tuple(found)


def _sharing(labels: Sequence[Sequence[Label]]) -> dict[Label, set[int]]:
    found: dict[Label, set[int]] = {}
    for n, several in enumerate(labels):
        for label in several:
            found.setdefault(label, set()).add(n)
    most = EVERYWHERE * len(labels) if len(labels) > MANY else len(labels)
    return {
        label: those for label, those in found.items() if len(those) > 1 and (label[0] != "word" or len(those) <= most)
    }


def _spelt(of: str, inside: Iterable[Uncovered], roots: Mapping[str, str]) -> str:
    """How a root is most often written in these, with the letters of whoever wrote it."""
    said = Counter(
        word
        for one in inside
        for word in _WORD.findall(one.asked)
        for folded in fold_spaced(word).split()
        if roots.get(folded) == of
    )
    return next((word for word, _ in said.most_common(1)), of)


def _named(
    label: Label,
    inside: Sequence[int],
    matters: Sequence[Uncovered],
    labels: Sequence[Sequence[Label]],
    roots: Mapping[str, str],
) -> str:
    """The word that they share, and a second one that most of them do, in the order in which they are said."""
    if label[0] != "word":
        return label[1]
    theirs = [matters[n] for n in inside]
    beside = Counter(other[1] for n in inside for other in labels[n] if other[0] == "word" and other != label)
    second = [word for word, count in beside.most_common(1) if count >= max(2, TOGETHER * len(inside))]
    named = {label[1], *second}
    said = next(labels[n] for n in inside if named <= {other[1] for other in labels[n]})
    return " ".join(_spelt(other[1], theirs, roots) for other in said if other[0] == "word" and other[1] in named)


def _by_team(matters: Sequence[Uncovered], teams: Mapping[TeamId, str]) -> list[Group]:
    found: dict[str, list[Uncovered]] = {}
    for one in matters:
        found.setdefault(teams.get(one.team, "") if one.team is not None else "", []).append(one)
    ordered = sorted(found.items(), key=lambda each: (not each[0], -len(each[1])))
    return [Group("team" if name else "rest", name, tuple(those)) for name, those in ordered]
