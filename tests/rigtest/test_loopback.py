"""Ports that are handed out belong to whoever asked, also while nobody listens there yet."""

import random
import socket

import pytest

from tests.rig.loopback import HOST, free_port, free_ports, listens


def test_nobody_listens_on_a_free_port_and_no_outgoing_connection_is_given_it() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert not any(listens(port) for port in ports)
    assert all(20_000 <= port < 32_768 for port in ports)


def test_a_server_may_listen_on_it() -> None:
    with socket.create_server((HOST, free_port())) as server:
        assert listens(server.getsockname()[1])


def test_no_other_search_finds_it_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr(random.SystemRandom, "randint", lambda *_: port)
    with pytest.raises(RuntimeError, match="no free port"):
        free_port()
