"""A certificate authority of our own, so that the tests speak real TLS with verified names."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.rig import unprivileged


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, both PEM files readable by private servers."""

    cert: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """What a TLS server on loopback needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


class Authority:
    """Signs certificates; `file` is the PEM that a client must trust."""

    def __init__(self) -> None:
        self.folder = unprivileged.folder("authority")
        self.file = self.folder / "authority.pem"
        self._key = self.folder / "authority-key.pem"
        self._sign(
            self.file,
            self._key,
            "/CN=Inbox test authority",
            ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"],
        )

    def issue(self, name: str = "localhost", *, days: int = 30) -> Certificate:
        """A certificate for `name` and, when that is localhost, for 127.0.0.1 too; `days` below 1 is already expired."""
        made = Certificate(self.folder / f"{name}-{days}.pem", self.folder / f"{name}-{days}-key.pem")
        names = "DNS:localhost,IP:127.0.0.1" if name == "localhost" else f"DNS:{name}"
        extensions = [f"subjectAltName={names}", "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth"]
        signer = ["-CA", str(self.file), "-CAkey", str(self._key)]
        self._sign(made.cert, made.key, f"/CN={name}", extensions, [*signer, "-days", str(days)])
        return made

    def client_context(self) -> ssl.SSLContext:
        """A client's context that trusts this authority and nobody else."""
        return ssl.create_default_context(cafile=str(self.file))

    def close(self) -> None:
        """Forget keys and certificates."""
        unprivileged.remove(self.folder)

    def _sign(self, cert: Path, key: Path, subject: str, extensions: list[str], more: list[str] | None = None) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", subject]
        command += ["-out", str(cert), "-keyout", str(key), *(more or ["-days", "30"])]
        for extension in extensions:
            command += ["-addext", extension]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        unprivileged.give(cert)
        unprivileged.give(key)
