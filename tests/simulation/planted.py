"""Mistakes planted on purpose, each at one place: a simulation that does not find them finds nothing."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from channels.memory.channel import MemoryChannel
from inbox.domain.deliveries import DeliveryState
from inbox.pipeline import outcome, overdue
from inbox.store.deliveries import Outcome


def _queue_again(unit: Any, delivery: Any, playbook: Any, now: Any) -> None:
    """What nobody knows of is sent once more, and nobody is told that it may be there twice."""
    outcome.settle(unit, delivery, Outcome(DeliveryState.QUEUED), playbook, now)


def _confirm_first(fetch: Callable[..., AsyncIterator[Any]]) -> Callable[..., AsyncIterator[Any]]:
    """The network is told to forget what is not stored yet."""

    async def fetched(channel: MemoryChannel, since: Any) -> AsyncIterator[Any]:
        async for batch in fetch(channel, since):
            await channel.confirm(batch)
            yield batch

    return fetched


def _blind() -> None:
    vars(overdue)["sort_out_unknown"] = _queue_again


def _early() -> None:
    MemoryChannel.fetch = _confirm_first(MemoryChannel.fetch)  # type: ignore[method-assign]  # that is the mistake


PLANTED: dict[str, Callable[[], None]] = {"blind": _blind, "early": _early}
"""By name: what `--plant` takes."""
