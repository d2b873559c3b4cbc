"""The help desks that are understood, by the name that commands call each by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inbox.elsewhere import freescout, freshdesk, osticket, zammad, zendesk
from inbox.elsewhere.gathered import Gathered, Sort
from inbox.elsewhere.vocabulary import Export


@dataclass(frozen=True, slots=True)
class Source:
    """One product: what its rows are called, and who reads them. `title`: as it writes itself."""

    name: str
    title: str
    sorts: Mapping[str, Sort]
    read: Callable[[Gathered], Export]


SOURCES: Mapping[str, Source] = {
    one.name: one
    for one in (
        Source(zendesk.SOURCE, "Zendesk", zendesk.SORTS, zendesk.Zendesk),
        Source(freshdesk.SOURCE, "Freshdesk", freshdesk.SORTS, freshdesk.Freshdesk),
        Source(zammad.SOURCE, "Zammad", zammad.SORTS, zammad.Zammad),
        Source(freescout.SOURCE, "FreeScout", freescout.SORTS, freescout.FreeScout),
        Source(osticket.SOURCE, "osTicket", osticket.SORTS, osticket.OsTicket),
    )
}
