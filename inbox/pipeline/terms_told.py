"""The terms of a contract in words of either language: its clocks and hours, channels, quota, penalties and payment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from inbox.domain.contracts import Agreed, Contract, CountStep, LateStep, Takes
from inbox.sla.durations import parse
from inbox.sla.penalties import Taken
from inbox.text.dates import day_of
from inbox.text.durations import spoken
from inbox.text.money import money, number

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Telling:
    """In which language, with the words of its catalogue."""

    say: Say
    language: str

    def terms(self, contract: Contract) -> list[str]:
        """Those of a contract, a sentence each."""
        found = self.agreed(contract.agreed, contract.currency)
        if contract.pays:
            key = f"contracts.term.pays_{contract.period}"
            found.insert(0, self.say(key, amount=self.money(contract.pays, contract.currency)))
        return found

    def agreed(self, agreed: Agreed, currency: str = "") -> list[str]:
        """The same without what is paid."""
        return list(self._agreed(agreed, currency))

    def _agreed(self, agreed: Agreed, currency: str) -> Iterator[str]:
        say = self.say
        if agreed.hours:
            yield say("contracts.term.policy_on", policy=agreed.policy, hours=agreed.hours)
        else:
            yield say("contracts.term.policy", policy=agreed.policy)
        if agreed.channels:
            yield say("contracts.term.channels", channels=self._listed(str(one) for one in agreed.channels))
        if agreed.quota:
            yield say(f"contracts.term.quota_{agreed.quota.per}", n=number(agreed.quota.requests, self.language))
        yield from (self.late(step, currency) for step in agreed.late)
        yield from (self.count(step, currency) for step in agreed.counted)
        if (agreed.late or agreed.counted) and agreed.most < 100:
            yield say("contracts.term.most", share=self.percent(agreed.most))

    def late(self, step: LateStep, currency: str) -> str:
        """A step for clocks that were missed."""
        what, takes = self._clocks(step), self.takes(step.takes, currency)
        if not step.later_than:
            return self.say("contracts.term.late", what=what, takes=takes)
        later = spoken(parse(step.later_than, "penalty"), self.language)
        return self.say("contracts.term.later", what=what, takes=takes, later=later)

    def count(self, step: CountStep, currency: str) -> str:
        """A step for a count."""
        facts = {"n": number(step.more_than, self.language), "takes": self.takes(step.takes, currency)}
        if step.tag:
            return self.say(f"contracts.term.tagged_{step.within}", tag=step.tag, **facts)
        return self.say(f"contracts.term.counted_{step.within}", what=self._clocks(step), **facts)

    def taken(self, contract: Contract, one: Taken) -> str:
        """A count that was passed."""
        steps = contract.agreed.counted
        step = steps[one.step] if one.step < len(steps) else None
        what = "" if step is None else f"#{step.tag}" if step.tag else self._clocks(step)
        since, last = (day_of(day, self.language) for day in (one.window.since, one.window.last))
        facts = {"n": number(one.count, self.language), "since": since, "last": last}
        return self.say(
            "contracts.taken", what=what, most=number(step.more_than if step else 0, self.language), **facts
        )

    def takes(self, takes: Takes, currency: str) -> str:
        """A share of a payment, or an amount."""
        return self.percent(takes.percent) if takes.percent is not None else self.money(takes.amount or 0, currency)

    def money(self, amount: Decimal | int, currency: str) -> str:
        """An amount in a currency; of no currency the number."""
        return money(amount, currency, self.language) if currency else number(amount, self.language)

    def percent(self, share: Decimal) -> str:
        """2.5 % and the like, to the last digit."""
        plain = f"{share.normalize():f}"
        return self.say("contracts.percent", share=float(plain) if "." in plain else int(plain))

    def _clocks(self, step: LateStep | CountStep) -> str:
        metrics = [self.say(f"clock.{one}") for one in step.metrics] or [self.say("contracts.term.every_clock")]
        if not step.priorities:
            return self._listed(metrics)
        priorities = self._listed(self.say(f"priority.{one}") for one in step.priorities)
        return self.say("contracts.term.of_priority", clocks=self._listed(metrics), priorities=priorities)

    def _listed(self, several: "Iterator[str] | list[str]") -> str:
        return ("، " if self.language == "fa" else ", ").join(several)
