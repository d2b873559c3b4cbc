"""The instruments tell the truth: memory and time of a process family, and the instant of a push."""

import socket
import subprocess
import sys
import threading
import time

from bench.footprint import alive, counted_once_mb, cpu_seconds, family, resident_mb, watched
from bench.tap import Tap

GROWS = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "b = bytearray(b'x') * (50 << 20); print('grown', flush=True); input()"],
                         stdin=subprocess.PIPE)
input()
child.communicate(b"\\n")
"""


def test_the_footprint_counts_children_and_keeps_the_peak() -> None:
    with subprocess.Popen([sys.executable, "-c", GROWS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with watched(process.pid) as peak:
            assert process.stdout.readline() == b"grown\n"
        assert len(family(process.pid)) == 2
        assert 50 < counted_once_mb(process.pid) < resident_mb(process.pid), "both run the same Python"
        assert cpu_seconds(process.pid) > 0
        assert alive(process.pid)
        process.stdin.write(b"\n")
    assert 50 < peak.mb < 150
    assert not alive(process.pid)
    assert cpu_seconds(process.pid) == 0


BUSY = """
import os, sys, time
while time.process_time() < 0.3:
    sum(range(1000))
print(sum(os.times()[:4]), flush=True)
sys.stdin.read()
"""


def test_a_process_has_used_the_time_that_it_says_itself() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", BUSY], stdin=pipe, stdout=pipe, text=True) as busy:
        assert busy.stdout is not None
        said = float(busy.stdout.readline())
        assert abs(cpu_seconds(busy.pid) - said) < 0.05


def test_the_tap_hands_bytes_on_and_notes_when_new_mail_was_announced() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    with server, Tap(*server.getsockname()) as tap, socket.create_connection(("127.0.0.1", tap.port)) as client:
        behind, _ = server.accept()
        client.sendall(b"a IDLE\r\n")
        assert behind.recv(100) == b"a IDLE\r\n"
        before = time.time()
        behind.sendall(b"* 7 EXISTS\r\n")
        assert client.recv(100) == b"* 7 EXISTS\r\n"
        after = time.time()
        behind.sendall(b"* OK Still here\r\n")
        assert client.recv(100) == b"* OK Still here\r\n"
        pushed = tap.push_between(before, after)
        assert pushed is not None
        assert tap.push_between(after, after + 60) is None
        assert tap.push_between(before - 60, before) is None
        behind.close()
        assert client.recv(100) == b""


def test_the_tap_ends_what_it_opened() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    with server, Tap(*server.getsockname()) as tap:
        client = socket.create_connection(("127.0.0.1", tap.port))
        behind, _ = server.accept()
    assert client.recv(1) == behind.recv(1) == b""
    assert not [thread for thread in threading.enumerate() if thread.name == "tap"]
    client.close()
    behind.close()
