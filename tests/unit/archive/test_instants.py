"""When a mail was written: its Date where it can be believed, else the servers' word, else the file's, never the future."""

from datetime import UTC, datetime, timedelta

import pytest

from inbox.archive.instants import written_at

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FILED = datetime(2026, 5, 1, tzinfo=UTC)
SENT = datetime(2025, 1, 6, 4, 30, tzinfo=UTC)
TRACE = "Received: from a by b;\r\n\tMon, 06 Jan 2025 08:00:05 +0330"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Date: Mon, 6 Jan 2025 08:00:00 +0330", SENT),
        ("date:\r\n Mon, 6 Jan 2025\r\n 08:00:00 +0330 (IRST)", SENT),
        ("Date: Mon, 6 Jan 2025 04:30:00", SENT),
        (f"{TRACE}\r\nDate: Mon, 6 Jan 2025 08:00:00 +0330", SENT),
        (f"{TRACE}\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000", SENT + timedelta(seconds=5)),
        (f"{TRACE}\r\nDate: Mon, 6 Jan 2014 08:00:00 +0330", SENT + timedelta(seconds=5)),
        (f"{TRACE}\r\nDate: Sat, 6 Jan 2035 08:00:00 +0330", SENT + timedelta(seconds=5)),
        (f"{TRACE}\r\nDate: yesterday", SENT + timedelta(seconds=5)),
        (TRACE, SENT + timedelta(seconds=5)),
        (f"Received: by c; the other day\r\n{TRACE}", SENT + timedelta(seconds=5)),
        ("Subject: x", FILED),
        ("Date: Thu, 1 Jan 1970 00:00:00 +0000", FILED),
        ("Date: Mon, 99 Jan 99999 99:99:99 +9999", FILED),
        ("Date: Sun, 22 Nov 2026 08:00:00 +0000", NOW),
        ("Subject: x\r\n\r\nDate: Mon, 6 Jan 2025 08:00:00 +0330", FILED),
    ],
)
def test_the_time_that_counts(header: str, expected: datetime) -> None:
    assert written_at(header.encode() + b"\r\n\r\nbody", FILED, NOW) == expected


def test_nothing_known_is_now_and_a_file_from_the_future_is_not_believed() -> None:
    assert written_at(b"", None, NOW) == NOW
    assert written_at(b"", NOW + timedelta(days=400), NOW) == NOW
