"""What mutation begins with: the corpus, and a share of the bench's workload with few of its pictures."""

from pathlib import Path

from bench.workload import build

CORPUS = Path(__file__).parents[2] / "corpus"
LARGEST = 20_000  # bytes: a picture is one attachment, and a hundred of them are not a hundred quirks


def seeds(workload: int = 200) -> list[bytes]:
    """Mails, always the same and in the same order."""
    written = [mail.raw for mail in build(workload, 42)]
    small = [raw for raw in written if len(raw) <= LARGEST]
    pictured = [raw for raw in written if len(raw) > LARGEST]
    return [*(file.read_bytes() for file in sorted(CORPUS.glob("*.eml"))), *small, *pictured[:2]]
