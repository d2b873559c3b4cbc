"""The ticket trick (De Ceukelaere, 2017): an address of ours is named elsewhere as somebody's own, and what proves it comes to us. Whoever
named it learns nothing of it: not by an answer, a copy, an acknowledgement, a transcript, nor by what we send later."""

import json
from typing import Any

import pytest

from inbox.domain.scope import Scope
from inbox.store import people, views
from tests.path.conftest import Houses
from tests.path.house import House

MALLORY = "mallory@elsewhere.test"
PROOFS = {
    "no-reply@chat.example": "Confirm your account: https://chat.example/confirm/31337",
    "noreply@code.example": "31337 is your verification code. Do not share it.",
    "accounts@wiki.example": "Your one-time password is 31337",
    "donotreply@bank.example": "کد تأیید شما: 31337",
}
"""Those who send such letters, with addresses of every kind, and what they say."""


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("how", ["our reply address", "our own address", "in copy"])
async def test_s5_what_proves_an_account_elsewhere_is_relayed_to_nobody(houses: Houses, proof: str, how: str) -> None:
    house = houses()
    await house.settle()
    mallory = house.customer(MALLORY, "Mallory")
    await mallory.writes("Hello, I have a question.")
    matter, acknowledged = house.only(), mallory.mails[-1]
    more: dict[str, dict[str, Any]] = {
        "our reply address": {"tokens": [acknowledged["reply_token"]]},
        "our own address": {},
        "in copy": {"cc": [{"address": MALLORY}]},
    }
    await house.customer(proof).writes(PROOFS[proof], subject="Verify", **more[how])
    assert any(PROOFS[proof] in message.text for one in house.conversations() for message in house.said(one)), "it came"
    await house.agent("sara").replies(matter, "Here is your answer.")
    await mallory.answers("Thank you.")
    await house.agent("sara").replies(matter, "You are welcome.")
    await house.agent("sara").does(matter, "done")
    await house.later(days=2)
    assert len(house.network.received(MALLORY)) >= 2
    everything = json.dumps([entry.said for entry in house.network.received(MALLORY)], ensure_ascii=False, default=str)
    assert "31337" not in everything
    assert proof not in everything
    for scope in _scopes(house):
        for one in house.conversations():
            shown = house.store.read_now(views.shown, scope, one.reference)
            assert "31337" not in str(shown)


def _scopes(house: House) -> list[Scope]:
    """As Mallory sees it on the portal, alone and with what colleagues may see."""
    known = house.store.read_now(people.known, "memory", MALLORY)
    assert known is not None
    return [Scope.of_contact(known[0].id, colleagues=more) for more in (False, True)]
