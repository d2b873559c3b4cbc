"""Faults that a test asks a memory network to play, each a number of times and then no more."""

from dataclasses import dataclass

from inbox.domain.outgoing import Refusal

FOREVER = 1_000_000_000
GONE = "gone"
"""The code of a refusal that is about the address itself."""


@dataclass(slots=True)
class _Planned:
    refusal: Refusal
    times: int


class Faults:
    """Asked by the channel at each step; without an order every step goes well."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._refusals: dict[str, _Planned] = {}
        self._accepts_what_it_drops = True

    def unreachable(self, times: int = 1) -> None:
        """Opening fails as if nobody were there."""
        self._times["open"] = times

    def locks_out(self, times: int = FOREVER) -> None:
        """Opening and sending fail because our password is refused."""
        self._times["credentials"] = times

    def lets_in(self) -> None:
        """The password is right again."""
        self._times["credentials"] = 0

    def breaks_fetch(self, times: int = 1) -> None:
        """The connection is lost at the next look into the mailbox."""
        self._times["fetch"] = times

    def withholds(self, times: int = 1) -> None:
        """A file cannot be had now."""
        self._times["collect"] = times

    def drops_before(self, times: int = 1) -> None:
        """A hand-over is cut before the point of no return: certainly not accepted."""
        self._times["before"] = times

    def drops_after_handed(self, times: int = 1, *, accepted: bool = True) -> None:
        """A hand-over gets no answer after the point of no return; `accepted` says what the network did with it."""
        self._times["after"] = times
        self._accepts_what_it_drops = accepted

    def refuses(self, recipient: str, code: str = "550", *, permanent: bool = True, times: int = FOREVER) -> None:
        """One recipient is not taken."""
        refusal = Refusal(recipient, code, "the test says no", permanent)
        self._refusals[recipient] = _Planned(refusal, times)

    def shuts_out(self, recipient: str) -> None:
        """Nothing reaches this recipient any more, and the network says so."""
        self._refusals[recipient] = _Planned(Refusal(recipient, GONE, "gone for good", permanent=True), FOREVER)

    def lets_through(self, recipient: str) -> None:
        """Whatever this recipient did before, everything reaches them again."""
        self._refusals.pop(recipient, None)

    @property
    def accepts_what_it_drops(self) -> bool:
        """What `drops_after_handed` was told."""
        return self._accepts_what_it_drops

    def strikes(self, step: str) -> bool:
        """Whether the fault of this step is due now; each asking uses one up."""
        left = self._times.get(step, 0)
        self._times[step] = max(0, left - 1)
        return left > 0

    def refusal(self, recipient: str) -> Refusal | None:
        """Why the network does not take this recipient now, or None."""
        planned = self._refusals.get(recipient)
        if planned is None or planned.times < 1:
            return None
        planned.times -= 1
        return planned.refusal
