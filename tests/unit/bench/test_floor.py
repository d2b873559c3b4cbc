"""The floor stores what the workload deserves, so its speed is that of honest work."""

from pathlib import Path

from bench.floor import measure, parse, run
from bench.workload import Expected, Kind, build, write_eml


def test_the_floor_parses_what_was_written() -> None:
    opened = next(build(1, 3))
    parsed = parse(opened.raw)
    assert parsed.message_id == opened.message_id
    assert parsed.address.endswith(".test")
    assert parsed.text.splitlines()[0].strip() in parsed.html
    assert parsed.ancestors == ()
    assert not parsed.automatic
    assert parsed.sent_at > 0


def test_the_floor_names_the_nearest_ancestor_first_and_knows_machines() -> None:
    answered = 0
    for mail in build(400, 3):
        parsed, head = parse(mail.raw), mail.raw.decode().partition("\r\n\r\n")[0]
        assert parsed.automatic == (mail.kind in (Kind.AUTOMATIC, Kind.STRAY, Kind.REPORT))
        if mail.kind is Kind.REPLY:
            answered += 1
            assert f"In-Reply-To: {parsed.ancestors[0]}\r\n" in head
            references = head.partition("References: ")[2].split("\r\nX-Mailer")[0].split()
            assert list(parsed.ancestors) == references[::-1]
    assert answered > 100


def test_the_floor_stores_every_mail_once_and_owes_each_new_matter_an_acknowledgement(tmp_path: Path) -> None:
    expected = Expected.of(mail.kind for mail in write_eml(build(200, 42), tmp_path / "mails"))
    found = run(tmp_path / "mails", tmp_path / "floor.db")
    assert found.messages == expected.mails - expected.duplicates
    assert found.acknowledgements == expected.acknowledgements
    assert found.mails_per_second > 0


def test_the_floor_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    list(write_eml(build(20, 42), tmp_path / "mails"))
    ballast = bytearray(b"x" * 64 * 2**20)  # what this process holds must not count
    found = measure(tmp_path / "mails", repeat=1)
    assert (found.messages, found.mails_per_second > 0) == (20, True)
    assert 5 < found.peak_mb < len(ballast) / 2**20
