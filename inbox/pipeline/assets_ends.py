"""The end of warranties and services: some while before it a conversation with the owner begins, once for each step, so that somebody
sees to it. The owner is told nothing by that."""

from datetime import datetime

from inbox.domain.assets import Asset, Warning
from inbox.pipeline.assets_near import near, next_look
from inbox.pipeline.occasion import Occasion, begin
from inbox.pipeline.playbook import Playbook
from inbox.store import assets_warned
from inbox.store.unit import Unit
from inbox.text.dates import day_of


def tell_of_terms(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """A conversation with its owner begins for each term that comes near its end; at how many assets was looked."""
    assets_warned.count_anew(unit, playbook.assets.warn_before, playbook.zone, playbook.day(now), now)
    found = assets_warned.due(unit, now)
    for asset, since in found:
        for warning in near(asset, since, playbook, now):
            if assets_warned.told(unit, warning, None, now):
                _begin(unit, asset, warning, playbook, now)
        assets_warned.look_at(unit, asset.id, next_look(asset, playbook, now))
    return len(found)


def _begin(unit: Unit, asset: Asset, warning: Warning, playbook: Playbook, now: datetime) -> None:
    """Of what belongs to nobody whom we could write to, or to an organization alone, it stands in the list of what ends soon."""
    about = asset.about
    if about.contact is None:
        return
    called = f"{about.product} {about.model}".strip()
    told = {"product": called, "serial": about.serial, "day": day_of(warning.until, playbook.language)}
    words = [
        playbook.wording.say(playbook.language, f"assets.{warning.term}_ends.{part}", **told)
        for part in ("subject", "note")
    ]
    occasion = Occasion(about.contact, warning.term, asset.id, f"{called} ({about.serial})", warning.until, *words)
    matter = begin(unit, occasion, playbook, now)
    if matter is not None:
        assets_warned.matter_is(unit, warning, matter.id)
