"""What a message is about: the codes that stand in it are looked up at once, and the conversation is told of the assets that have them.

The law of privacy: a code is no secret, so whoever types one learns nothing by it. Customers are told of an asset only where it is
theirs, or their organization's; whose it is otherwise, only agents and rules get to know. No template has the name of an owner.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from inbox.domain.assets import Asset, Whose, whose
from inbox.domain.events import HOUSE, Actor, AssetNamed
from inbox.domain.facts import AssetTold
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import AssetId, ConversationId, MessageId
from inbox.domain.people import Contact
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.rulebook.facts import AssetFacts
from inbox.store import assets, assets_named
from inbox.store.unit import Unit
from inbox.text.codes import MOST, candidates, code

MOST_NAMED = 20
"""Assets of one message that are told of, the first in it."""
_FIRST: Sequence[Whose] = ("writer", "organization", "none", "other")


def name_assets(turn: Turn, said: InboundMessage, message: MessageId, actor: Actor) -> None:
    """Tell of the assets whose codes a message has: what its sender chose, its subject, its newly written words."""
    chosen = (code(said.about),) if said.about else ()
    named(turn, (*chosen, *candidates(said.subject), *candidates(said.reply_text or said.text)), message, actor)


def name_in_words(turn: Turn, text: str, message: MessageId, actor: Actor) -> None:
    """The same of the words that it has now."""
    named(turn, candidates(text), message, actor)


def named(turn: Turn, codes: Sequence[str], message: MessageId, actor: Actor) -> None:
    """One look at the store for all of them. What the conversation is about already is not told again, nor what one of us took off."""
    wanted = list(islice(dict.fromkeys(codes), MOST))
    found = assets.coded(turn.unit, wanted)
    live = [found[one] for one in wanted if one in found and found[one].retired_at is None][:MOST_NAMED]
    if not live:
        return
    known = assets_named.known(turn.unit, turn.conversation.id)
    for asset in live:
        if asset.id not in known:
            _tell(turn, asset, message, actor)


def put(turn: Turn, asset: Asset, actor: Actor) -> bool:
    """One of us says that the conversation is about it; False where it is known."""
    if assets_named.known(turn.unit, turn.conversation.id).get(asset.id):
        return False
    _tell(turn, asset, None, actor)
    return True


def put_by_number(turn: Turn, id: AssetId) -> None:
    """The conversation began for the sake of it."""
    asset = assets.one(turn.unit, id)
    if asset is not None:
        put(turn, asset, HOUSE)


def take(turn: Turn, asset: Asset, actor: Actor) -> bool:
    """One of us says that it is not; False where nobody said that it was. No message brings it back."""
    if not assets_named.known(turn.unit, turn.conversation.id).get(asset.id):
        return False
    assets_named.take(turn.unit, turn.conversation.id, asset.id, turn.now)
    turn.tell(AssetNamed("asset_named", asset.id, asset.about.serial, undone=True), actor)
    return True


def take_over(turn: Turn, other: ConversationId, messages: Sequence[MessageId] | None = None) -> None:
    """What another conversation is about, this one is about as well: it goes into this one, or these `messages` of it do."""
    known = assets_named.known(turn.unit, turn.conversation.id)
    for asset, message in assets_named.by_message(turn.unit, other):
        if asset.id not in known and (messages is None or message in messages):
            _tell(turn, asset, message, HOUSE)


def _tell(turn: Turn, asset: Asset, message: MessageId | None, actor: Actor) -> None:
    assets_named.put(turn.unit, turn.conversation.id, asset.id, message, turn.now)
    turn.tell(AssetNamed("asset_named", asset.id, asset.about.serial, message), actor)


# -- what is told of them ----------------------------------------------------------------------------------------------
def chosen(unit: Unit, matter: ConversationId, who: Contact) -> Asset | None:
    """The one asset that a conversation is most likely about: theirs before their organization's before others', and of these the one
    that was named last."""
    every = assets_named.of(unit, matter)
    return min(every, key=lambda one: _FIRST.index(whose(one, who.id, who.organization)), default=None)


def facts_of(turn: Turn, who: Contact, playbook: Playbook) -> AssetFacts:
    """What rules may look at, as it is on the day of the turn where we are."""
    fresh = not turn.before.version and not any(isinstance(one.payload, AssetNamed) for one in turn.told)
    asset = None if fresh else chosen(turn.unit, turn.conversation.id, who)
    if asset is None:
        return AssetFacts()
    day = playbook.day(turn.now)
    return AssetFacts(
        found=True,
        product=asset.about.product,
        model=asset.about.model,
        warranty=asset.cover("warranty", day),
        service=asset.cover("service", day),
        owner=whose(asset, who.id, who.organization),
    )


def told_of(unit: Unit, matter: ConversationId, who: Contact, playbook: Playbook, now: datetime) -> AssetTold | None:
    """What a customer may be told of: None unless it is theirs, or their organization's."""
    asset = theirs(unit, matter, who)
    return None if asset is None else told(asset, playbook, now)


def theirs(unit: Unit, matter: ConversationId, who: Contact) -> Asset | None:
    """The one that a conversation is about, if it is theirs or their organization's."""
    asset = chosen(unit, matter, who)
    own = asset is not None and whose(asset, who.id, who.organization) in ("writer", "organization")
    return asset if own else None


def told(asset: Asset, playbook: Playbook, now: datetime) -> AssetTold:
    """An asset as templates have it."""
    about, day = asset.about, playbook.day(now)
    return AssetTold(
        product=about.product,
        model=about.model,
        serial=about.serial,
        in_warranty=asset.cover("warranty", day) == "in",
        warranty_until=_noon(about.warranty_until, playbook),
        in_service=asset.cover("service", day) == "in",
        service_until=_noon(about.service_until, playbook),
    )


def _noon(day: date | None, playbook: Playbook) -> datetime | None:
    """Templates tell instants, each in its reader's calendar."""
    return None if day is None else datetime.combine(day, time(12), ZoneInfo(playbook.zone))
