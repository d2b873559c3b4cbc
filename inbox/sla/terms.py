"""Reads the terms of one contract from a file of its own: the table `[terms]` has the keys of a tier; docs/contracts.md."""

import tomllib

from inbox.domain.contracts import Agreed
from inbox.domain.problems import Misconfigured
from inbox.sla.reading import Reading
from inbox.sla.tiers import KEYS, Site, read_agreed


def read_terms(text: str, there: Site, where: str) -> Agreed:
    """The terms. Raises an ExceptionGroup of Misconfigured with everything that is wrong."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ExceptionGroup(where, [Misconfigured("config.not_toml", where=where, reason=error)]) from error
    reading = Reading(where)
    reading.format(tables)
    reading.known(tables, "", ("format", "terms"))
    table = reading.table(tables.get("terms", {}), "terms")
    reading.known(table, "terms", [key for key in KEYS if key != "title"])
    agreed = read_agreed(reading, table, "terms", there)
    reading.finish()
    return agreed
