"""Problems are the errors that people get to see: a catalogue key, the facts of the case, and what it means for trying again."""


class Problem(Exception):
    """Something went wrong that a person is told about in their own language.

    `key` is a message id of the catalogues ("config.unknown_key"); `facts` fill the placeholders of its sentence.
    The sentence itself is made by `inbox.text.wording.Wording.problem`; `str()` is the short form for logs.
    Facts are shown to people and written to logs, so secrets never belong in them.
    """

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.key
        return f"{self.key}: " + ", ".join(f"{name}={value}" for name, value in self.facts.items())

    def __reduce__(self) -> tuple[object, ...]:
        # The parser children hand problems to their parent, so facts must survive pickling; Exception alone keeps only args.
        return (_again, (type(self), self.key, self.facts))


def _again(kind: type[Problem], key: str, facts: dict[str, object]) -> Problem:
    return kind(key, **facts)


class Temporary(Problem):
    """The same try may succeed later: back off and try again."""


class Permanent(Problem):
    """Proven to fail every time: never try again."""


class Gone(Permanent):
    """Nothing will reach this address, whatever is said to it: it has shut us out, or is not there. Proven by the network."""


class Credentials(Problem):
    """Somebody refused our proof of identity: stop, a person must act before another try makes it worse."""


class Throttled(Temporary):
    """The other side said for how long it takes nothing more from us here: the fact `seconds`. Others are not concerned."""

    @property
    def seconds(self) -> float:
        """How long to wait at least; 0 where it was not told."""
        told = self.facts.get("seconds", 0)
        return float(told) if isinstance(told, int | float) else 0.0


class Unreachable(Temporary):
    """The other side could not be reached, or went away in the middle."""


class LockedOut(Credentials):
    """The other side has shut us out: no try at all until a person says so."""


class Unreadable(Problem):
    """A raw that cannot be parsed; its arrival goes to quarantine."""


class Misconfigured(Problem):
    """A key of the config or a file of the site is wrong; `where` names it ("config.toml: channel.support.imap.host")."""

    def __init__(self, key: str, /, *, where: str, **facts: object) -> None:
        super().__init__(key, where=where, **facts)
