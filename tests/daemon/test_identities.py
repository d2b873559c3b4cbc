"""One contact on a bot and by mail, in a running daemon: proved by a code, answered over the other channel, and gone from the
first one."""

import re
import smtplib
from pathlib import Path

from bench.letters import SUPPORT
from tests.daemon.books import Books
from tests.daemon.commands import Commands
from tests.daemon.post import read
from tests.daemon.sites import UNBRAKED, MailChannel, Shed, listener, smtp
from tests.daemon.test_bots import CHANNEL
from tests.rig.bot_api import TOKEN, BotApi
from tests.rig.bot_manners import TELEGRAM
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until

LENA = "lena@customer.test"


def test_a_conversation_goes_from_a_bot_to_mail_and_back_into_itself(
    sites: Shed, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    network = BotApi(tmp_path / "network", TELEGRAM).start()
    port = free_port()
    mail = MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port))
    bot = CHANNEL.format(kind="telegram", api=network.base, file=network.file_base) + 'continues_on = "support"\n'
    daemon = sites.site(mail, more=UNBRAKED + bot)
    (daemon.site / "bot-token").write_text(TOKEN)
    (daemon.site / "bot-token").chmod(0o600)
    try:
        daemon.start()
        books, inbox = Books.of(daemon.site), Commands(daemon.site)
        assert inbox("agents", "add", "reza", "--name", "Reza", "--address", "reza@desk.test").code == 0
        network.write("My order is late, please write to " + LENA)
        network.wait_for(1, "sendMessage")
        (reference,) = books.references()

        refused = inbox("reply", reference, "Here.", "--as", "reza", "--over", f"email:{LENA}")
        assert refused.code != 0
        asked = inbox("contacts", "prove", reference, LENA, "--as", "reza")
        assert asked.code == 0, asked
        until(lambda: len(smtp_sink.accepted) == 1, what="the code is mailed")
        code = _code(smtp_sink.accepted[0].raw)
        assert code not in inbox("show", reference, "--why").out
        network.write(code)
        network.wait_for(2, "sendMessage")
        assert books.verdicts() == {"accepted": 2}
        shown = inbox("show", reference).out
        assert f"email:{LENA}" in shown

        assert inbox("reply", reference, "By mail, then.", "--as", "reza", "--over", f"email:{LENA}").code == 0
        until(lambda: len(smtp_sink.accepted) == 2, what="the answer is mailed")
        ours = read(smtp_sink.accepted[1].raw)
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail(LENA, [SUPPORT], _answer(ours["Message-ID"]))
        until(lambda: books.verdicts()["accepted"] == 3, what="the customer's mail is received")
        assert books.references() == [reference], "it came back into the same conversation"

        network.refuses("sendMessage", 403, "Forbidden: bot was blocked by the user")
        assert inbox("reply", reference, "In the chat?", "--as", "reza", "--over", "bot").code == 0
        until(lambda: books.deliveries()["failed"] == 1, what="the chat is found shut")
        told = inbox("outbox", "--state", "failed").out
        assert f"inbox reply {reference} --over email:{LENA}" in told
        routes = inbox.json("show", reference)["routes"]
        assert [(one["name"], one["why"]) for one in routes if one["default"]] == [(f"email:{LENA}", "")]
        assert daemon.stop() == 0
        assert code not in daemon.words()
    finally:
        network.close()


def _code(raw: bytes) -> str:
    plain = read(raw).get_body(("plain",))
    assert plain is not None
    (found,) = re.findall(r"^\d{6}\r?$", plain.get_content(), re.MULTILINE)
    return str(found).strip()


def _answer(about: str) -> bytes:
    """By a reference alone: they take part."""
    head = f"From: Lena <{LENA}>\r\nTo: {SUPPORT}\r\nSubject: Re: yes\r\nMessage-ID: <back@customer.test>\r\n"
    return f"{head}In-Reply-To: {about}\r\nReferences: {about}\r\n\r\nThank you.\r\n".encode()
