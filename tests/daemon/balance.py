"""What was offered by mail, against what a store holds and what a server took: for tests in which a daemon is killed."""

from collections import Counter
from collections.abc import Sequence

from bench.workload import Expected, Kind, Mail
from tests.daemon.books import Books
from tests.daemon.post import read
from tests.rig.smtp_sink import Accepted

SPOKEN = (Kind.NEW, Kind.REPLY, Kind.AUTOMATIC)
"""Mail that becomes a message of a conversation."""


def mail_violations(mails: Sequence[Mail], store: Books, accepted: Sequence[Accepted]) -> list[str]:
    """What was lost, doubled or sent twice on the channel `support`, and what is neither sent nor told as unknown."""
    return [*_stored(mails, store), *_acknowledged(mails, store, accepted), *_sent(store, accepted)]


def _stored(mails: Sequence[Mail], store: Books) -> list[str]:
    """Each mail once, in the one conversation of its matter."""
    expected = Expected.of(mail.kind for mail in mails)
    rows = store.rows("SELECT verdict, count(*) FROM arrival WHERE channel = 'support' GROUP BY verdict")
    verdicts = Counter({str(verdict): int(count) for verdict, count in rows})
    found: list[str] = []
    if verdicts.total() != expected.mails or verdicts["duplicate"] != expected.duplicates:
        found.append(
            f"I1/I2 {expected.mails} mails, {expected.duplicates} of them twice, and the verdicts are {verdicts}"
        )
    inbound = {key: reference for key, reference in store.inbound().items() if key.startswith("<")}
    spoken = {mail.message_id: mail.conversation for mail in mails if mail.kind in SPOKEN}
    found += [f"I1 lost: {key}" for key in set(spoken) - set(inbound)]
    found += [f"I2 nobody wrote it: {key}" for key in set(inbound) - set(spoken)]
    places = {(matter, inbound.get(key)) for key, matter in spoken.items()}
    if not len(places) == len({place for _, place in places}) == expected.conversations:
        found.append(f"I2 {expected.conversations} matters are spread over {sorted(map(str, places))}")
    return found


def _acknowledged(mails: Sequence[Mail], store: Books, accepted: Sequence[Accepted]) -> list[str]:
    """Each new matter once, by the server's own account, and nothing else."""
    opened = {mail.message_id for mail in mails if mail.kind is Kind.NEW}
    automatic = [read(one.raw) for one in accepted if b"\r\nAuto-Submitted:" in one.raw]
    times = Counter(str(one["In-Reply-To"]) for one in automatic)
    found = [f"I3 acknowledged {n} times: {key}" for key, n in times.items() if n > 1]
    found += [f"I3 acknowledged, and nobody began it: {key}" for key in set(times) - opened]
    owed = store.count("SELECT count(*) FROM delivery WHERE channel = 'support' AND purpose = 'acknowledgement'")
    if owed != len(opened):
        found.append(f"I1/I2 {len(opened)} acknowledgements are owed, and there are {owed}")
    return found


def _sent(store: Books, accepted: Sequence[Accepted]) -> list[str]:
    """What is stored as sent was taken, what was taken is stored so or as unknown, and all of it once."""
    rows = store.rows(
        "SELECT key, state, repeated, purpose, conversation_id FROM delivery "
        "WHERE channel = 'support' AND conversation_id IS NOT NULL"
    )
    answered = {row[4] for row in rows if row[3] == "reply"}
    states = {str(row[0]): str(row[1]) for row in rows}
    repeated = {str(row[0]) for row in rows if row[2]}
    taken = Counter(str(one.message_id) for one in accepted)
    found = [f"I3 sent blindly {n} times: {key}" for key, n in taken.items() if n > 1 and key not in repeated]
    found += [
        f"I3 taken, and stored as {states.get(key)}: {key}"
        for key in taken
        if states.get(key) not in ("sent", "unknown")
    ]
    found += [
        f"I3 stored as sent, and never taken: {key}" for key in states if states[key] == "sent" and key not in taken
    ]
    for key, state, _, purpose, conversation in rows:
        overtaken = state == "dropped" and purpose == "acknowledgement" and conversation in answered
        if state not in ("sent", "unknown") and not overtaken:
            found.append(f"I4 a delivery is {state}: {key}")
    return found
