"""A site with one of everything that customers can be sent to: articles of all audiences, matters with files, letters with links."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from inbox.blobs import Blobs
from inbox.domain.acts import By
from inbox.domain.articles import About, Audience, Words
from inbox.domain.conversations import State
from inbox.domain.events import Actor, StateSet
from inbox.domain.ids import ConversationId
from inbox.domain.ratings import Survey
from inbox.pipeline import articles as verbs
from inbox.pipeline import mailing, one_matter, survey_links
from inbox.pipeline.articles import Editor
from inbox.pipeline.playbook import Surveys
from inbox.pipeline.survey import survey_due
from inbox.pipeline.turn import Turn
from inbox.rulebook.load import load
from inbox.store import conversations, entry, notifications, persons, surveys
from inbox.store import tables as t
from inbox.store.unit import Unit
from inbox.web.session import digest
from tests.web.asking import Visitor
from tests.web.portals import LENA, SECRET, Place, asked, portal_of
from tests.web.rulebooks import NAMES
from tests.web.sites import NOW, OMID, Site

OWNER = Editor(By("owner"), leads=True)
HIDDEN = "what nobody outside may read"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)
HERE = "https://help.acme.example"
ACME = "acme"
_RULES = {"rules/90.toml": '[[rule]]\nname = "all"\nthen.acknowledgement = "acknowledgement"\n'}


@dataclass
class Whole(Place):
    """The site; `blobs` hold the files of articles and of messages."""

    blobs: Blobs = Blobs(Path())

    def visitor(self) -> Visitor:
        """A browser."""
        return Visitor(self.site.app(playbook=lambda: self.book, blobs=self.blobs))

    def path(self, url: str) -> str:
        """An address of ours without its host."""
        return url.removeprefix(HERE)

    def matter(self, reference: str) -> ConversationId:
        """Its number."""
        found = self.site.store.read_now(conversations.by_reference, reference)
        assert found is not None
        return found

    def enclose(self, reference: str, content: bytes = PICTURE) -> int:
        """The first message of a matter has a file; its number."""
        stored = self.blobs.put(content)

        def unit(unit: Unit) -> int:
            unit.insert_new(t.blob, digest=stored, size=len(content), stored_at=NOW)
            m = t.message.c
            said = unit.execute(sa.select(sa.func.min(m.id)).where(m.conversation_id == self.matter(reference)))
            row = {"message_id": said.scalar_one(), "size": len(content), "start": 0, "length": 0}
            id = unit.insert(t.attachment, **row, filename="plan.png", content_type="image/png")
            unit.add(t.collecting, {"attachment_id": id, "channel": "support", "not_before": None, "blob": stored})
            return int(id)

        return self.site.store.write_now(unit)

    def done(self, reference: str) -> ConversationId:
        """One of us answered and called it done; asked about in the next hours."""

        def unit(unit: Unit) -> ConversationId:
            id = self.matter(reference)
            unit.execute(sa.update(t.conversation).where(t.conversation.c.id == id).values(replied_at=NOW))
            turn = Turn.of(unit, id, "web", self.book.terms, self.site.clock.now())
            turn.tell(StateSet("state_set", State.DONE.value), Actor("agent", OMID, "Omid"))
            turn.close()
            return id

        return self.site.store.write_now(unit)

    def ask(self, reference: str, kind: Survey = Survey.CSAT) -> str:
        """The path of a survey's link in that matter."""
        now = self.site.clock.now()

        def unit(unit: Unit) -> str:
            matter = conversations.load(unit, self.matter(reference))
            id = surveys.add(unit, kind, matter)
            if id is not None:
                surveys.ask(unit, id, matter, "support", now, now + timedelta(days=14))
            one = surveys.of(unit, kind, matter.id)
            assert one is not None
            return survey_links.link(one, now + timedelta(days=14), self.book)

        return self.path(self.site.store.write_now(unit))

    def alone(self, reference: str) -> str:
        """The path of the link that opens that matter."""

        def unit(unit: Unit) -> str:
            one = conversations.peek(unit, self.matter(reference))
            return one_matter.link(one.id, one.contact, self.book, self.site.clock.now())

        return self.path(self.site.store.read_now(unit))

    def belongs(self, address: str, organization: str) -> None:
        """The contact of an address is of an organization."""

        def unit(unit: Unit) -> None:
            whose = persons.organization_of(unit, organization)
            theirs = sa.select(t.identity.c.contact_id).where(t.identity.c.address == address).scalar_subquery()
            unit.execute(sa.update(t.contact).where(t.contact.c.id == theirs).values(organization_id=whose))

        self.site.store.write_now(unit)


def whole_of(site: Site, folder: Path) -> Whole:
    """Articles are there from the beginning; whoever writes is acknowledged, and asked how it went."""
    place = portal_of(site)
    told = Surveys(csat=True, nps=True, nps_quiet=timedelta(0))
    book = replace(
        place.book,
        rulebook=load(_RULES, replace(NAMES, templates={"acknowledgement": frozenset({"en", "fa"})})),
        surveys=told,
        secret=b"s" * 32,
    )
    made = Whole(site, book, blobs=Blobs(folder / "blobs"))
    site.store.write_now(_articles, made.blobs)
    return made


def _articles(unit: Unit, blobs: Blobs) -> None:
    unit.execute(sa.update(t.agent).where(t.agent.c.id == OMID).values(address="omid@acme.example"))
    picture, page = blobs.put(PICTURE), blobs.put(b"<script>alert(1)</script>")
    for slug, audience, organization in (
        ("refunds", Audience.PUBLIC, ""),
        ("hours", Audience.PUBLIC, ""),
        ("gone", Audience.PUBLIC, ""),
        ("draft", Audience.PUBLIC, ""),
        ("inside", Audience.AGENTS, ""),
        (ACME, Audience.ORGANIZATION, "Acme"),
    ):
        words = (
            HIDDEN
            if slug not in ("refunds", "hours")
            else "Ten days: [hours](article:old-hours), [in](article:inside)."
        )
        body = f"{words}\n\n![plan](files/plan.png)\n\n[page](files/page.html)\n\n# A\n\n# B\n\n# C\n"
        made = verbs.create(
            unit,
            OWNER,
            About(f"old-{slug}", "billing", audience, organization),
            "en",
            Words(f"Title of {slug}", body),
            NOW,
        )
        verbs.change(unit, OWNER, made.id, replace(made.about, slug=slug), NOW)
        for name, stored, size in (("plan.png", picture, 28), ("page.html", page, 25)):
            verbs.put_file(unit, OWNER, made.id, name, stored, size, NOW)
        if slug == "refunds":
            verbs.save(unit, OWNER, made.id, "fa", Words("بازگشت وجه", "ده روز."), NOW)
            verbs.publish(unit, OWNER, made.id, "fa", NOW)
        if slug != "draft":
            verbs.publish(unit, OWNER, made.id, "en", NOW)
        if slug == "gone":
            verbs.withdraw(unit, OWNER, made.id, "en", NOW)


async def with_letters(place: Whole) -> str:
    """All kinds of letters have gone out: acknowledgement, entrance by mail and by chat, both surveys, a notice to an agent; the
    reference of the matter they are about. Links for agents stand in `agents_links`."""
    reference = place.mail(LENA, SECRET, authentication="pass")
    place.enclose(reference)
    place.belongs(LENA, "Acme")
    await asked(place.visitor(), LENA)
    place.chat("Hello")
    place.chat("/portal")
    place.done(reference)
    store = place.site.store
    store.write_now(_called, place.matter(reference))
    place.site.clock.advance(timedelta(hours=2))
    store.write_now(survey_due, place.book, place.site.clock.now())
    store.write_now(survey_due, place.book, place.site.clock.now())
    store.write_now(mailing.mail_due, place.book, place.site.clock.now())
    return reference


def _called(unit: Unit, matter: ConversationId) -> None:
    notifications.add(unit, [OMID], matter, None, "assigned", "", NOW)
    unit.execute(sa.update(t.notification).values(mail_at=NOW))


def agents_links(place: Whole) -> list[str]:
    """Those by which agents come in: a session, a first password."""
    now = place.site.clock.now()
    place.site.store.write_now(entry.add_pass, "invite", digest("a-first-password"), OMID, now)
    return [place.site.link("an-agents-link", OMID), "/password/a-first-password"]
