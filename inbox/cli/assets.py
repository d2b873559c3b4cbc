"""`inbox assets`: what customers own, found by its code; what is agreed about it, its documents, and the conversations about it."""

from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from inbox.blobs import Blobs
from inbox.cli.acting import act
from inbox.cli.assets_table import bring, export
from inbox.cli.attached import enclosed
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, scope
from inbox.domain.assets import TERMS, About, Asset
from inbox.domain.ids import AssetId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import assets as verbs
from inbox.pipeline import assets_shown
from inbox.pipeline.assets_shown import Shown
from inbox.pipeline.assets_written import Reading, read
from inbox.store import assets_enclosed, assets_found
from inbox.store.assets import By, coded, one
from inbox.store.assets_found import Owned, Sought
from inbox.store.unit import Unit
from inbox.text.codes import code
from inbox.text.dates import day_of, table
from inbox.text.fold import latin_digits

Which = Annotated[str, typer.Argument(help="cli.assets.argument.code", metavar="CODE")]
Day = Annotated[str | None, typer.Option(help="cli.assets.option.day", metavar="DAY")]
Owner = Annotated[str | None, typer.Option(help="cli.assets.option.owner")]
Text = Annotated[str | None, typer.Option(help="cli.assets.option.text")]
COLUMNS = ("id", "serial", "product", "model", "owner", "organization", "warranty_until", "service_until")


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.assets.help")
    group.command("list", help="cli.assets.list.help")(listed)
    group.command("show", help="cli.assets.show.help")(show)
    group.command("add", help="cli.assets.add.help")(new)
    group.command("change", help="cli.assets.change.help")(change)
    group.command("retire", help="cli.assets.retire.help")(retire)
    group.command("link", help="cli.assets.link.help")(link)
    group.command("documents", help="cli.assets.documents.help")(documents)
    group.command("export", help="cli.assets.export.help")(export)
    group.command("import", help="cli.assets.import.help")(bring)
    app.add_typer(group, name="assets")


def listed(
    ctx: typer.Context,
    words: Annotated[str, typer.Argument(help="cli.assets.argument.words", metavar="[WORDS]")] = "",
    ending: Annotated[
        int | None, typer.Option(min=0, max=3660, help="cli.assets.option.ending", metavar="DAYS")
    ] = None,
    retired: Annotated[bool, typer.Option("--retired", help="cli.assets.option.retired")] = False,
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="cli.option.limit")] = 100,
) -> None:
    """By the beginning of a code, a part of the product, the name of the owner."""
    context = of(ctx)
    today = context.now().astimezone(context.zone).date()
    near = None if ending is None else (today, today + timedelta(days=ending))
    sought = Sought(words=words, ending=near, retired=retired)
    found = context.store.read_now(assets_found.listing, Scope.house(), sought, most=most)
    context.printer.rows(COLUMNS, [_row(one) for one in found])
    if not found:
        context.printer.line(context.say("cli.assets.empty"))


def _row(found: Owned) -> dict[str, object]:
    about = found.asset.about
    return {
        "id": found.asset.id,
        "serial": about.serial,
        "product": about.product,
        "model": about.model,
        "owner": found.contact or (about.contact and f"#{about.contact}"),
        "organization": found.organization,
        "warranty_until": about.warranty_until,
        "service_until": about.service_until,
    }


def show(ctx: typer.Context, which: Which) -> None:
    """All that is known of one."""
    context = of(ctx)
    asset = context.store.read_now(_found, which)
    shown = context.store.read_now(assets_shown.whole, scope(context), asset.id)
    assert shown is not None
    if context.printer.json:
        context.printer.document(asdict(shown))
    else:
        _tell(context, shown)


def _tell(context: Context, shown: Shown) -> None:
    line, say, asset = context.printer.line, context.say, shown.asset
    about, today = asset.about, context.now().astimezone(context.zone).date()
    line(say("cli.assets.head", id=asset.id, product=f"{about.product} {about.model}".strip(), serial=about.serial))
    if asset.retired_at is not None:
        line(say("web.assets.retired", at=table(asset.retired_at, context.language, context.zone)))
    if shown.owner or shown.organization:
        line(say("cli.assets.owned", owner=shown.owner or "-", organization=shown.organization or "-"))
    if about.bought_on is not None:
        line(say("cli.assets.bought", day=day_of(about.bought_on, context.language)))
    for term, terms in zip(TERMS, (about.warranty_terms, about.service_terms), strict=True):
        until, cover = asset.until(term), asset.cover(term, today)
        day = day_of(until, context.language) if until else ""
        line(" ".join(part for part in (say(f"web.assets.{term}.{cover}", day=day), terms) if part))
    if about.notes:
        line(about.notes)
    for document in shown.documents:
        line(say("cli.assets.document", number=document.id, name=document.name))
    for matter in shown.matters:
        line(f"{matter.reference}  {say(f'state.{matter.state.value}')}  {matter.subject}")


def new(
    ctx: typer.Context,
    serial: Annotated[str, typer.Option(help="cli.assets.option.serial")],
    product: Annotated[str, typer.Option(help="cli.assets.option.product")],
    model: Text = None,
    owner: Owner = None,
    organization: Text = None,
    bought_on: Day = None,
    warranty_until: Day = None,
    warranty_terms: Text = None,
    service_until: Day = None,
    service_terms: Text = None,
    notes: Text = None,
) -> None:
    """A new one."""
    context = of(ctx)
    given = _given(locals())
    made = context.store.write_now(lambda unit: _added(unit, given, context))
    _said(context, "cli.assets.added", made)


def change(
    ctx: typer.Context,
    which: Which,
    serial: Text = None,
    product: Text = None,
    model: Text = None,
    owner: Owner = None,
    organization: Text = None,
    bought_on: Day = None,
    warranty_until: Day = None,
    warranty_terms: Text = None,
    service_until: Day = None,
    service_terms: Text = None,
    notes: Text = None,
) -> None:
    """What is not named stays as it is; `-` says that there is none."""
    context = of(ctx)
    given = _given(locals())
    given.pop("which", None)
    changed, asset = context.store.write_now(lambda unit: _changed(unit, which, given, context))
    _said(context, "cli.assets.changed" if changed else "cli.assets.same", asset)


def _given(named: dict[str, object]) -> dict[str, str]:
    return {name: "" if value == "-" else value for name, value in named.items() if isinstance(value, str)}


def _reading(context: Context) -> Reading:
    return Reading(context.playbook(), Scope.house(), context.now())


def _by(context: Context) -> By:
    return By(context.acting().id if context.chosen.agent else None, "cli")


def _added(unit: Unit, given: dict[str, str], context: Context) -> Asset:
    about: About = read(unit, given, None, _reading(context))
    return verbs.add(unit, about, _by(context), context.playbook(), context.now())


def _changed(unit: Unit, which: str, given: dict[str, str], context: Context) -> tuple[bool, Asset]:
    was = _found(unit, which)
    about = read(unit, given, was.about, _reading(context))
    changed = verbs.change(unit, was, about, _by(context), context.playbook(), context.now())
    return changed, _found(unit, f"#{was.id}")


def _found(unit: Unit, which: str) -> Asset:
    """By its code, or by its number behind a `#`."""
    number = latin_digits(which).removeprefix("#")
    if which.startswith("#") and number.isascii() and number.isdigit() and len(number) < 17:
        found = one(unit, AssetId(int(number)))
    else:
        found = coded(unit, [code(which)]).get(code(which)) if code(which) else None
    if found is None:
        raise Problem("assets.no_such", code=which[:60])
    return found


def _said(context: Context, key: str, asset: Asset) -> None:
    about = asset.about
    called = f"{about.product} {about.model}".strip()
    context.printer.done(key, id=asset.id, product=called, serial=about.serial)


def retire(
    ctx: typer.Context,
    which: Which,
    back: Annotated[bool, typer.Option("--back", help="cli.assets.option.back")] = False,
) -> None:
    """It is out of use, or in use again."""
    context = of(ctx)
    asset = context.store.read_now(_found, which)
    by, book, now = _by(context), context.playbook(), context.now()
    context.store.write_now(partial(verbs.retire, was=asset, by=by, playbook=book, now=now, back=back))
    _said(context, "cli.assets.back" if back else "cli.assets.retired", asset)


def link(
    ctx: typer.Context,
    reference: Ref,
    which: Which,
    off: Annotated[bool, typer.Option("--off", help="cli.assets.option.off")] = False,
) -> None:
    """A conversation is about it, or is not."""
    act(of(ctx), "asset", reference, {"code": which, "off": off})


def documents(
    ctx: typer.Context,
    which: Which,
    put: Annotated[Path | None, typer.Option("--put", help="cli.assets.option.put", metavar="FILE")] = None,
    take: Annotated[int | None, typer.Option("--take", help="cli.assets.option.take", metavar="NUMBER")] = None,
    get: Annotated[int | None, typer.Option("--get", help="cli.assets.option.get", metavar="NUMBER")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="cli.assets.option.to", metavar="FILE")] = None,
) -> None:
    """Listed; or one put, taken away, or written to a file."""
    context = of(ctx)
    asset = context.store.read_now(_found, which)
    if put is not None:
        _put(context, asset, put)
    if take is not None:
        work = partial(verbs.take_away, id=asset.id, number=take, by=_by(context), now=context.now())
        context.store.write_now(work)
    if get is not None:
        _get(context, asset, get, to)
        return
    found = context.store.read_now(assets_enclosed.of, asset.id)
    context.printer.rows(
        ("id", "name", "size", "since"), [{"id": d.id, "name": d.name, "size": d.size, "since": d.at} for d in found]
    )
    if not found:
        context.printer.line(context.say("cli.assets.no_documents"))


def _put(context: Context, asset: Asset, path: Path) -> None:
    (file,) = enclosed([path])
    content = file["content"]
    assert isinstance(content, bytes)
    if len(content) > verbs.LARGEST:
        raise Problem("assets.document_too_large", most=verbs.LARGEST // 1_000_000)
    digest = _blobs(context).put(content)
    name, kind = str(file["filename"]), str(file["content_type"])
    by, now = _by(context), context.now()
    context.store.write_now(verbs.enclose, asset.id, name, kind, digest, len(content), by, now)


def _get(context: Context, asset: Asset, number: int, to: Path | None) -> None:
    found = context.store.read_now(assets_enclosed.one, asset.id, number)
    if found is None:
        raise Problem("assets.no_document", number=number)
    path = to or Path(found.name)
    try:
        with path.open("xb") as file:
            file.write(_blobs(context).read(found.digest))
    except OSError as error:
        raise Problem("assets.unwritable", path=str(path), reason=error.strerror or type(error).__name__) from error
    context.printer.done("cli.assets.got", name=found.name, path=str(path))


def _blobs(context: Context) -> Blobs:
    blobs = context.playbook().blobs
    assert blobs is not None
    return blobs
