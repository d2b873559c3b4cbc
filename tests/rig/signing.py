"""Private keys for DKIM, made by openssl as an operator makes them, and a DNS that knows one record."""

import subprocess
from collections.abc import Callable

import dkim

from channels.email.signing_keys import key_of

RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
ED25519 = ("-algorithm", "ed25519")


def private_key(*kind: str) -> str:
    """A fresh private key as PEM."""
    made = subprocess.run(["openssl", "genpkey", *kind], check=True, capture_output=True, timeout=60)
    return made.stdout.decode("ascii")


def published(pem: str, name: str) -> Callable[..., bytes]:
    """A look-up for dkimpy that knows the record of this key under that name, and nothing else."""
    record = key_of(pem).record().encode()

    def look_up(asked: bytes, timeout: float = 5) -> bytes:
        return record if asked.rstrip(b".").decode() == name else b""

    return look_up


def verifies(mail: bytes, look_up: Callable[..., bytes]) -> bool:
    """Whether dkimpy, which knows nothing of our signer, takes the first signature."""
    return bool(dkim.verify(mail, dnsfunc=look_up))
