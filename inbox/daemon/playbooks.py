"""Building a playbook: rules, hours, policies, templates and macros read from the site, checked as a whole or not used at all."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from inbox.blobs.opening import opened
from inbox.daemon import lost, written
from inbox.daemon.macro_files import macros
from inbox.daemon.questions import Questions, questions, unusable_forms
from inbox.daemon.reckoned import Reckoned
from inbox.domain.contracts import Tier
from inbox.domain.desks import DeskPlan
from inbox.domain.facts import OWN
from inbox.domain.ids import ChannelName
from inbox.domain.people import Roster
from inbox.domain.problems import Misconfigured
from inbox.pipeline.playbook import (
    Assets,
    Brand,
    Budgets,
    Contracts,
    FollowingUp,
    Paging,
    Playbook,
    Promising,
    Speaker,
    Suggesting,
    Surveys,
)
from inbox.ports.codec import Traits
from inbox.render.messages import Templates
from inbox.rulebook.load import Refused, load
from inbox.rulebook.names import Names
from inbox.rulebook.rulebook import Rulebook
from inbox.rulebook.tone_file import tone_words
from inbox.settings import ChannelSettings, Settings
from inbox.site import Site, catalogues
from inbox.sla.closing import closed
from inbox.sla.hours import Calendar, Hours
from inbox.sla.hours_file import calendar_files, load_hours
from inbox.sla.policy import Policy, load_policies
from inbox.sla.tiers import Site as There
from inbox.sla.tiers import load_tiers
from inbox.store import decisions, live
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.tone import SILENT, ToneWords
from inbox.text.wording import load as load_wording


def playbook(
    site: Site,
    settings: Settings,
    roster: Roster,
    *,
    generation: int = 1,
    files: Mapping[str, str] | None = None,
    templates_given: Mapping[str, str] | None = None,
    all_templates: bool = True,
    all_macros: bool = True,
) -> Playbook:
    """The configuration as the path uses it; `files` are taken instead of the site's rule files, and instead of its hours and
    policies where those are among them; `templates_given` instead of its own templates. Without `all_templates` a broken one hinders
    only whoever comes to use it, without `all_macros` a broken macro.

    Raises an ExceptionGroup of Misconfigured with everything that is wrong.
    """
    problems: list[Misconfigured] = []
    texts = written.texts(site, problems, files)
    hours_table = _table(site, written.HOURS, texts, problems)
    policies_table = _table(site, written.POLICIES, texts, problems)
    calendars = written.calendars(site, texts, calendar_files(hours_table or {}), problems)
    hours = {name: closed(one, roster.closures) for name, one in _hours(site, hours_table, calendars, problems).items()}
    policies = _policies(site, policies_table, _named(hours_table, "hours"), problems)
    templates = Templates(site.templates, default=settings.site.language, given=templates_given)
    problems += templates.check() if all_templates else ()
    known_hours, known_policies = _named(hours_table, "hours"), _named(policies_table, "policy")
    tones = _tones(site, texts, problems)
    known = replace(names(settings, roster, known_policies or (), known_hours or (), templates), tones=tones)
    there_is = There(known_policies or (), known_hours or (), known.channels)
    tiers = {} if None in (known_policies, known_hours) else _tiers(site, texts, there_is, problems)
    unread = {key for key, found in (("hours", known_hours), ("policy", known_policies)) if found is None}
    rulebook = _rulebook(written.rules_of(texts), known, unread, problems)
    saved, unusable = macros(site, known)
    problems += [*unusable, *saved.check()] if all_templates and all_macros else ()
    there = {
        "team": known.teams,
        "policy": known_policies,
        "hours": known_hours,
        "continues_on": known.channels,
        "menu": settings.menus,
        "fields": settings.fields,
        "teams": known.teams,
        "channels": known.channels,
    }
    problems += lost.names(settings, there)
    problems += lost.ways_on(site, settings)
    problems += lost.desks(site, settings)
    problems += unusable_forms(site, settings)
    problems += lost.teams(site, policies, known.teams)
    if problems:
        raise ExceptionGroup("the site", problems)
    book = _assembled(site, settings, rulebook, hours, policies, templates, generation)
    return replace(book, others=written.others_of(texts), macros=saved, tiers=tiers, tones=tones)


def acting(store: Store, site: Site, settings: Settings, roster: Roster) -> Playbook:
    """The playbook for what people do: while files are wrong, what went live last holds, as in the daemon. Templates are looked
    at only where the daemon refused one; where none ever went live, a broken one hinders nobody who does not use it.

    Raises what `playbook` raises where that is not all that is wrong.
    """
    refused = store.read_now(live.state).problems
    if any(problem.key.startswith("template.") for problem in refused):
        try:
            return standing(store, site, settings, roster)[0]
        except ExceptionGroup:
            pass  # nothing that is whole: what does not need the broken one goes on
    return standing(store, site, settings, roster, all_templates=False)[0]


def standing(
    store: Store, site: Site, settings: Settings, roster: Roster, *, all_templates: bool = True
) -> tuple[Playbook, tuple[Misconfigured, ...]]:
    """The playbook of the site's files; or, while those are wrong, of the rules, hours, policies and templates that went live
    last, with all that is wrong. A broken macro is left out: it hinders nothing else.

    Raises what `playbook` raises where none ever went live, or where that is not all that is wrong.
    """
    try:
        return playbook(site, settings, roster, all_templates=all_templates), ()
    except ExceptionGroup as wrong:
        last = store.read_now(_last_good)
        for files, kept in ((None, None), *([] if last is None else [last])):
            again = partial(playbook, files=files, templates_given=kept, all_templates=all_templates, all_macros=False)
            try:
                return again(site, settings, roster), told(wrong)
            except ExceptionGroup:
                continue
        raise


def told(wrong: ExceptionGroup[Exception]) -> tuple[Misconfigured, ...]:
    """The problems that `playbook` raises."""
    return tuple(one for one in wrong.exceptions if isinstance(one, Misconfigured))


def names(
    settings: Settings,
    roster: Roster,
    policies: Iterable[str],
    hours: Iterable[str],
    templates: Templates,
) -> Names:
    """What rules may name on this site."""
    return Names(
        agents=frozenset(a.handle for a in roster.agents),
        teams=frozenset(t.name for t in roster.teams),
        policies=frozenset(policies),
        hours=frozenset(hours),
        channels=frozenset(settings.channels),
        brands=frozenset(settings.brands),
        webhooks=frozenset(roster.webhooks),
        templates={name: templates.languages(name) for name in templates.names() if name.partition("@")[0] not in OWN},
    )


def keep(unit: Unit, book: Playbook, how: str, now: datetime) -> None:
    """Store what goes live: explanations and a later start with a broken file need it."""
    decisions.put_revision(unit, book.rulebook.revision, book.rulebook.files, now)
    live.went(unit, book.rulebook.revision, how, book.others, now, book.templates.files.kept())


def last_good(store: Store) -> dict[str, str] | None:
    """The rule files that went live last, with hours and policies as they were then; None where none ever did."""
    found = store.read_now(_last_good)
    return None if found is None else found[0]


def _last_good(unit: Unit) -> tuple[dict[str, str], dict[str, str] | None] | None:
    """The same, and the site's own templates where they were kept."""
    found, now = decisions.last_revision(unit), live.state(unit).live
    if found is None:
        return None
    digest, files = found
    if now is None or now.revision != digest:
        return files, None
    return {**files, **now.others}, live.templates(unit, now.templates)


def _assembled(
    site: Site,
    settings: Settings,
    rulebook: Rulebook,
    hours: Mapping[str, Hours],
    policies: Mapping[str, Policy],
    templates: Templates,
    generation: int,
) -> Playbook:
    secret = site.secret()
    automatic = settings.automatic
    asked = questions(settings)
    return Playbook(
        language=settings.site.language,
        zone=settings.site.zone,
        rulebook=rulebook,
        policies=policies,
        calendars={name: Calendar(one) for name, one in hours.items()},
        channels={name: speaker(site, channel, secret, asked) for name, channel in settings.channels.items()},
        templates=templates,
        promising=Promising(
            percentile=settings.promise.percentile,
            horizon_days=settings.promise.horizon_days,
            samples=settings.promise.samples,
            hours=settings.promise.hours,
            notices=settings.promise.notices,
        ),
        budgets=Budgets(
            per_address_and_day=automatic.acknowledgements_per_address,
            per_conversation_and_hour=automatic.per_conversation_and_hour,
            per_minute=automatic.automatic_per_minute,
            first_sync=automatic.first_sync_acknowledgements,
        ),
        generation=generation,
        desks=desks(settings),
        sticky=settings.reply.takes,
        paging=Paging(settings.paging.again, settings.paging.steps),
        following_up=FollowingUp(
            settings.follow_up.country,
            settings.follow_up.call_tries,
            settings.follow_up.call_again,
            settings.follow_up.broadcast_per_minute,
            settings.follow_up.broadcast_rest,
        ),
        surveys=Surveys(**settings.survey.model_dump()),
        contracts=Contracts(**settings.contracts.model_dump()),
        hides=frozenset(settings.outside.hides),
        suggesting=Suggesting(**settings.suggestions.model_dump()),
        assets=Assets(settings.assets.days),
        blobs=opened(settings.blobs, site.root),
        contact_fields=asked.contact_fields,
        organization_fields=asked.organization_fields,
        public_url=settings.site.public_url.rstrip("/"),
        wording=load_wording(catalogues()),
        secret=secret,
    )


def speaker(site: Site, channel: ChannelSettings, secret: bytes, asked: Questions) -> Speaker:
    """A channel as the path sees it."""
    codec = channel.adapter.codec(channel.place(site.root, site.data, secret), channel.options)
    usual = timedelta(hours=codec.traits.reopen_within_hours)
    return Speaker(
        name=ChannelName(channel.name),
        kind=channel.kind,
        codec=codec,
        addresses=channel.adapter.addresses(channel.options),
        brand=Brand(channel.keys.brand, channel.brand.name, channel.brand.signature, channel.brand.accent),
        reopen_within=channel.keys.reopen_within or usual,
        policy=channel.keys.policy,
        team=channel.keys.team,
        hours=channel.keys.hours,
        automatic_per_hour=channel.keys.automatic_per_hour,
        continues_on=ChannelName(channel.keys.continues_on) if channel.keys.continues_on else None,
        leaves_after=channel.keys.leaves_after,
        menu=asked.menus.get(channel.keys.menu),
        self_service=channel.keys.self_service and asks_by_itself(codec.traits),
        fields=tuple(asked.fields[name] for name in channel.keys.fields),
        send_after=send_after(codec.traits) if channel.keys.send_after is None else channel.keys.send_after,
    )


def asks_by_itself(traits: Traits) -> bool:
    """Whether a network can have a menu: it has buttons, tells for certain who presses them, and shows what is no message."""
    return traits.buttons and traits.certain_sender and not traits.live and not traits.subject


def desks(settings: Settings) -> tuple[DeskPlan, ...]:
    """The desks as the path sees them."""
    return tuple(
        DeskPlan(name, ChannelName(one.channel), str(one.chat) if one.chat else "", one.team, one.mode)
        for name, one in settings.desk.items()
    )


def send_after(traits: Traits) -> timedelta:
    """How long an answer can be taken back where the config says nothing: people write mail more slowly than they chat."""
    return timedelta(seconds=10 if traits.subject else 3)


def _table(site: Site, file: str, texts: Mapping[str, str], problems: list[Misconfigured]) -> dict[str, Any] | None:
    """The tables of a file, or None where they cannot be known, which was told or is told here."""
    name = site.named(site.rules / file)
    if name not in texts:
        return None
    try:
        return tomllib.loads(texts[name])
    except tomllib.TOMLDecodeError as error:
        problems.append(Misconfigured("config.not_toml", where=name, reason=error))
        return None


def _tones(site: Site, texts: Mapping[str, str], problems: list[Misconfigured]) -> ToneWords:
    """By which words a message has a tone: the site's, else the shipped ones."""
    shipped = tomllib.loads((site.shipped / "rules" / written.TONE).read_text(encoding="utf-8"))
    name = site.named(site.rules / written.TONE)
    table = _table(site, written.TONE, texts, problems) if name in texts else shipped
    try:
        return SILENT if table is None else tone_words(table, name, shipped)
    except Misconfigured as problem:
        problems.append(problem)
        return SILENT


def _named(table: Mapping[str, Any] | None, kind: str) -> frozenset[str] | None:
    """What a file names, right or wrong: whoever uses the name of a broken entry has made no mistake. None: nobody knows."""
    if table is None:
        return None
    entries = table.get(kind, {})
    return frozenset(entries) if isinstance(entries, dict) else frozenset()


def _hours(
    site: Site, table: dict[str, Any] | None, files: Mapping[str, tuple[str, str]], problems: list[Misconfigured]
) -> dict[str, Hours]:
    if table is None:
        return {}
    try:
        return load_hours(table, site.named(site.rules / "hours.toml"), Reckoned(site), files.get)
    except ExceptionGroup as group:
        problems += group.exceptions  # type: ignore[arg-type]  # load_hours raises nothing else
        return {}


def _policies(
    site: Site, table: dict[str, Any] | None, hours: Collection[str] | None, problems: list[Misconfigured]
) -> dict[str, Policy]:
    """Nothing is said of policies while nobody knows the hours that they name."""
    if table is None or hours is None:
        return {}
    try:
        return load_policies(table, hours, site.named(site.rules / "policies.toml"))
    except ExceptionGroup as group:
        problems += group.exceptions  # type: ignore[arg-type]  # load_policies raises nothing else
        return {}


def _tiers(site: Site, texts: Mapping[str, str], there: There, problems: list[Misconfigured]) -> dict[str, Tier]:
    table = _table(site, written.TIERS, texts, problems)
    try:
        return {} if table is None else load_tiers(table, there, site.named(site.rules / written.TIERS))
    except ExceptionGroup as group:
        problems += group.exceptions  # type: ignore[arg-type]  # load_tiers raises nothing else
        return {}


def _rulebook(
    files: Mapping[str, str], known: Names, unread: Collection[str], problems: list[Misconfigured]
) -> Rulebook:
    try:
        return load(files, known)
    except Refused as refused:
        followed = {f"rules.unknown_{key}" for key in unread}  # the broken file is told of, and not all that name it
        problems += (problem for problem in refused.problems if problem.key not in followed)
        return Rulebook("")
