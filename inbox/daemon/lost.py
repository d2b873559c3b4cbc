"""What the config names and cannot have: names of what is not there, a channel that goes on over one which cannot, a desk on one that
carries none."""

from collections.abc import Collection, Mapping

from inbox.daemon import written
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Misconfigured
from inbox.settings import Settings
from inbox.site import Site
from inbox.sla.policy import Policy


def names(settings: Settings, known: Mapping[str, Collection[str] | None]) -> list[Misconfigured]:
    """Keys of the config that name what is not there; of what nobody knows, nothing is said."""
    named = [("promise", "hours", settings.promise.hours)]
    for name, channel in settings.channels.items():
        keys = ("policy", "hours", "team", "continues_on", "menu")
        named += [(f"channel.{name}", key, getattr(channel.keys, key)) for key in keys]
        named += [(f"channel.{name}", "fields", one) for one in channel.keys.fields]
    named += [
        (f"menus.{name}.choices", "team", one.team) for name, menu in settings.menus.items() for one in menu.choices
    ]
    named += [(f"desk.{name}", "team", one.team) for name, one in settings.desk.items()]
    named += [("survey", "teams", one) for one in settings.survey.teams]
    named += [("survey", "channels", one) for one in settings.survey.channels]
    found = []
    for table, key, value in named:
        there = known[key]
        if value and there is not None and value not in there:
            listed = ", ".join(sorted(there)) or "-"
            where = f"config.toml: {table}"
            found.append(Misconfigured("config.unknown_name", where=where, name=key, value=value, known=listed))
    return found


def teams(site: Site, policies: Mapping[str, Policy], known: Collection[str]) -> list[Misconfigured]:
    """Steps of escalations that hand over to a team which is not there."""
    listed = ", ".join(sorted(known)) or "-"
    where = site.named(site.rules / written.POLICIES)
    gone = {(name, s.team) for name, policy in policies.items() for s in policy.steps if s.team and s.team not in known}
    return [
        Misconfigured(
            "config.unknown_name", where=f"{where}: policy.{name}.escalate", name="team", value=team, known=listed
        )
        for name, team in sorted(gone)
    ]


def ways_on(site: Site, settings: Settings) -> list[Misconfigured]:
    """Channels that go on over one which cannot take them: itself, or one where people must have written before."""
    found = []
    for name, channel in settings.channels.items():
        other = settings.channels.get(ChannelName(channel.keys.continues_on))
        if other is None:
            continue
        traits = other.adapter.codec(other.place(site.root, site.data, site.secret()), other.options).traits
        if other.name == name or not traits.subject:
            where = f"config.toml: channel.{name}"
            facts = {"name": "continues_on", "value": other.name}
            found.append(Misconfigured("config.cannot_continue", where=where, **facts))
    return found


def desks(site: Site, settings: Settings) -> list[Misconfigured]:
    """Desks on channels that carry none."""
    found = []
    for name, desk in settings.desk.items():
        channel = settings.channels[ChannelName(desk.channel)]
        place = channel.place(site.root, site.data, site.secret())
        if not channel.adapter.codec(place, channel.options).traits.desks:
            facts = {"name": "channel", "value": desk.channel, "kind": channel.kind}
            found.append(Misconfigured("config.no_desks", where=f"config.toml: desk.{name}", **facts))
    return found
