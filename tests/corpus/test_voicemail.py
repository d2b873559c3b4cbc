"""Mail of telephone systems: each file of `voicemail/` is the call that it tells of, and nobody's claim is one."""

import json
from pathlib import Path

import pytest

from channels.email.adapter import EmailAdapter
from channels.email.codec import EmailCodec
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import ChannelName
from inbox.ports.channel import Place
from inbox.text.languages import language

FOLDER = Path(__file__).parent / "voicemail"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
TRUSTED = {"from": ["PBX@example.org"], "channel": "phone", "proof": "address"}


def codec(authserv_id: str = "", **voicemail: object) -> EmailCodec:
    adapter = EmailAdapter()
    told = {"addresses": ["support@example.org"], "authserv_id": authserv_id, "voicemail": {**TRUSTED, **voicemail}}
    place = Place(ChannelName("support"), "Example", FOLDER, bytes(32), FOLDER)
    made = adapter.codec(place, adapter.options(told, "test"))
    assert isinstance(made, EmailCodec)
    return made


def read(name: str, by: EmailCodec, above: bytes = b"") -> InboundMessage:
    (said,) = by.parse(above + (FOLDER / f"{name}.eml").read_bytes())
    assert isinstance(said, InboundMessage)
    return said


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_the_call_that_it_tells_of(name: str) -> None:
    wanted = json.loads((FOLDER / f"{name}.call.json").read_text(encoding="utf-8"))
    said = read(name, codec())
    if wanted is None:
        assert (said.call, said.belongs_to) == (None, None)
        return
    assert said.call is not None
    found = {"outcome": said.call.outcome.value, "number": said.call.number, "seconds": said.call.seconds}
    assert {**found, "name": said.sender.name} == wanted
    assert said.belongs_to == "phone"
    assert said.sender.address == wanted["number"] or said.sender.address.startswith("anonymous-")


def test_both_languages_are_there() -> None:
    told = [language(read(name, codec()).text) for name in NAMES]
    assert {"fa", "en"} <= set(told)


def test_the_recording_is_a_file_of_it() -> None:
    raw = (FOLDER / "asterisk.eml").read_bytes()
    [file] = read("asterisk", codec()).attachments
    assert codec().attachment(raw, file.start, file.length, file.encoding).startswith(b"RIFF")


def test_without_a_telephone_system_it_is_a_letter() -> None:
    plain = EmailCodec(("support@example.org",), bytes(32))
    assert read("asterisk", plain).call is None


@pytest.mark.parametrize(("verdict", "call"), [("pass", True), ("fail", False), ("", False)])
def test_an_address_is_a_claim_until_a_verdict_proves_it(verdict: str, call: bool) -> None:
    above = (
        f"Authentication-Results: mx.example; dmarc={verdict} header.from=example.org\n".encode() if verdict else b""
    )
    said = read("asterisk", codec("mx.example", proof="verdict"), above)
    assert (said.call is not None) is call
    assert call or said.sender.address == "pbx@example.org"


def test_a_failed_verdict_outweighs_the_address() -> None:
    above = b"Authentication-Results: mx.example; dmarc=fail header.from=example.org\n"
    assert read("asterisk", codec("mx.example"), above).call is None


async def test_where_nothing_can_prove_a_sender_the_doctor_tells(tmp_path: Path) -> None:
    adapter = EmailAdapter()
    place = Place(ChannelName("support"), "Example", tmp_path, bytes(32), tmp_path)
    for proof, told in (("verdict", ["voicemail.no_proof"]), ("address", [])):
        table = {"addresses": ["support@example.org"], "intake": "none", "voicemail": {**TRUSTED, "proof": proof}}
        found = await adapter.examine(place, adapter.options(table, "test"), online=False)
        wrong = [one.problem.key for one in found if one.check == "voicemail.check" and one.problem]
        assert wrong == told
