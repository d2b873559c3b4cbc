"""The benchmark's mail is what its manifest says, always the same, and well formed."""

import email
import email.policy
import hashlib
import mailbox
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bench.workload import Expected, Kind, Mail, build, manifest, write_eml, write_maildir, write_mbox


@pytest.fixture(scope="module")
def stream() -> list[Mail]:
    return list(build(5000, 42))


def read(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.raw, policy=email.policy.default)


def of_kind(mails: list[Mail], kind: Kind) -> Iterator[Mail]:
    return (mail for mail in mails if mail.kind is kind)


def test_five_thousand_mails_of_seed_42_ask_for_the_agreed_outcome(stream: list[Mail]) -> None:
    assert Expected.of(mail.kind for mail in stream) == Expected(
        mails=5000,
        conversations=2900,
        joins=1907,
        duplicates=50,
        acknowledgements=2900,
        stray=93,
        reports=50,
        machines=200,
    )


def test_the_outcome_can_be_read_from_the_bytes_alone(stream: list[Mail]) -> None:
    """A reader who sees only the mails, never the kinds, arrives at the same counts."""
    conversation_of: dict[bytes, int] = {}
    opened = joined = repeated = machines = 0
    for mail in stream:
        head = mail.raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n") if b": " in line)
        message_id, parent = fields[b"Message-ID"], fields.get(b"In-Reply-To")
        if message_id in conversation_of:
            repeated += 1
            continue
        automatic = b"Auto-Submitted" in fields or b"X-Autoreply" in fields
        machines += automatic
        if parent is not None:
            joined += 1
            conversation_of[message_id] = conversation_of[parent]
            assert conversation_of[parent] == mail.conversation
        elif not automatic:
            conversation_of[message_id] = opened
            assert mail.conversation == opened
            opened += 1
    assert (opened, joined, repeated, machines) == (2900, 1907, 50, 200)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    digests = [hashlib.sha256(b"".join(mail.raw for mail in build(150, seed))).digest() for seed in (7, 7, 8)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("count", [1, 3, 10, 99, 100, 200])
def test_every_count_gives_that_many_mails(count: int) -> None:
    assert [mail.index for mail in build(count, 1)] == list(range(count))


def test_a_duplicate_is_an_earlier_mail_to_the_byte(stream: list[Mail]) -> None:
    first = {mail.message_id: mail for mail in reversed(stream)}
    for mail in of_kind(stream, Kind.DUPLICATE):
        assert first[mail.message_id].index < mail.index
        assert first[mail.message_id].raw == mail.raw


def test_an_answer_comes_from_who_opened_the_conversation_and_names_an_earlier_mail(stream: list[Mail]) -> None:
    opener: dict[int | None, str] = {}
    said: dict[int | None, list[str]] = {}
    for mail in stream[:600]:
        if mail.kind in (Kind.DUPLICATE, Kind.STRAY, Kind.REPORT):
            continue
        message = read(mail)
        if mail.kind is Kind.NEW:
            opener[mail.conversation], said[mail.conversation] = message["From"], []
            assert message["In-Reply-To"] is None
        else:
            assert message["From"] == opener[mail.conversation]
            assert message["In-Reply-To"] == said[mail.conversation][-1]
            assert message["References"].split() == said[mail.conversation][-8:]
        said[mail.conversation].append(message["Message-ID"])


def test_a_letter_is_well_formed_in_both_languages(stream: list[Mail]) -> None:
    subjects = []
    for mail in [mail for mail in stream[:300] if mail.kind in (Kind.NEW, Kind.REPLY)]:
        message = read(mail)
        assert not message.defects
        assert not any(part.defects for part in message.walk())
        assert max(map(len, mail.raw.split(b"\r\n"))) <= 998  # RFC 5322 section 2.1.1
        assert b"\n" not in mail.raw.replace(b"\r\n", b"")
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None
        assert html is not None
        paragraph = plain.get_content().splitlines()[0].strip()
        assert paragraph in html.get_content()
        subjects.append(str(message["Subject"]))
    persian = sum(not subject.isascii() for subject in subjects)
    assert 0.5 < persian / len(subjects) < 0.7
    assert not any("=?" in subject for subject in subjects)


def test_one_mail_in_ten_carries_a_picture_of_30_kilobytes(stream: list[Mail]) -> None:
    letters = [mail for mail in stream[:200] if mail.kind in (Kind.NEW, Kind.REPLY)]
    for mail in letters:
        pictures = [part for part in read(mail).walk() if part.is_attachment()]
        assert [len(part.get_content()) for part in pictures] == ([30 * 1024] if mail.index % 10 == 7 else [])
        assert {part.get_filename() for part in pictures} <= {"رسید.png", "receipt.png"}


def test_every_machine_can_be_told_by_its_header_and_no_person_can(stream: list[Mail]) -> None:
    machines = (Kind.AUTOMATIC, Kind.STRAY, Kind.REPORT)
    for mail in stream:
        head = mail.raw.partition(b"\r\n\r\n")[0]
        marked = b"Auto-Submitted: auto-replied" in head or b"X-Autoreply: yes" in head
        assert marked == (mail.kind in machines)


def test_a_report_names_the_mail_and_the_address_it_is_about(stream: list[Mail]) -> None:
    for mail in of_kind(stream, Kind.REPORT):
        message = read(mail)
        assert message.get_content_type() == "multipart/report"
        kinds = [part.get_content_type() for part in message.iter_parts()]
        assert kinds == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
        *_, returned = message.iter_parts()
        about = email.message_from_string(returned.get_content())["Message-ID"]
        assert about in {other.message_id for other in stream[: mail.index]}


def test_the_three_forms_on_disk_hold_the_same_mails(tmp_path: Path) -> None:
    mails = list(build(120, 5))
    for write, out in ((write_eml, "eml"), (write_maildir, "maildir"), (write_mbox, "mbox")):
        assert list(write(mails, tmp_path / out)) == mails
    raws = [mail.raw for mail in mails]
    assert [file.read_bytes() for file in sorted((tmp_path / "eml").iterdir())] == raws
    assert [file.read_bytes() for file in sorted((tmp_path / "maildir" / "new").iterdir())] == raws
    box = mailbox.mbox(tmp_path / "mbox")
    assert [message["Message-ID"] for message in box] == [mail.message_id for mail in mails]
    box.close()


def test_the_manifest_tells_the_outcome_in_total_and_for_each_mail() -> None:
    mails = list(build(200, 42))
    facts = manifest(mails, 200, 42)
    assert facts["bytes"] == sum(len(mail.raw) for mail in mails)
    assert facts["mails"] == [[mail.index, mail.kind, mail.conversation, mail.message_id] for mail in mails]
    assert facts["expected"] == {
        "mails": 200,
        "conversations": 116,
        "joins": sum(mail.kind in (Kind.REPLY, Kind.AUTOMATIC) for mail in mails),
        "duplicates": 2,
        "acknowledgements": 116,
        "stray": sum(mail.kind is Kind.STRAY for mail in mails),
        "reports": 2,
        "machines": 8,
    }
