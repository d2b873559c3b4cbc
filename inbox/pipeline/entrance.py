"""The customers' entrance: a link and a code go to an address at which somebody has written to us, and either lets in whoever
reads what is sent there.

The laws: nothing is sent to an address that never wrote; a link is good once, a code once, in the browser that asked for it and for
five guesses; either for half an hour. Who asks learns nothing of whether an address is known. In a chat no browser has asked: the code
that is sent there is good in any, and long (50 bits).
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.entropy import base32
from inbox.domain.events import Actor, Noticed
from inbox.domain.facts import SignInFacts
from inbox.domain.happenings import Address, InboundMessage
from inbox.domain.ids import ConversationId, NetworkKey
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact, Identity
from inbox.pipeline.budget import budget
from inbox.pipeline.link import By, link
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.prove import plain
from inbox.pipeline.proved import ours
from inbox.pipeline.routes import canonical
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn
from inbox.store import conversations, links, people, visiting
from inbox.store.unit import Unit
from inbox.text.fold import latin_digits, squeeze

LASTS = timedelta(minutes=30)
GUESSES = 5
ASKED = frozenset(map(squeeze, ("/portal", "/requests", "my requests", "درخواست‌های من", "پیگیری درخواست")))
"""What customers write in a chat to see what is theirs."""
_LONG = re.compile(r"([a-z2-7]{5})[-\s]?([a-z2-7]{5})")
UNANSWERED = 5
"""Letters to one address within a day that nobody uses: what is beyond stays unsent."""


def write_to(
    unit: Unit, typed: str, browser: str, language: str, portal: Speaker, playbook: Playbook, now: datetime
) -> bool:
    """A letter to that address, if somebody wrote to us from there; whether one goes out, which nobody outside may learn.
    `browser`: the digest of what the browser was given, in which the code is good."""
    known = _known(unit, typed, playbook, now)
    matter = None if known is None else _newest(unit, known[1])
    if known is None or matter is None:
        return False
    over, contact, identity = known
    turn = Turn(unit, conversations.present(unit, matter), portal.name, playbook.terms, now)
    left = budget(turn, Address(""), over, playbook)
    if _often(unit, identity, now) or left.reason or left.wait:
        return False
    name = contact.name if identity.verified_at is not None else ""  # else anybody may have chosen it
    to = Answered(NetworkKey(""), None, Address(identity.address, name), ())
    _send(turn, (contact, identity), browser, language, to, over, portal, playbook)
    turn.close()
    return True


def asked_in_chat(
    unit: Unit,
    said: InboundMessage,
    known: tuple[Contact, Identity] | None,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
) -> Judged | None:
    """Somebody asks for their requests in a chat whose network knows who they are: link and code go there, and it is no message.
    None for anything else, and on a site without a portal that can be found."""
    portal, traits = playbook.portal, speaker.codec.traits
    if portal is None or not playbook.public_url or traits.subject or traits.live or not traits.certain_sender:
        return None
    if known is None or said.attachments or squeeze(said.reply_text or said.text) not in ASKED:
        return None
    matter = conversations.latest_of(unit, known[1].id)
    if matter is None or not said.thread or _often(unit, known[1], now):
        return None
    turn = Turn(unit, conversations.present(unit, matter), speaker.name, playbook.terms, now)
    thread = conversations.put_thread(unit, speaker.name, said.thread, turn.conversation.id)
    to = Answered(said.key, thread, Address(said.sender.address), ())
    language = turn.conversation.language or known[0].language or playbook.language
    _send(turn, known, "", language, to, speaker, portal, playbook)
    turn.close()
    return Judged(Verdict.ACCEPTED, "sign-in")


def by_code(
    unit: Unit, browser: str, code: str, session: str, portal: Speaker, playbook: Playbook, now: datetime
) -> bool:
    """The code that somebody typed in that browser: the right one begins a session, `session` being its digest."""
    long = _long(code)
    letter = visiting.letter_of(unit, _digest("code", long) if long else browser, now)
    if letter is None or letter.guesses >= GUESSES:
        return False
    if not hmac.compare_digest(_digest(letter.salt, long or plain(code)), letter.code):
        visiting.guessed(unit, letter)
        return False
    return _in(unit, letter, session, portal, playbook, now)


def by_link(unit: Unit, token: str, session: str, portal: Speaker, playbook: Playbook, now: datetime) -> bool:
    """The link of a letter was followed, and the button under it pressed."""
    letter = visiting.letter_by_link(unit, _digest("link", token), now)
    return letter is not None and _in(unit, letter, session, portal, playbook, now)


def named(identity: Identity) -> Address:
    """An address as the portal names whoever has it."""
    return Address(identity.name_in_full, identity.name)


def settle(unit: Unit, customer: visiting.Customer, portal: Speaker, playbook: Playbook, now: datetime) -> None:
    """What they write on the portal is theirs: its own name of them is one of the addresses of that contact, wherever the address
    that they came in by has gone since."""
    contact, identity = customer.contact, customer.identity
    there = named(identity)
    known = people.known(unit, portal.kind, there.address)
    if known is None:
        people.claim(unit, contact.id, portal.kind, there.address, there.name, now)
        known = people.known(unit, portal.kind, there.address)
    assert known is not None
    by = By(Actor("contact", contact.id, contact.name), portal.name, "proof")
    link(unit, known[1].id, contact.id, by, playbook, now, proved=True)


def mail_address(unit: Unit, typed: str, playbook: Playbook, now: datetime) -> Address | None:
    """How the portal names whoever has a mail address; None for one that cannot exist, or that is one of ours."""
    for over in playbook.channels.values():
        there = canonical(over, typed, now) if over.codec.traits.subject else None
        if there is not None and "@" in there and not ours(unit, there, playbook):
            return Address(f"{over.kind}:{there}")
    return None


def _known(unit: Unit, typed: str, playbook: Playbook, now: datetime) -> tuple[Speaker, Contact, Identity] | None:
    """Whoever has written to us from that mail address, and the channel that carries a letter there."""
    for over in playbook.channels.values():
        there = canonical(over, typed, now) if over.codec.traits.subject else None
        found = (
            None if there is None else people.known(unit, over.kind, there) or _asked(unit, over, there, playbook, now)
        )
        if found is not None:
            return over, *found
    return None


def _asked(unit: Unit, over: Speaker, there: str, playbook: Playbook, now: datetime) -> tuple[Contact, Identity] | None:
    """Whoever typed that address into the form, and never wrote from it: it is theirs as far as they say, until they prove it."""
    portal = playbook.portal
    known = None if portal is None else people.known(unit, portal.kind, f"{over.kind}:{there}")
    if known is None:
        return None
    people.claim(unit, known[0].id, over.kind, there, known[1].name, now)
    return people.known(unit, over.kind, there)


def _newest(unit: Unit, contact: Contact) -> ConversationId | None:
    """The conversation in which a letter to somebody is told."""
    ids = (conversations.latest_of(unit, one.id) for one in people.identities(unit, contact.id))
    return max((id for id in ids if id is not None), default=None)


def _often(unit: Unit, identity: Identity, now: datetime) -> bool:
    return visiting.unanswered(unit, identity.id, now - timedelta(days=1)) >= UNANSWERED


def _in(unit: Unit, letter: visiting.Letter, session: str, portal: Speaker, playbook: Playbook, now: datetime) -> bool:
    if not visiting.spend(unit, letter, now):
        return False
    links.verify(unit, letter.identity, now)
    visiting.begin(unit, session, letter.identity, now)
    customer = visiting.customer(unit, session, now)
    if customer is None:
        return False
    settle(unit, customer, portal, playbook, now)
    return True


def _send(
    turn: Turn,
    known: tuple[Contact, Identity],
    browser: str,
    language: str,
    to: Answered,
    over: Speaker,
    portal: Speaker,
    playbook: Playbook,
) -> None:
    unit, (contact, identity) = turn.unit, known
    label = f"entrance {browser}"
    code = f"{int.from_bytes(unit.entropy.draw(label)[:8]) % 1_000_000:06d}"
    if not browser:
        drawn = base32(unit.entropy.draw(label))
        code = f"{drawn[:5]}-{drawn[5:10]}"
        browser = _digest("code", _long(code))
    token, salt = unit.entropy.token(f"{label} link"), unit.entropy.token(f"{label} salt")
    facts = SignInFacts(
        language=playbook.speaks(language),
        zone=ZoneInfo(playbook.zone),
        brand=portal.brand.name,
        code=code,
        minutes=int(LASTS.total_seconds() // 60),
        link=f"{playbook.public_url}/portal/enter/{token}" if playbook.public_url else "",
    )
    rendered = playbook.templates.message("sign-in", facts.language, facts, variants=(over.name,))
    words = Words(
        purpose=Purpose.NOTICE,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        chat=rendered.chat,
        language=rendered.language,
        cause=f"sign-in {salt}",
        kept=rendered.subject,
        leads_back=False,
    )
    message = say(turn, words, to, over)
    digests = (_digest("link", token), browser, _digest(salt, _long(code) or code))
    visiting.add_letter(unit, identity.id, digests, salt, turn.now, turn.now + LASTS)
    turn.tell(Noticed("noticed", message, "sign-in", identity.address), Actor("contact", contact.id, contact.name))


def _long(code: str) -> str:
    """A code that is good in any browser, without its hyphen and in small letters; empty where it is none."""
    found = _LONG.fullmatch(latin_digits(code).strip().lower())
    return "" if found is None else found[1] + found[2]


def _digest(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt} {secret}".encode()).hexdigest()
