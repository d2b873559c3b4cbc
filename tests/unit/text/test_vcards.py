"""vCards as address books and telephones write them, and as we write them ourselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text.vcards import FOLDED, Card, read, written

FOUR = """\
BEGIN:VCARD
VERSION:4.0
FN:Dr. Lena Fischer
N:Fischer;Lena;;Dr.;
EMAIL;PREF=2:second@x.example
item1.EMAIL;TYPE="work,home";PREF=1:lena@acme.example
TEL;VALUE=uri;TYPE=cell:tel:+49-30-1234567
ORG:Acme\\, Inc.;Sales
TITLE:CFO
CATEGORIES:vip,partner\\,north
LANG:en-GB
IMPP:chat:777
NOTE:First line\\nsecond
  line goes on
X-INBOX-FIELD;NAME=plan:gold
END:VCARD
"""
PERSIAN = """\
BEGIN:VCARD
VERSION:3.0
N:سهرابی;نگار;;خانم;
FN:خانم نگار سهرابی
EMAIL;TYPE=INTERNET,pref:negar@example.ir
TEL;TYPE=CELL:۰۹۱۲ ۳۴۵ ۶۷۸۹
ORG:بازرگانی نمونه;فروش
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ
 AAAQABAAD
END:VCARD
"""
PHONE = """\
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D8=B3=D9=87=D8=B1=D8=A7=D8=A8=DB=8C;=D9=86=DA=AF=
=D8=A7=D8=B1;;;
TEL;CELL;PREF:09123456789
TEL;HOME:02112345678
EMAIL;HOME:negar@example.ir
END:VCARD
"""


def test_a_card_of_an_address_book() -> None:
    (card,) = read(FOUR.replace("\n", "\r\n").encode())
    assert card == Card(
        name="Dr. Lena Fischer",
        mails=("lena@acme.example", "second@x.example"),
        telephones=("+49-30-1234567",),
        messengers=("chat:777",),
        organization="Acme, Inc.",
        role="CFO",
        categories=("vip", "partner,north"),
        language="en",
        note="First line\nsecond line goes on",
        more={"plan": "gold"},
    )


def test_a_persian_card_with_a_picture() -> None:
    (card,) = read(PERSIAN.encode())
    assert (card.name, card.organization) == ("خانم نگار سهرابی", "بازرگانی نمونه")
    assert card.telephones == ("۰۹۱۲ ۳۴۵ ۶۷۸۹",)


def test_a_telephone_writes_quoted_printable_that_goes_on_in_the_next_line() -> None:
    (card,) = read(PHONE.replace("\n", "\r\n").encode())
    assert card.name == "نگار سهرابی"
    assert card.telephones == ("09123456789", "02112345678")
    assert card.mails == ("negar@example.ir",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_are_read_as_the_mark_says(encoding: str) -> None:
    assert read(PERSIAN.encode(encoding))[0].name == "خانم نگار سهرابی"


def test_windows_letters_are_read() -> None:
    assert read("BEGIN:VCARD\nFN:مدیر امور\nEND:VCARD".encode("cp1256", "ignore"))[0].name.endswith("امور")


def test_several_cards_a_card_within_a_card_and_one_that_was_cut_off() -> None:
    text = (
        "BEGIN:VCARD\nFN:One\nAGENT:\nBEGIN:VCARD\nFN:Within\nEND:VCARD\nEND:VCARD\n\n"
        "begin:vcard\nfn:Two\nend:vcard\nBEGIN:VCARD\nFN:Three\nEMAIL:three@x"
    )
    assert [card.name for card in read(text.encode())] == ["One", "Two", "Three"]


def test_what_is_no_card_is_refused() -> None:
    for content in (b"", b"name,addresses\nLena,lena@x", b"\xff\xfe\x00"):
        with pytest.raises(ValueError, match=r"VCARD|utf|decode"):
            read(content)


def test_a_name_is_put_together_where_there_is_only_its_parts() -> None:
    (card,) = read(b"BEGIN:VCARD\nN:Fischer;Lena;Maria;Dr.;jr.\nEND:VCARD")
    assert card.name == "Dr. Lena Maria Fischer jr."


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), min_size=1, max_size=40)
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
CARDS = st.builds(
    Card,
    name=LINE,
    mails=st.just(("lena@x.example", "b@y.example")),
    organization=st.one_of(st.just(""), LINE),
    role=st.one_of(st.just(""), LINE),
    categories=st.lists(LINE, max_size=3, unique=True).map(tuple),
    language=st.sampled_from(["", "fa", "en"]),
    more=st.dictionaries(st.sampled_from(["plan", "size"]), LINE, max_size=2),
)


@given(st.lists(CARDS, min_size=1, max_size=3))
def test_what_we_write_we_read(cards: list[Card]) -> None:
    text = written(cards)
    assert read(text.encode()) == cards
    assert all(len(line.encode()) <= FOLDED for line in text.split("\r\n"))


@given(CARDS)
def test_three_point_zero_keeps_all_but_the_language(card: Card) -> None:
    (back,) = read(written([card], "3.0").encode())
    assert (back.name, back.mails, back.role, back.more) == (card.name, card.mails, card.role, card.more)


@given(st.binary(max_size=400))
def test_no_bytes_break_it(content: bytes) -> None:
    try:
        found = read(b"BEGIN:VCARD\r\n" + content)
    except ValueError:
        return
    assert all(isinstance(card, Card) for card in found)
