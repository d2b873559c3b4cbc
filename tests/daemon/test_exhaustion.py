"""A daemon that runs out of files: it takes nothing that it cannot keep, stays up, and goes on when there are some again."""

import resource
from pathlib import Path

from bench.workload import Kind, build
from tests.daemon.books import books
from tests.daemon.sites import MailChannel, Shed, listener, smtp
from tests.daemon.test_full_disk import offered
from tests.rig.loopback import free_port
from tests.rig.smtp_sink import SmtpSink
from tests.rig.wait import until


def test_h4_without_a_file_left_nothing_is_taken_and_afterwards_it_goes_on(sites: Shed, smtp_sink: SmtpSink) -> None:
    port = free_port()
    daemon = sites.site(MailChannel(intake=listener(port), outgoing=smtp(smtp_sink.port))).start()
    mails = [mail for mail in build(60, 9) if mail.kind is Kind.NEW][:6]
    assert offered(port, mails[0])
    before = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
    opened = len(list(Path(f"/proc/{daemon.pid}/fd").iterdir()))
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (max(8, opened - 4), before[1]))
    assert [offered(port, mail) for mail in mails[1:4]] == [False] * 3
    assert daemon.running
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, before)
    until(lambda: offered(port, mails[4]), within=60, every=0.2, what="mail is taken again")
    assert offered(port, mails[1])
    with books(daemon.site) as store:
        until(lambda: not store.busy() and store.judged() >= 3, within=90, what="all is answered")
        assert set(store.inbound()) == {mails[n].message_id for n in (0, 1, 4)}
    assert daemon.ready()
