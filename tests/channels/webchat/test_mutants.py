"""Bodies of browsers, changed at random: each is an answer with a sentence, and none a mistake of ours."""

import random
from pathlib import Path

import pytest

from channels.webchat import paces
from channels.webchat.talk import COOKIE
from tests.channels.webchat.ground import ARTICLES, WebchatGround

A = "a" * 26
PART = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
FORM = b"".join([PART % (b"id", b"", b"1"), PART % (b"text", b"", b"hi"), PART % (b"files", b'; filename="a"', b"x")])
SEEDS = (
    (b"multipart/form-data; boundary=b", FORM + b"--b--\r\n"),
    (b"application/json", b'{"id":"1","text":"\\ud83d\\ude00","page":"https://x/a?b","user":{"id":"1"},"token":"x.y"}'),
    (
        b"application/json",
        b'{"text":"my money back","offered":"refunds pay","read":"refunds","slug":"refunds","id":"3"}',
    ),
    (b"application/json", b'{"upto":5,"address":"a@b","code":"1","id":"2","data":"x","lang":"fa"}'),
    (b"application/x-www-form-urlencoded", b"csrf=a.b&text=hi%20%F0%9F&press=1:a&code=1&offered=&solved=refunds"),
)
PATHS = ("messages", "hello", "press", "read", "mail", "mail/code", "transcript", "suggest", "solved", "")
PIECES = (
    b'"',
    b"\r\n",
    b"--b",
    b"\0",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"[",
    b";",
    b"%00",
    b"=",
    b"\xff",
    b"1e9",
    b"null",
)


def mutated(dice: random.Random, body: bytes) -> bytes:
    """The body with a few places changed, cut out, doubled or filled with what parsers stumble over."""
    changed = bytearray(body)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(changed) + 1)
        step = dice.random()
        if step < 0.35:
            changed[at : at + 1] = bytes([dice.randrange(256)])
        elif step < 0.6:
            del changed[at : at + dice.randint(1, 12)]
        elif step < 0.85:
            changed[at:at] = dice.choice(PIECES)
        else:
            changed[at:at] = changed[at : at + dice.randint(1, 40)] * dice.randint(1, 30)
    return bytes(changed)


@pytest.mark.parametrize("seed", range(4))
async def test_changed_bodies_are_answered_and_never_break(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for brake in ("ASKED_PER_MINUTE", "MAIL_PER_HOUR", "LOOKED"):
        monkeypatch.setattr(paces, brake, 1_000_000)
    dice, ground = random.Random(seed), WebchatGround(tmp_path, messages_per_minute=1_000_000)
    ground.front.articles = [ARTICLES["en"][0]]
    async with ground.browser(A, headers={"sec-fetch-site": "same-origin"}) as browser:
        browser.cookies.set(COOKIE, ground.tokens.token(A))
        for _ in range(250):
            kind, body = dice.choice(SEEDS)
            answer = await browser.post(
                dice.choice(PATHS), content=mutated(dice, body), headers={b"content-type": kind}
            )
            assert answer.status_code in (200, 202, 303, 400, 403, 404, 413, 415, 422)
    for item in ground.front.items.values():
        assert ground.codec().parse(item.raw)
