"""F19: an agent who is disabled can do nothing from the moment at which that is committed, in whichever process it was."""

import http.client

from tests.daemon.sites import Shed
from tests.rig.daemon import Daemon
from tests.rig.loopback import HOST
from tests.rig.wait import until


def asked(daemon: Daemon, method: str, path: str, cookie: str = "", body: str = "") -> tuple[int, str, list[str]]:
    """Status, page and the cookies that were set."""
    connection = http.client.HTTPConnection(HOST, daemon.web, timeout=10)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    cookies = [value.partition(";")[0] for value in answer.headers.get_all("set-cookie") or []]
    page = answer.read().decode()
    connection.close()
    return answer.status, page, cookies


def signed_in(daemon: Daemon, handle: str) -> str:
    """The cookie of an agent who came by a one-time link."""
    link = daemon.cli("login", "--as", handle, "--format", "json").json()["link"]
    path = link[link.index("/login/") :]
    _, page, cookies = asked(daemon, "GET", path)
    token = page.split('name="form_token" value="')[1].split('"')[0]
    status, _, given = asked(daemon, "POST", path, "; ".join(cookies), f"form_token={token}")
    assert status == 303
    return next(one for one in given if one.startswith("inbox_session=") and not one.endswith("="))


def test_f19_an_agent_disabled_from_another_process_is_signed_out_at_the_next_request(sites: Shed) -> None:
    daemon = sites.site(more="").start()
    for handle in ("mina", "reza"):
        assert daemon.cli("agents", "add", handle, "--name", handle.title()).code == 0
    mina, reza = signed_in(daemon, "mina"), signed_in(daemon, "reza")
    unused = daemon.cli("login", "--as", "mina", "--format", "json").json()["link"]
    assert asked(daemon, "GET", "/", mina)[0] == 200
    assert daemon.cli("agents", "disable", "mina").code == 0
    assert asked(daemon, "GET", "/", mina)[0] == 403, "the very next request, with nothing to wait for"
    assert asked(daemon, "GET", "/", reza)[0] == 200
    path = unused[unused.index("/login/") :]
    _, page, cookies = asked(daemon, "GET", path)
    token = page.split('name="form_token" value="')[1].split('"')[0] if "form_token" in page else ""
    assert asked(daemon, "POST", path, "; ".join(cookies), f"form_token={token}")[0] != 303, "nor does an old link help"
    assert daemon.cli("done", "AAAA", "--as", "mina").code != 0
    assert daemon.cli("agents", "add", "mina").code == 0
    until(lambda: asked(daemon, "GET", "/", signed_in(daemon, "mina"))[0] == 200, what="back again, by a new link")
