"""What customers are asked, from the config: menus and the fields of forms; and what of it cannot be asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from inbox.domain.choices import Menu, Option
from inbox.domain.fields import Field
from inbox.domain.problems import Misconfigured
from inbox.rulebook.regexes import entire
from inbox.rulebook.values import Unfit
from inbox.settings import ChannelSettings, Settings
from inbox.settings.asked import ChoiceOptions, FieldOptions, KnownOptions, LabelOptions, OptionOptions
from inbox.site import Site


@dataclass(frozen=True, slots=True)
class Questions:
    """All that the config declares, by name."""

    menus: Mapping[str, Menu]
    fields: Mapping[str, Field]
    contact_fields: tuple[Field, ...] = ()
    organization_fields: tuple[Field, ...] = ()


def questions(settings: Settings) -> Questions:
    """As the path sees them."""
    menus = {name: Menu(name, _words(one.ask), _options(one.choices)) for name, one in settings.menus.items()}
    return Questions(
        menus,
        {name: _asked(name, one) for name, one in settings.fields.items()},
        tuple(_field(name, one) for name, one in settings.contact_fields.items()),
        tuple(_field(name, one) for name, one in settings.organization_fields.items()),
    )


def _asked(name: str, said: FieldOptions) -> Field:
    return replace(_field(name, said), required=said.required, only_for=said.only_for)


def _field(name: str, said: KnownOptions) -> Field:
    hints = {} if said.hint is None else _words(said.hint)
    labels, options = _words(said.label), _options(said.choices)
    return Field(name, said.kind, labels, hints, pattern=said.pattern, options=options)


def _words(said: LabelOptions) -> Mapping[str, str]:
    return {"fa": said.fa, "en": said.en}


def _options(choices: Iterable[OptionOptions]) -> tuple[Option, ...]:
    return tuple(
        Option(one.value, {"fa": one.fa, "en": one.en}, one.team if isinstance(one, ChoiceOptions) else "")
        for one in choices
    )


def unusable_forms(site: Site, settings: Settings) -> list[Misconfigured]:
    """Patterns that are none, forms where nobody sees them, and fields that wait for a choice which their channel does not offer."""
    declared: dict[str, Mapping[str, KnownOptions]] = {
        "fields": settings.fields,
        "contact_fields": settings.contact_fields,
        "organization_fields": settings.organization_fields,
    }
    found = [
        one
        for table, fields in declared.items()
        for name, field in fields.items()
        for one in _pattern(f"{table}.{name}", field)
    ]
    for channel in settings.channels.values():
        found += _form(site, settings, channel)
    return found


def _pattern(where: str, field: KnownOptions) -> Iterator[Misconfigured]:
    try:
        entire(field.pattern)
    except Unfit as unfit:
        detail = unfit.found[0][1].get("detail", "")
        yield Misconfigured(
            "config.bad_pattern", where=f"config.toml: {where}", name="pattern", value=field.pattern, detail=detail
        )


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
