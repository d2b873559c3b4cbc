"""The portal's form: categories, and the fields that are asked with each; what is wrong stands at the field, and nothing is lost."""

from dataclasses import replace

import pytest

from inbox.domain.choices import Menu, Option
from inbox.domain.fields import Field, FieldKind
from inbox.store import people
from inbox.store import tables as t
from tests.web.asking import Visitor
from tests.web.portals import LENA, PORTAL, SECRET, Place, portal_of
from tests.web.sites import Site
from tests.web.test_portal_asking import open_house, sent

MENU = Menu(
    "about",
    {"en": "What is it about?", "fa": "دربارهٔ چیست؟"},
    (
        Option("order", {"en": "An order", "fa": "سفارش"}, team="night"),
        Option("other", {"en": "Something else", "fa": "چیز دیگر"}),
    ),
)


def asked(name: str, kind: FieldKind, label: str, *, only_for: tuple[str, ...] = (), **more: object) -> Field:
    return Field(name, kind, {"en": label, "fa": f"پرسش {label}"}, {}, only_for=only_for, **more)  # type: ignore[arg-type]  # by name


FIELDS = (
    asked("order", FieldKind.TEXT, "Order number", only_for=("order",), required=True, pattern=r"[A-Z]-\d{4,6}"),
    asked("bought", FieldKind.DATE, "Bought on", only_for=("order",)),
    asked("paid", FieldKind.YES_NO, "Paid already"),
)


@pytest.fixture
def place(site: Site) -> Place:
    made = portal_of(site)
    site.store.write_now(people.put_team, "night", "Night", [])
    speaker = replace(made.book.channels[PORTAL], menu=MENU, fields=FIELDS)
    return replace(made, book=replace(made.book, channels={**made.book.channels, PORTAL: speaker}))


async def asks(visitor: Visitor, **fields: str) -> tuple[int, str]:
    given = {name.replace("field_", "field."): value for name, value in fields.items()}
    answer = await sent(visitor, "/portal/ask?lang=en", **{"address": "a@example.com", "text": SECRET, **given})
    return answer.status, answer.text


def fields_of(place: Place) -> list[object]:
    return place.told(t.conversation.c.fields, t.conversation.c.channel == PORTAL)


async def test_what_is_filled_in_becomes_fields_and_the_category_goes_to_its_team(place: Place) -> None:
    visitor = open_house(place)
    status, _ = await asks(visitor, chosen="order", field_order="A-۱۰۲۳۴", field_bought="۵ آذر ۱۴۰۵", field_paid="yes")
    assert status == 303
    assert fields_of(place) == [[["about", "order"], ["bought", "2026-11-26"], ["order", "A-10234"], ["paid", "yes"]]]
    team = place.site.store.read_now(people.roster).team("night")
    assert team is not None
    assert place.told(t.conversation.c.team_id) == [team.id]
    assert not any("10234" in one or "2026-11-26" in one for one in place.letters())


async def test_what_is_asked_with_another_category_is_neither_asked_nor_taken(place: Place) -> None:
    visitor = open_house(place)
    status, _ = await asks(visitor, chosen="other", field_order="nonsense", field_paid="no", field_unknown="x" * 9_000)
    assert (status, fields_of(place)) == (303, [[["about", "other"], ["paid", "no"]]])


@pytest.mark.parametrize(
    ("fields", "name", "told"),
    [
        ({"field_order": ""}, "order", "We need this"),
        ({"field_order": "<script>"}, "order", "does not look like"),
        ({"field_order": "A-" + "1" * 5_000}, "order", "too long"),
        ({"field_order": "A-10234", "field_bought": "soon"}, "bought", "not a day"),
        ({"field_order": "A-10234", "field_paid": "perhaps"}, "paid", "cannot be chosen"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    place: Place, fields: dict[str, str], name: str, told: str
) -> None:
    visitor = open_house(place)
    status, page = await asks(visitor, chosen="order", subject="Late parcel", name="Nia", **fields)
    assert (status, place.told(t.arrival.c.id)) == (422, [])
    assert told in page.split(f'id="field-{name}-wrong">')[1].split("</p>")[0]
    assert f'aria-describedby="field-{name}-wrong"' in page or f'field-{name}-wrong" aria-invalid' in page
    assert 'aria-invalid="true"' in page
    assert all(word in page for word in ("Late parcel", "Nia", "a@example.com", SECRET, 'value="order" selected'))
    assert "<script>" not in page.replace('<script src="', "")


async def test_whoever_came_in_has_the_same_form(place: Place) -> None:
    place.mail(LENA, SECRET)
    visitor = open_house(place)
    visitor.cookies = (await place.came_in(LENA)).cookies
    wrong = await sent(visitor, "/portal/new?lang=en", text="Again", chosen="order", **{"field.paid": "yes"})
    assert (wrong.status, "We need this" in wrong.text, "Again" in wrong.text) == (422, True, True)
    taken = await sent(visitor, "/portal/new", text="Again", chosen="order", **{"field.order": "B-7777"})
    assert taken.status == 303
    assert fields_of(place) == [[["about", "order"], ["order", "B-7777"]]]


async def test_a_link_chooses_and_every_field_has_its_name_without_scripts(place: Place) -> None:
    page = (await place.visitor().get("/portal/ask?chosen=order&lang=fa")).text
    assert 'value="order" selected' in page
    assert page.count('<fieldset class="asked stack" data-for="order"><legend>فقط برای: سفارش</legend>') == 1
    for name in ("order", "bought", "paid"):
        assert f'<label for="field-{name}">' in page
        assert f'id="field-{name}" name="field.{name}"' in page
    assert " selected" not in (await place.visitor().get("/portal/ask?chosen=%3Cscript%3E")).text
