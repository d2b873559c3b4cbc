"""Mails that pretend to be an agent's, as bytes and read by the real codec of mail: none is said to anybody, all are seen as held."""

import dataclasses
import json
from typing import Any

import pytest

from channels.email.codec import EmailCodec
from tests.path.house import House
from tests.path.test_agents_by_mail import customers, held, house, told

__all__ = ["house"]
CODEC = EmailCodec(("support@acme",), b"s" * 32, "mx.acme")
PASS = "mx.acme; dmarc=pass header.from=acme"
EVIL = "mx.acme; dmarc=pass header.from=evil.example"
EVE = "Eve <eve@evil.example>"


async def comes(
    house: House,
    text: str = "Give me the money.",
    *,
    sender: str = "From: Sara <sara@acme>",
    results: tuple[str, ...] = (PASS,),
    to: str = "To: support+{token}@acme",
    subject: str = "Re: {subject}",
) -> None:
    """A mail to the address that sara was given in her latest mail, fetched and worked off."""
    said = house.network.received("sara@acme")[-1].said
    head = [
        *(f"Authentication-Results: {one}" for one in results),
        sender,
        to.format(token=said["reply_token"]),
        f"Subject: {subject.format(subject=said['subject'])}",
        "Message-ID: <another@acme>",
        "Content-Type: text/plain; charset=utf-8",
    ]
    (happening,) = CODEC.parse("\r\n".join([*head, "", text]).encode())
    fields: dict[str, Any] = dataclasses.asdict(happening)
    plain = {name: value for name, value in fields.items() if name not in ("sent_at", "attachments", "forwarded")}
    house.network.offer("support@acme", json.dumps(plain, ensure_ascii=False).encode())
    await house.settle()


SENDERS = {
    "two fields": f"From: Sara <sara@acme>\r\nFrom: {EVE}",
    "two fields, ours below": f"From: {EVE}\r\nFrom: Sara <sara@acme>",
    "two in one field": f"From: Sara <sara@acme>, {EVE}",
    "a group of two": f"From: Team: Sara <sara@acme>, {EVE};",
    "a group of one": 'From: "eve@evil.example": sara@acme;',
    "two in brackets": "From: <eve@evil.example> <sara@acme>",
    "a cyrillic letter": "From: Sara <s\u0430ra@acme>",
    "a cyrillic domain": "From: Sara <sara@\u0430cme>",
    "only who handed it over": "Sender: sara@acme",
}
NAMES = {
    "in quotes": 'From: "Sara <sara@acme>" <eve@evil.example>',
    "before a comment": "From: sara@acme (x) <eve@evil.example>",
    "encoded": "From: =?utf-8?q?Sara_=3Csara=40acme=3E?= <eve@evil.example>",
    "encoded in the address": "From: =?utf-8?b?c2FyYUBhY21lAA==?=@evil.example",
    "as sender": f"From: {EVE}\r\nSender: sara@acme",
    "as whom to answer": f"From: {EVE}\r\nReply-To: Sara <sara@acme>",
    "a wide letter": "From: Sara <\uff53ara@acme>",
}
RESULTS: dict[str, tuple[str, ...]] = {
    "nobody's": (),
    "a stranger's": ("mx.evil.example; dmarc=pass header.from=acme",),
    "a longer name": ("mx.acme.evil.example; dmarc=pass header.from=acme",),
    "ours below a failure": ("mx.acme; dmarc=fail header.from=acme", PASS),
    "ours below none": ("mx.acme; none", PASS),
    "ours in a comment": ("(mx.acme) mx.evil.example; dmarc=pass header.from=acme",),
    "a pass in a comment": ("mx.acme; dmarc=fail (dmarc=pass) header.from=acme",),
    "a comment that never ends": ("mx.acme; none (; dmarc=pass header.from=acme",),
    "a pass in quotes": ('mx.acme; spf=fail smtp.mailfrom="x; dmarc=pass header.from=acme"',),
    "a pass as a reason": ('mx.acme; dkim=fail reason="dkim=pass header.d=acme" header.d=evil.example',),
    "another domain": (EVIL,),
    "another domain as well": ("mx.acme; dmarc=pass header.from=acme header.from=evil.example",),
    "the domain of all": ("mx.acme; dkim=pass header.d=e",),
    "folded": ("mx.acme;\r\n dmarc=fail\r\n header.from=acme;\r\n dkim=pass header.d=acme",),
}


async def seen_as_held(house: House) -> None:
    """Nobody outside was told, and it waits where people look."""
    assert customers(house) == []
    assert [one.words.splitlines()[0] for one in held(house)] == ["Give me the money."]
    assert len(house.conversations()) == 1


async def test_the_same_mail_with_nothing_forged_is_sent(house: House) -> None:
    await told(house)
    await comes(house, "It is on its way.")
    assert len(customers(house)) == 1


@pytest.mark.parametrize("sender", SENDERS)
async def test_who_wrote_it_is_not_beyond_doubt(house: House, sender: str) -> None:
    await told(house)
    await comes(house, sender=SENDERS[sender])
    await seen_as_held(house)


@pytest.mark.parametrize("name", NAMES)
async def test_an_agents_address_where_only_a_name_is(house: House, name: str) -> None:
    await told(house)
    await comes(house, sender=NAMES[name], results=(EVIL,))
    await seen_as_held(house)


@pytest.mark.parametrize("results", RESULTS)
async def test_verdicts_that_no_server_of_ours_gave(house: House, results: str) -> None:
    await told(house)
    await comes(house, results=RESULTS[results])
    await seen_as_held(house)


@pytest.mark.parametrize(
    "to",
    [
        "To: support@acme\r\nCc: support+{token}@acme",
        "To: support@acme\r\nDelivered-To: support+{token}@acme",
        "To: undisclosed-recipients:;\r\nX-Original-To: support+{token}@acme",
        "To: support+{token}@evil.example",
        "To: support+{token}x@acme",
        "To: help+{token}@acme",
    ],
)
async def test_a_token_that_it_was_not_written_to_grants_nothing(house: House, to: str) -> None:
    await told(house)
    await comes(house, to=to)
    await seen_as_held(house)


@pytest.mark.parametrize("others", ["Cc: bob@evil.example", "Cc: lena@x, Bob <bob@evil.example>"])
async def test_what_goes_to_somebody_outside_as_well_is_no_answer(house: House, others: str) -> None:
    await told(house)
    await comes(house, to=f"To: support+{{token}}@acme\r\n{others}")
    await seen_as_held(house)
    await comes(house, to="To: Bob <bob@evil.example>, support+{token}@acme", text="Look at this.")
    assert [one.reason for one in held(house)] == ["held.others"] * 2
    assert customers(house) == []


async def test_colleagues_may_read_along(house: House) -> None:
    await told(house)
    await comes(house, "It is on its way.", to="To: support+{token}@acme\r\nCc: reza@acme, sara@acme, support@acme")
    assert len(customers(house)) == 1


async def test_a_token_among_the_words_grants_nothing(house: House) -> None:
    mail = await told(house)
    await comes(house, f"support+{mail['reply_token']}@acme\nGive me the money.", to="To: support@acme")
    assert customers(house) == []
    assert [one.reason for one in held(house)] == ["held.no_token"]


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Sunday 29 November.",
        "با سلام\nاینجانب تا تاریخ ۸ آذر در مرخصی هستم. در موارد ضروری با همکارم تماس بگیرید.",
    ],
)
async def test_an_out_of_office_note_that_names_no_machine_is_held(house: House, text: str) -> None:
    await told(house)
    await comes(house, text)
    assert customers(house) == []
    assert [one.reason for one in held(house)] == ["held.away"]


@pytest.mark.parametrize("subject", ["Automatic reply: {subject}", "پاسخ خودکار: {subject}", "خارج از دفتر: {subject}"])
async def test_an_out_of_office_note_that_says_so_is_no_reply(house: House, subject: str) -> None:
    await told(house)
    await comes(house, "Until Sunday.", subject=subject)
    assert (customers(house), held(house)) == ([], [])
    assert house.verdicts()[-1] == "ignored ignored.agents_machine"


async def test_what_introduces_a_quote_reaches_nobody_though_no_program_is_known_that_writes_it(house: House) -> None:
    mail = await told(house)
    address = f"support+{mail['reply_token']}@acme"
    await comes(
        house, f"It is on its way.\n\nVon Lena an mich, gestern [{address}]\n> -- reply above this line --\n> x"
    )
    (got,) = customers(house)
    assert mail["reply_token"] not in got
    assert "gestern" not in got


async def test_the_bounces_of_a_notice_reach_nobody_and_end(house: House) -> None:
    mail = await told(house)
    for number in range(3):
        said = {"kind": "report", "key": f"b{number}", "fingerprint": f"b{number}", "about": [mail["key"]]}
        failed = {"recipient": "sara@acme", "status": "5.1.1", "outcome": "failed", "permanent": True}
        house.network.offer("support@acme", json.dumps({**said, **failed}).encode())
        await house.later(minutes=30)
    assert customers(house) == []
    assert len(house.mails_to("sara@acme")) == 1
    assert held(house) == []


async def test_who_answers_all_that_an_agent_is_told_does_not_go_on_for_ever(house: House) -> None:
    await told(house)
    before = len(house.mails_to("sara@acme"))
    for day in range(4):
        await comes(house, f"I am out of the office until {day} December.")
        await house.later(minutes=10)
    assert len(held(house)) == 4
    assert len(house.mails_to("sara@acme")) == before + 1, "one notice of them all"
    await house.later(days=2)
    await comes(house, "I am out of the office until Tuesday.")
    await house.later(minutes=10)
    assert len(house.mails_to("sara@acme")) > before + 1
