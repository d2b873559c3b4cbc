"""An S3-style store on loopback that forgets everything at its end; it takes any key until it is told to look."""

import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.rig.loopback import HOST, free_port
from tests.rig.wait import until

TABLE = """
[blobs]
kind = "bucket"
bucket = "{bucket}"
endpoint = "{endpoint}"
key = {{ {key} }}
secret = {{ {secret} }}
"""


def table(bucket: str, endpoint: str, key: str, secret: str) -> str:
    """The part of a config that names a bucket. `key`, `secret`: where they come from, as in `env = "NAME"`."""
    return TABLE.format(bucket=bucket, endpoint=endpoint, key=key, secret=secret)


class S3:
    """One running server."""

    def __init__(self, folder: Path) -> None:
        self.host, self.port = HOST, free_port()
        self._log = folder / "s3.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    def start(self) -> "S3":
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "moto.server", "-H", self.host, "-p", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(self._answers, within=60, what=f"the S3 server answers, see {self._log}")
        return self

    def bucket(self, name: str) -> str:
        """Make an empty bucket; its name."""
        self._ask("PUT", f"/{name}")
        return name

    def put(self, path: str, content: bytes) -> None:
        """Lay bytes under a name, as somebody else may."""
        self._ask("PUT", f"/{path}", content)

    def look_at_keys(self) -> None:
        """From now on only keys that it knows are let in: it knows none."""
        self._ask("POST", "/moto-api/reset-auth", b"0")

    def let_in(self) -> None:
        """Everybody is let in again."""
        self._ask("POST", "/moto-api/reset-auth", b"1000000000")

    def close(self) -> None:
        """End."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"the S3 server ended: {self._log.read_text()}")
        try:
            self._ask("GET", "/moto-api/")
        except OSError:
            return False
        return True

    def _ask(self, method: str, path: str, content: bytes | None = None) -> None:
        request = urllib.request.Request(f"{self.endpoint}{path}", data=content, method=method)
        request.add_header("Content-Type", "application/octet-stream")
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()
