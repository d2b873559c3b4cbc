"""All measurements one after the other, one table, one exit code: `python -m bench`."""

import sys

from rich.console import Console

from bench import arrival_to_ack, chat, ingest, parse, rules
from bench.figures import conclude


def main() -> None:
    """Exits 1 when a count or a ratio is not met; milliseconds and megabytes are only reported."""
    sys.exit(
        conclude(
            [parse.measure(), rules.measure(), ingest.measure(), *arrival_to_ack.measure(), *chat.measure()], Console()
        )
    )


if __name__ == "__main__":
    main()
