"""What customers are asked, from the config: menus and the fields of forms; and what of it cannot be asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inbox.domain.choices import Menu, Option
from inbox.domain.fields import Field
from inbox.domain.problems import Misconfigured
from inbox.rulebook.regexes import entire
from inbox.rulebook.values import Unfit
from inbox.settings import ChannelSettings, Settings
from inbox.settings.asked import ChoiceOptions, FieldOptions, LabelOptions, OptionOptions
from inbox.site import Site


@dataclass(frozen=True, slots=True)
class Questions:
    """All that the config declares, by name."""

    menus: Mapping[str, Menu]
    fields: Mapping[str, Field]


def questions(settings: Settings) -> Questions:
    """As the path sees them."""
    menus = {name: Menu(name, _words(one.ask), _options(one.choices)) for name, one in settings.menus.items()}
    return Questions(menus, {name: _field(name, one) for name, one in settings.fields.items()})


def _field(name: str, said: FieldOptions) -> Field:
    hints = {} if said.hint is None else _words(said.hint)
    labels, options = _words(said.label), _options(said.choices)
    return Field(name, said.kind, labels, hints, said.required, said.pattern, options, said.only_for)


def _words(said: LabelOptions) -> Mapping[str, str]:
    return {"fa": said.fa, "en": said.en}


def _options(choices: Iterable[OptionOptions]) -> tuple[Option, ...]:
    return tuple(
        Option(one.value, {"fa": one.fa, "en": one.en}, one.team if isinstance(one, ChoiceOptions) else "")
        for one in choices
    )


def unusable_forms(site: Site, settings: Settings) -> list[Misconfigured]:
    """Patterns that are none, forms where nobody sees them, and fields that wait for a choice which their channel does not offer."""
    found = [one for name, field in settings.fields.items() for one in _pattern(name, field)]
    for channel in settings.channels.values():
        found += _form(site, settings, channel)
    return found


def _pattern(name: str, field: FieldOptions) -> Iterator[Misconfigured]:
    try:
        entire(field.pattern)
    except Unfit as unfit:
        where = f"config.toml: fields.{name}"
        detail = unfit.found[0][1].get("detail", "")
        yield Misconfigured("config.bad_pattern", where=where, name="pattern", value=field.pattern, detail=detail)


def _form(site: Site, settings: Settings, channel: ChannelSettings) -> Iterator[Misconfigured]:
    where = f"config.toml: channel.{channel.name}"
    if not channel.keys.fields:
        return
    traits = channel.adapter.codec(channel.place(site.root, site.data, site.secret()), channel.options).traits
    if not traits.portal:
        yield Misconfigured("config.no_form", where=where, name="fields", kind=channel.kind)
    menu = settings.menus.get(channel.keys.menu)
    offered = {one.value for one in menu.choices} if menu else set()
    for name in channel.keys.fields:
        field = settings.fields.get(name)
        for value in () if field is None else (one for one in field.only_for if one not in offered):
            facts = {"value": value, "channel": channel.name, "known": ", ".join(sorted(offered)) or "-"}
            yield Misconfigured(
                "config.only_for_nothing", where=f"config.toml: fields.{name}", name="only_for", **facts
            )
