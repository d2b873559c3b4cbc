"""F19: an agent who is disabled can do nothing from the moment at which that is committed, in whichever process it was."""

import http.client

from tests.daemon.commands import Commands
from tests.daemon.sites import Shed
from tests.rig.daemon import Daemon
from tests.rig.loopback import HOST


def asked(daemon: Daemon, method: str, path: str, cookie: str = "", body: str = "") -> tuple[int, str, list[str]]:
    """Status, page and the cookies that were set."""
    connection = http.client.HTTPConnection(HOST, daemon.web, timeout=60)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    cookies = [value.partition(";")[0] for value in answer.headers.get_all("set-cookie") or []]
    page = answer.read().decode()
    connection.close()
    return answer.status, page, cookies


def entered(daemon: Daemon, link: str) -> tuple[int, list[str]]:
    """What the button of a one-time link answers, and the cookies that it sets."""
    path = link[link.index("/login/") :]
    _, page, cookies = asked(daemon, "GET", path)
    bound = page.split('name="bound" value="')[1].split('"')[0]
    status, _, given = asked(daemon, "POST", path, "; ".join(cookies), f"bound={bound}")
    return status, given


def link_of(daemon: Daemon, handle: str) -> str:
    link: str = Commands(daemon.site).json("login", "--as", handle)["link"]
    return link


def signed_in(daemon: Daemon, handle: str) -> str:
    """The cookie of an agent who came by a one-time link."""
    status, given = entered(daemon, link_of(daemon, handle))
    assert status == 303
    return next(one for one in given if one.startswith("inbox_session=") and not one.endswith("="))


def test_f19_an_agent_disabled_from_another_process_is_signed_out_at_the_next_request(sites: Shed) -> None:
    daemon = sites.site(more="").start()
    inbox = Commands(daemon.site)
    for handle in ("mina", "reza"):
        assert inbox("agents", "add", handle, "--name", handle.title()).code == 0
    mina, reza, unused = signed_in(daemon, "mina"), signed_in(daemon, "reza"), link_of(daemon, "mina")
    assert asked(daemon, "GET", "/", mina)[0] == 200
    assert inbox("agents", "disable", "mina").code == 0
    assert asked(daemon, "GET", "/", mina)[0] == 403, "the very next request, with nothing to wait for"
    assert asked(daemon, "GET", "/", reza)[0] == 200
    assert entered(daemon, unused)[0] == 403, "nor does a link that was made before help"
    assert inbox("agents", "add", "mina").code == 0
    assert asked(daemon, "GET", "/", mina)[0] == 403, "whoever comes back comes in anew"
    assert asked(daemon, "GET", "/", signed_in(daemon, "mina"))[0] == 200
