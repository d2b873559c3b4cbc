"""What a telephone system may post, in whichever form; and what it is answered."""

import json
from pathlib import Path

import pytest

from inbox.domain.happenings import InboundMessage
from inbox.domain.phone_calls import CallOutcome, PhoneCall
from inbox.domain.problems import Temporary
from tests.channels.phone.ground import SECRET, PhoneGround, signed

MISSED = {"id": "1714.5", "outcome": "NO ANSWER", "caller": "09121234567", "called": "100"}


def heard(ground: PhoneGround) -> InboundMessage:
    """The one message that came."""
    (item,) = ground.front.items.values()
    (said,) = ground.codec().parse(item.raw)
    assert isinstance(said, InboundMessage)
    return said


def call(ground: PhoneGround) -> PhoneCall:
    said = heard(ground)
    assert said.call is not None
    return said.call


async def test_a_missed_call_is_stored_before_it_is_answered(ground: PhoneGround) -> None:
    answer = await ground.tells(**MISSED)
    assert (answer.status_code, answer.json()) == (200, {"stored": True})
    assert (call(ground).way, call(ground).outcome, call(ground).number) == ("in", CallOutcome.MISSED, "+989121234567")


async def test_told_twice_it_is_one(ground: PhoneGround) -> None:
    assert [(await ground.tells(**MISSED)).status_code for _ in range(2)] == [200, 200]
    assert len(ground.front.items) == 1


async def test_what_cannot_be_stored_is_to_come_again(ground: PhoneGround) -> None:
    ground.front.busy = Temporary("store.busy")
    assert (await ground.tells(**MISSED)).status_code == 503
    assert not ground.front.items


async def test_fields_have_the_names_that_the_system_gives_them(tmp_path: Path) -> None:
    """A CDR of Asterisk, posted as a form."""
    names = {"id": "uniqueid", "outcome": "disposition", "caller": "clid", "called": "dst", "started_at": "start"}
    ground = PhoneGround(tmp_path, names={**names, "seconds": "billsec"})
    cdr = {
        "uniqueid": "1732600000.17",
        "clid": '"سارا احمدی" <02188776655>',
        "dst": "201",
        "start": "2026-11-26 09:30:00",
        "billsec": "95",
        "disposition": "ANSWERED",
    }
    assert (await ground.post(data=cdr)).status_code == 200
    told = call(ground)
    assert (told.way, told.outcome, told.number) == ("in", CallOutcome.ANSWERED, "+982188776655")
    assert (told.seconds, told.agent) == (95, "sara")
    assert told.started_at is not None
    assert told.started_at.isoformat() == "2026-11-26T06:00:00+00:00", "a time without a zone is one of the channel's"
    assert heard(ground).sender.name == "سارا احمدی"


async def test_whoever_has_an_extension_of_ours_called_out(ground: PhoneGround) -> None:
    await ground.tells(id="1", outcome="answered", caller="201", called="۰۹۱۲۱۲۳۴۵۶۷", seconds="1:05")
    assert (call(ground).way, call(ground).number) == ("out", "+989121234567")
    assert (call(ground).seconds, call(ground).agent) == (65, "sara")


async def test_objects_within_objects_have_dotted_names(tmp_path: Path) -> None:
    ground = PhoneGround(tmp_path, names={"id": "call.id", "caller": "call.from", "outcome": "call.state"})
    sent = {"call": {"id": 77, "from": "+442079460018", "state": "busy"}}
    assert (await ground.post(json=sent)).status_code == 200
    assert (call(ground).outcome, call(ground).number) == (CallOutcome.BUSY, "+442079460018")


async def test_a_recording_is_kept_byte_for_byte(ground: PhoneGround) -> None:
    sound = bytes(range(256)) * 40
    files = {"recording": ("پیام.wav", sound, "audio/wav")}
    fields = {"id": "9", "outcome": "voicemail", "caller": "09121234567", "seconds": "12"}
    assert (await ground.post(data=fields, files=files)).status_code == 200
    (item,) = ground.front.items.values()
    (kept,) = heard(ground).attachments
    assert (kept.filename, kept.content_type) == ("پیام.wav", "audio/wav")
    assert ground.codec().attachment(item.raw, kept.start, kept.length, kept.encoding) == sound


async def test_a_recording_that_is_too_large_is_refused(tmp_path: Path) -> None:
    ground = PhoneGround(tmp_path, recording_bytes=1_000)
    files = {"recording": ("a.wav", b"x" * 1_001, "audio/wav")}
    fields = {"id": "9", "outcome": "voicemail", "caller": "09121234567"}
    assert (await ground.post(data=fields, files=files)).status_code == 413
    assert (await ground.post(content=b"x" * 100_000)).status_code == 413


@pytest.mark.parametrize(
    ("lacking", "field"), [({"id": ""}, "id"), ({"outcome": "sideways"}, "outcome"), ({"outcome": ""}, "outcome")]
)
async def test_what_is_no_call_is_told_by_its_field(ground: PhoneGround, lacking: dict[str, str], field: str) -> None:
    answer = await ground.tells(**{**MISSED, **lacking})
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not ground.front.items


@pytest.mark.parametrize("headers", [{"authorization": ""}, {"authorization": "Bearer wrong"}, {"x-inbox-token": ""}])
async def test_strangers_tell_nothing(ground: PhoneGround, headers: dict[str, str]) -> None:
    answer = await ground.post(json=MISSED, headers={"authorization": "", **headers})
    assert (answer.status_code, ground.front.items) == (403, {})


async def test_strangers_are_not_listened_to_for_long(ground: PhoneGround) -> None:
    answer = await ground.post(content=b"x" * 70_000, headers={"authorization": "", "content-type": "text/plain"})
    assert answer.status_code == 413


async def test_a_system_that_can_set_no_header_puts_the_secret_in_a_field(ground: PhoneGround) -> None:
    answer = await ground.post(data={**MISSED, "token": SECRET}, headers={"authorization": ""})
    assert answer.status_code == 200


async def test_a_signature_holds_for_these_bytes_alone(tmp_path: Path) -> None:
    ground = PhoneGround(tmp_path, proof="hmac")
    assert (await ground.post(**signed(MISSED, "another secret"))).status_code == 403
    forged = signed(MISSED)
    forged["content"] = json.dumps({**MISSED, "caller": "02188776655"}).encode()
    assert (await ground.post(**forged)).status_code == 403
    assert (await ground.post(json=MISSED)).status_code == 403, "the secret itself proves nothing then"
    assert not ground.front.items
    assert (await ground.post(**signed(MISSED))).status_code == 200


async def test_hidden_callers_are_nobody_and_not_one_another(ground: PhoneGround) -> None:
    for id in ("1", "2"):
        await ground.tells(id=id, outcome="missed", caller="Anonymous", direction="inbound")
    said = [one for item in ground.front.items.values() for one in ground.codec().parse(item.raw)]
    assert [one.call.number for one in said if isinstance(one, InboundMessage) and one.call] == ["", ""]
    assert len({one.sender.address for one in said if isinstance(one, InboundMessage)}) == 2


async def test_without_a_secret_there_is_no_face(tmp_path: Path) -> None:
    ground = PhoneGround(tmp_path)
    assert ground.adapter.face(ground.place, ground.adapter.options({}, "test")) is None
