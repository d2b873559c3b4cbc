"""All measurements one after the other, one table, one exit code: `python -m bench`."""

import argparse
import sys

from rich.console import Console

from bench import agents, arrival_to_ack, backtest, chat, ingest, kb, nodes, parse, reports, rules, sla
from bench.figures import conclude

PAST = 20_000
"""Decisions of the backtest's past here: they take a minute to be made up and replayed."""
NODES_MAILS = 90
"""Mails for each number of nodes here: enough for all of them to be at work, and taken in within seconds."""
ARTICLES, ROUNDS = 500, 5
"""Of the knowledge base here: enough for the index to have something to leave out, and written in a few seconds."""


def main() -> None:
    """Exits 1 when a count or a ratio is not met; milliseconds and megabytes are only reported."""
    argparse.ArgumentParser(prog="python -m bench", description=__doc__).parse_args()
    quick = [parse.measure(), rules.measure(), backtest.measure(PAST), sla.measure(), ingest.measure()]
    quick += [kb.measure(ARTICLES, ROUNDS), reports.measure(), nodes.measure(NODES_MAILS)]
    sys.exit(conclude([*quick, *arrival_to_ack.measure(), *agents.measure(), *chat.measure()], Console()))


if __name__ == "__main__":
    main()
