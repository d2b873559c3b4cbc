"""Every update of the corpus, one quirk each and named by it, says exactly what its expected JSON says."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from channels.telegram.codec import BotCodec
from channels.telegram.dialect import TABLE
from channels.telegram.options import BotOptions
from channels.telegram.said import Said
from inbox.domain.happenings import Happening, InboundMessage
from inbox.domain.secrets import SecretReference

FOLDER = Path(__file__).parent
ENDING = ".update.json"
NAMES = sorted(file.name.removesuffix(ENDING) for file in FOLDER.glob(f"*{ENDING}"))


@pytest.fixture(scope="module")
def codec() -> BotCodec:
    """A codec of the bot that the corpus is addressed to."""
    options = BotOptions(bot="example_desk_bot", token=SecretReference("env", ("T",)), groups=(-500,))
    return BotCodec(options, TABLE["telegram"])


def told(happening: Happening) -> dict[str, Any]:
    """What a happening says beyond its defaults; the fingerprint is another test's affair."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(happening):
        value = getattr(happening, field.name)
        if field.name != "fingerprint" and value != field.default:
            found[field.name] = told(value) if isinstance(value, InboundMessage) else value
    return dict(json.loads(json.dumps(found, default=plain)))


def plain(value: Any) -> Any:
    """Instants and inner values as JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: getattr(value, f.name) for f in dataclasses.fields(value) if getattr(value, f.name) != f.default
        }
    return value.isoformat()


@pytest.mark.parametrize("name", NAMES)
def test_an_update_is_read_as_expected(codec: BotCodec, name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))
    assert [told(one) for one in codec.parse((FOLDER / f"{name}{ENDING}").read_bytes())] == expected


def test_each_message_has_a_fingerprint_of_its_own(codec: BotCodec) -> None:
    kinds = ("bot-fa-text", "bot-edited", "bot-button", "bot-blocked", "bot-let-in-again", "bot-group-moved")
    said = [codec.reader.happenings(Said(json.loads((FOLDER / f"{name}{ENDING}").read_bytes()))) for name in kinds]
    assert len({one.fingerprint for many in said for one in many}) == len(kinds)
    moves = [
        codec.reader.happenings(Said(json.loads((FOLDER / f"{name}{ENDING}").read_bytes())))[0].fingerprint
        for name in ("bot-group-moved", "bot-group-moved-as-told-in-the-new-one")
    ]
    assert moves[0] == moves[1], "told twice and meant once"


def test_the_corpus_of_updates_is_as_large_as_it_says() -> None:
    assert len(NAMES) >= 55
