"""Reads `rules/tone.toml`: the words by which a message sounds urgent, angry or abusive; the schema stands in docs/tone.md."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from inbox.domain.options import checked
from inbox.text.tone import TONES, ToneWords

Words = tuple[str, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToneTable(_Table):
    """The words of one tone by language. `without`: words of the shipped list that say nothing here."""

    fa: Words = ()
    en: Words = ()
    without: Words = ()


class DenialTable(_Table):
    """What denies a word, close before it or close behind it."""

    before: Words = ()
    after: Words = ()


class ToneFile(_Table):
    """The whole file. `extend`: its words are added to the shipped ones."""

    format: Literal[1] = 1
    extend: bool = False
    urgent: ToneTable = ToneTable()
    angry: ToneTable = ToneTable()
    abusive: ToneTable = ToneTable()
    denials: DenialTable = Field(default=DenialTable(), alias="not")

    def of(self, tone: str) -> ToneTable:
        """The table of one tone."""
        found = getattr(self, tone)
        assert isinstance(found, ToneTable)
        return found


def tone_words(table: Mapping[str, Any], where: str, shipped: Mapping[str, Any]) -> ToneWords:
    """The words of a site's file; `shipped`: the table of our own. Raises Misconfigured for the first thing that is wrong."""
    mine = checked(ToneFile, table, where)
    theirs = checked(ToneFile, shipped, "rules/tone.toml") if mine.extend else ToneFile()
    lists = {tone: _together(mine.of(tone), theirs.of(tone)) for tone in TONES}
    before = (*theirs.denials.before, *mine.denials.before)
    return ToneWords.of(lists, before, (*theirs.denials.after, *mine.denials.after))


def _together(mine: ToneTable, theirs: ToneTable) -> Sequence[str]:
    gone = {word.rstrip("*") for word in mine.without}
    return [word for word in (*theirs.fa, *theirs.en, *mine.fa, *mine.en) if word.rstrip("*") not in gone]
