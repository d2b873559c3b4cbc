"""Actions on what a conversation is about: an asset named by hand, or taken off again."""

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done
from inbox.actions.phrases import Typed, coded
from inbox.pipeline import assets_named
from inbox.pipeline.reply import Refused
from inbox.store import assets, assets_found
from inbox.store.unit import Unit
from inbox.text.codes import code


class Asset(Arguments):
    """`code`: of the asset, in either digits, with spaces and hyphens or without. `off`: the conversation is not about it."""

    code: str = Field(min_length=1, max_length=300)
    off: bool = False


def actions() -> tuple[Action, ...]:
    """What is said of assets."""
    return (Action("asset", Asset, _asset, typed=Typed(coded, needed=True)),)


def _asset(unit: Unit, doing: Doing, wanted: Asset) -> Done:
    found = assets.coded(unit, [code(wanted.code)]).get(code(wanted.code))
    seen = None if found is None else assets_found.one(unit, doing.scope, found.id)
    if found is None or seen is None:
        raise Refused("assets.no_such", code=wanted.code[:60])
    turn = doing.turn(unit)
    facts = {
        "reference": turn.conversation.reference,
        "asset": f"{found.about.product} {found.about.model}".strip(),
        "serial": found.about.serial,
    }
    if wanted.off:
        if not assets_named.take(turn, found, doing.actor):
            raise Refused("assets.not_named", **facts)
    elif not assets_named.put(turn, found, doing.actor):
        return Done("done.asset_already", facts)
    turn.close()
    return Done("done.asset_off" if wanted.off else "done.asset", facts)
