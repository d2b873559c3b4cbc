"""A DKIM key as people keep it (PEM): what it signs with, and the record that others have to find in the DNS."""

import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from dkim.asn1 import ASN1FormatError
from dkim.crypto import RSASSA_PKCS1_v1_5_sign, UnparsableKeyError, parse_private_key
from nacl.signing import SigningKey as Ed25519

SHORTEST = 1024
"""Bits of an RSA key that others take at all (RFC 8301, 3.2)."""
SOUND = 2048
"""Bits that an RSA key should have (RFC 8301, 3.2)."""
_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----(.+?)-----END", re.DOTALL)
_ED25519 = bytes.fromhex("302e020100300506032b657004220420")  # PKCS #8 around 32 bytes of seed (RFC 8410, 7)
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")  # rsaEncryption, NULL (RFC 3279, 2.3.1)


class BadKey(ValueError):
    """The text holds no private key that mail can be signed with; `bits`: it does, and a key so short is taken by nobody."""

    def __init__(self, bits: int = 0) -> None:
        super().__init__()
        self.bits = bits


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One private key. `sign` takes what is to be signed, hashes it with SHA-256, and always gives the same signature."""

    algorithm: Literal["rsa", "ed25519"]
    bits: int
    public: str
    """The public half as the record has it, in base64."""
    sign: Callable[[bytes], bytes] = field(repr=False)

    def record(self) -> str:
        """The text of the TXT record (RFC 6376, 3.6.1; RFC 8463, 4)."""
        return f"v=DKIM1; k={self.algorithm}; p={self.public}"


def key_of(pem: str) -> SigningKey:
    """The key in a PEM file, as `openssl genpkey` writes it. Raises BadKey; nothing of the key is in its words."""
    found = _PEM.search(pem)
    if found is None:
        raise BadKey
    try:
        der = binascii.a2b_base64("".join(found[1].split()), strict_mode=True)
    except ValueError:
        raise BadKey from None
    return _ed25519(der[len(_ED25519) :]) if der.startswith(_ED25519) else _rsa(der)


def _ed25519(seed: bytes) -> SigningKey:
    if len(seed) != 32:
        raise BadKey
    key = Ed25519(seed)
    return SigningKey(
        "ed25519", 256, _base64(bytes(key.verify_key)), lambda said: key.sign(hashlib.sha256(said).digest()).signature
    )


def _rsa(der: bytes) -> SigningKey:
    try:
        key: dict[str, Any] = parse_private_key(der)
    except (ASN1FormatError, UnparsableKeyError, IndexError, ValueError, TypeError):
        raise BadKey from None
    modulus, bits = key["modulus"], key["modulus"].bit_length()
    if key["prime1"] * key["prime2"] != modulus:
        raise BadKey
    if bits < SHORTEST:
        raise BadKey(bits)
    public = _der(0x30, _integer(modulus) + _integer(key["publicExponent"]))
    info = _der(0x30, _RSA + _der(0x03, b"\0" + public))
    return SigningKey("rsa", bits, _base64(info), lambda said: bytes(RSASSA_PKCS1_v1_5_sign(hashlib.sha256(said), key)))


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _der(tag: int, content: bytes) -> bytes:
    """One value in DER (X.690, 8.1.3)."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _base64(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode("ascii")
